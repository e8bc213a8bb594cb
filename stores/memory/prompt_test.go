package memory

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// The store is prompt: in a bubble, where time passes only when everybody waits,
// no method takes any, and none waits for ever.
func TestPrompt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		opened, err := Config{History: stores.Retention{Count: 10}}.Open(t.Context(), stores.Env{Clock: clock.Real()})
		if err != nil {
			t.Fatal(err)
		}
		s := opened.(stores.Prompt)
		must := func(what string, err error) {
			t.Helper()
			if now := time.Now(); err != nil || !now.Equal(begin) {
				t.Errorf("%s: error %v, after %v", what, err, now.Sub(begin))
			}
		}
		must("Watch", s.Watch(t.Context(), func() {}))
		must("Heartbeat", s.Heartbeat(t.Context(), "n", time.Minute))
		must("Put", s.Put(t.Context(), stores.Insert, []job.Job{jobAt("a", begin), jobAt("b", begin)}))
		claimed, err := s.ClaimDue(t.Context(), &stores.Claim{Node: "n", Seq: 1, Now: begin, Limit: 2, Plan: everySecond})
		must("ClaimDue", err)
		_, err = s.Finish(t.Context(), "n", []stores.Done{{RunID: claimed.Runs[0].ID, Attempt: 1, JobID: "a", Outcome: job.Released}})
		must("Finish", err)
		_, err = s.Get(t.Context(), "a")
		must("Get", err)
		_, err = s.List(t.Context(), "", 2)
		must("List", err)
		_, err = s.Delete(t.Context(), "a")
		must("Delete", err)
		_, err = s.DeleteAll(t.Context())
		must("DeleteAll", err)
		_, err = s.History(t.Context(), &stores.HistoryQuery{Limit: 2})
		must("History", err)
		must("Close", s.Close())
	})
}
