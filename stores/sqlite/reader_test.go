package sqlite_test

import (
	"testing"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// Who lists jobs and reads the history does not wait for a claim that is under
// way, and sees nothing of it.
func TestReadBesideClaim(t *testing.T) {
	s := open(t, file(t), noon)
	must(t, s.Heartbeat(t.Context(), "n", 0))
	must(t, s.Put(t.Context(), stores.Insert, []job.Job{due("a", noon)}))
	must(t, s.Put(t.Context(), stores.Replace, []job.Job{due("a", noon)}))
	look := func() {
		if jobs, err := s.List(patience(t), "", 10); err != nil || len(jobs) != 1 || jobs[0].Version != 2 {
			t.Errorf("there are %v (%v)", jobs, err)
		}
		if records, err := s.History(patience(t), &stores.HistoryQuery{Limit: 10}); err != nil || len(records) != 1 || records[0].Outcome != job.Modified {
			t.Errorf("there is a history of %v (%v)", records, err)
		}
	}
	_, err := s.ClaimDue(t.Context(), &stores.Claim{Node: "n", Seq: 1, Now: noon, Limit: 1, Plan: func(j *job.Job, _ int, step *stores.Step) {
		looked := make(chan struct{})
		go func() { defer close(looked); look() }()
		<-looked
		step.Runs, step.Ended = append(step.Runs, j.NextRunTime), true
	}})
	must(t, err)
	if jobs, err := s.List(t.Context(), "", 10); len(jobs) != 0 || err != nil {
		t.Errorf("after the claim there are %v (%v)", jobs, err)
	}
}
