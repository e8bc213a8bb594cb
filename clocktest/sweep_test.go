package clocktest_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
	"github.com/carillon-go/carillon/messages"
)

func TestSweepOutcomes(t *testing.T) {
	clocktest.Run(t, clocktest.Config{Seeds: 300, Faults: clocktest.AllFaults()}, func(s *clocktest.Sim) {
		sched, err := carillon.New(s.Config())
		if err != nil {
			s.Fatalf("%v", err)
		}
		outcomes := map[string]string{}
		end := func(id string, at time.Time, how string) {
			key := fmt.Sprint(id, at.UTC())
			if was, twice := outcomes[key]; twice {
				s.Failf("%s at %v ended as %s and as %s", id, at, was, how)
			}
			outcomes[key] = how
			s.Sometimes(how, true)
		}
		sched.AddListener(func(e carillon.Event) {
			switch e := e.(type) {
			case *messages.JobExecuted:
				end(e.Run.JobID, e.Run.Scheduled, "executed")
			case *messages.JobError:
				end(e.Run.JobID, e.Run.Scheduled, "failed")
			case *messages.JobMissed:
				end(e.Run.JobID, e.Run.Scheduled, "missed")
			case *messages.JobLost:
				end(e.Run.JobID, e.Run.Scheduled, "lost")
			case *messages.JobMaxInstances:
				for _, at := range e.Scheduled {
					end(e.JobID, at, "skipped")
				}
			}
		}, messages.MaskAll)
		ctx := context.Background()
		for i := range 10 {
			for {
				_, err := sched.Every(time.Duration(i+1)*7*time.Second, func(context.Context) error { return nil }, carillon.Job{ID: fmt.Sprint("j", i), Coalesce: carillon.All})
				if err == nil {
					break
				}
			}
		}
		for tries := 0; ; tries++ {
			err := sched.Start(ctx)
			if err == nil {
				break
			}
			if tries == 50 {
				s.Fatalf("start: %v", err)
			}
		}
		if err := s.Advance(10 * time.Minute); err != nil {
			s.Fatalf("%v", err)
		}
		if err := s.Quiesce(10 * time.Minute); err != nil {
			s.Fatalf("%v", err)
		}
		for i := range 10 {
			every := time.Duration(i+1) * 7 * time.Second
			_ = every
		}
	})
}
