package carillon_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/executors/inline"
	"github.com/carillon-go/carillon/executors/pool"
)

// checkRuns compares the runs that are under way, each as ID, seconds since it was
// submitted, and since it has begun.
func (r *rig) checkRuns(want ...string) {
	r.t.Helper()
	runs, err := r.Runs(patience(r.t))
	r.must(err)
	var got []string
	for i := range runs {
		began := "waits"
		if !runs[i].Started.IsZero() {
			began = fmt.Sprintf("%.0f s", r.Now().Sub(runs[i].Started).Seconds())
		}
		got = append(got, fmt.Sprintf("%s %.0f s, %s", runs[i].Run.JobID, r.Now().Sub(runs[i].Submitted).Seconds(), began))
	}
	if !slices.Equal(got, want) {
		r.t.Errorf("under way:\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

// TestRuns looks at what is under way: in executors of one worker, without a limit,
// and on the spot, whose actor stands still meanwhile.
func TestRuns(t *testing.T) {
	config := carillon.Config{Executors: carillon.Executors{
		"inline": inline.Open, "one": pool.Open(pool.Config{Size: 1}),
	}}
	inBubble(t, config, func(t *testing.T, r *rig) {
		release := make(chan struct{})
		wait := func(context.Context) error { <-release; return nil }
		r.checkRuns()
		r.start()
		for i, alias := range []string{"one", "one", "default", "inline"} {
			_, err := r.AddJob(patience(t), carillon.Func(wait), nil, carillon.Job{ID: fmt.Sprint(i, alias), Executor: alias})
			r.must(err)
			r.pass(time.Second)
		}
		r.once("brief", nothing)
		r.pass(time.Second)
		r.checkRuns("0one 5 s, 5 s", "1one 4 s, waits", "2default 3 s, 3 s", "3inline 2 s, 2 s")

		shut := make(chan error, 1)
		go func() { shut <- r.Shutdown(context.Background()) }()
		synctest.Wait()
		r.checkRuns("0one 5 s, 5 s", "1one 4 s, waits", "2default 3 s, 3 s", "3inline 2 s, 2 s")
		close(release)
		r.must(<-shut)
		r.checkRuns()
	})
}

// TestRunsOfAnInstance looks at run times that have come due together, of which one
// goes on and the others wait for it.
func TestRunsOfAnInstance(t *testing.T) {
	inBubble(t, carillon.Config{}, func(t *testing.T, r *rig) {
		release := make(chan struct{}, 1)
		_, err := r.Every(time.Second, func(context.Context) error { <-release; return nil },
			carillon.Job{ID: "job", Coalesce: carillon.All})
		r.must(err)
		r.must(r.StartPaused(patience(t)))
		r.pass(3 * time.Second)
		r.must(r.Resume(patience(t)))
		release <- struct{}{}
		r.pass(500 * time.Millisecond)
		r.checkRuns("job 0 s, 0 s", "job 0 s, waits")
		close(release)
		r.shutdown()
	})
}

// TestRunsAfterGivingUp looks at runs that a shutdown has not waited for.
func TestRunsAfterGivingUp(t *testing.T) {
	inBubble(t, carillon.Config{}, func(t *testing.T, r *rig) {
		release := make(chan struct{})
		r.once("stubborn", func(context.Context) error { <-release; return nil })
		r.start()
		r.pass(time.Second)
		if err := r.shutdownWithin(0); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Shutdown: %v", err)
		}
		r.checkRuns("stubborn 2 s, 2 s")
		close(release)
		synctest.Wait()
		r.checkRuns()
	})
}
