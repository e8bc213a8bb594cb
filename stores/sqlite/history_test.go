package sqlite_test

import (
	"testing"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// What a scheduler says of a run that another one holds is not recorded.
func TestHistoryOfOthersRuns(t *testing.T) {
	ctx, s := t.Context(), open(t, file(t), noon)
	must(t, s.Heartbeat(ctx, "a", time.Minute))
	must(t, s.Heartbeat(ctx, "b", time.Minute))
	must(t, s.Put(ctx, stores.Insert, []job.Job{due("j", noon)}))
	c, err := s.ClaimDue(ctx, &stores.Claim{Node: "a", Seq: 1, Now: noon, Limit: 1, Plan: stepping([]time.Time{noon}, time.Time{}, false)})
	must(t, err)
	done := []stores.Done{{RunID: c.Runs[0].ID, Attempt: 1, JobID: "j", Outcome: job.Executed}}
	for _, by := range []struct {
		node string
		want int
	}{{"b", 0}, {"a", 1}} {
		f, err := s.Finish(ctx, by.node, done)
		must(t, err)
		records, err := s.History(ctx, &stores.HistoryQuery{Limit: 10})
		must(t, err)
		if f.Held != by.want || len(records) != by.want {
			t.Errorf("%s has finished %d runs, and %d are recorded", by.node, f.Held, len(records))
		}
	}
}
