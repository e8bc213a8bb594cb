package clocktest_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
)

// TestManySleep has a thousand jobs sleep at a time: those that are done by then
// wake when they meant to, the others when a shutdown cancels them.
func TestManySleep(t *testing.T) {
	const jobs = 1000
	clocktest.Run(t, clocktest.Config{Seeds: 3}, func(s *clocktest.Sim) {
		sched := newScheduler(s, s.Config())
		begin := s.Now().Add(time.Minute)
		rested, woken := 0, 0
		for i := range jobs {
			takes := time.Duration(i+1) * time.Second
			_, err := sched.Every(24*time.Hour, func(ctx context.Context) error {
				err := carillon.Sleep(ctx, takes)
				switch slept := s.Now().Sub(begin); {
				case err == nil:
					rested++
					s.Always(slept == takes, "%v of sleep took %v", takes, slept)
				default:
					woken++
					s.Always(slept == 500*time.Second+time.Millisecond, "who sleeps for %v is woken after %v", takes, slept)
				}
				return err
			}, carillon.Job{ID: fmt.Sprint("job-", i), NextRunTime: begin})
			must(s, err)
		}
		must(s, sched.Start(background))
		must(s, s.Advance(time.Minute+500*time.Second+time.Millisecond))
		ctx, cancel := context.WithCancel(background)
		cancel()
		_ = sched.Shutdown(ctx)
		s.Always(rested == jobs/2 && woken == jobs/2, "%d have slept, %d were woken, want %d each", rested, woken, jobs/2)
		must(s, s.Finish(sched))
	})
}
