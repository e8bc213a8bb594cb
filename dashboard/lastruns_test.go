package dashboard

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clock"
)

// TestLastRuns has a long history in a slow store: what is not among the newest
// records is looked for as long as there is time.
func TestLastRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var slow atomic.Bool
		r := newRig(t, carillon.Config{Clock: clock.Real(), Stores: carillon.Stores{"default": openIll(func(context.Context) error {
			if slow.Load() {
				time.Sleep(100 * time.Millisecond)
			}
			return nil
		})}}, Config{})
		r.add(r.Every(time.Second, nothing, carillon.Job{ID: "busy"}))
		for i := range 3 { // which run once, before all of that
			r.add(r.Every(24*time.Hour, nothing, carillon.Job{ID: fmt.Sprint("early", i), NextRunTime: r.Now()}))
		}
		for i := range 3 {
			r.add(r.Every(48*time.Hour, nothing, carillon.Job{ID: fmt.Sprint("never", i)}))
		}
		r.must(r.Start(t.Context()))
		defer func() { r.must(r.Shutdown(t.Context())) }()
		time.Sleep(2500 * time.Second)
		synctest.Wait()
		slow.Store(true)
		got := ""
		for _, row := range read[jobsPage](r, "jobs.json").Jobs {
			switch {
			case row.Last != nil:
				got += fmt.Sprintf("%s %s, ", row.ID, row.Last.Outcome)
			case row.Since.IsZero():
				got += row.ID + " never, "
			default:
				got += fmt.Sprintf("%s not for %v, ", row.ID, r.Now().Sub(row.Since.Time).Round(time.Minute))
			}
		}
		if want := "busy executed, early0 executed, early1 executed, early2 executed, never0 not for 33m0s, never1 not for 33m0s, never2 not for 33m0s, "; got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
		r.shows("jobs", "never2", "none since 2000-01-01 0")
	})
}
