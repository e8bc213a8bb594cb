package actors

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carillon-go/carillon/job"
)

// When much is due at once no more is claimed than runs end, but jobs that take
// long keep no others from being started.
func TestClaimsFollowTheEnds(t *testing.T) {
	for _, test := range []struct {
		name  string
		takes time.Duration
	}{{"quick", 0}, {"long", time.Hour}} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const n = 6 * claimLimit
				var started atomic.Int64
				r := newRig(t, nil)
				do := func(ctx context.Context) error {
					started.Add(1)
					return job.Sleep(ctx, test.takes)
				}
				jobs := make([]job.Job, n)
				for i := range jobs {
					jobs[i] = every(24*time.Hour, fmt.Sprint("job-", i), do)
					jobs[i].NextRunTime = time.Now()
				}
				r.must(r.add(jobs...))
				begin := time.Now()
				r.must(r.start())
				synctest.Wait()
				held := started.Load() < n
				if held != (test.takes > 0) {
					t.Errorf("%d of %d have started at once", started.Load(), n)
				}
				if claimed := started.Load(); claimed > lead+claimLimit && held {
					t.Errorf("%d have started at once, want %d at the most", claimed, lead+claimLimit)
				}
				for range n / claimLimit {
					time.Sleep(hold)
					synctest.Wait()
				}
				if started.Load() != n {
					t.Errorf("%d of %d have started after %v", started.Load(), n, time.Since(begin))
				}
				time.Sleep(test.takes)
				r.must(r.shutdown())
				if total := r.total("job-0"); total != 1 {
					t.Errorf("job-0 has had %d outcomes", total)
				}
			})
		})
	}
}

// What was held back is claimed when enough runs have ended, without waiting for
// the time to pass.
func TestClaimsGoOnWithTheEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n = 6 * claimLimit
		var started atomic.Int64
		end := make(chan none)
		r := newRig(t, nil)
		do := func(context.Context) error {
			started.Add(1)
			<-end
			return nil
		}
		jobs := make([]job.Job, n)
		for i := range jobs {
			jobs[i] = every(24*time.Hour, fmt.Sprint("job-", i), do)
			jobs[i].NextRunTime = time.Now()
		}
		r.must(r.add(jobs...))
		r.must(r.start())
		synctest.Wait()
		if held := started.Load(); held != lead+claimLimit {
			t.Errorf("%d have started at once, want %d", held, lead+claimLimit)
		}
		close(end)
		synctest.Wait()
		if started.Load() != n {
			t.Errorf("%d of %d have started when the others have ended", started.Load(), n)
		}
		r.must(r.shutdown())
	})
}
