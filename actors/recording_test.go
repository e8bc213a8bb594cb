package actors

import (
	"testing"

	"github.com/carillon-go/carillon/job"
)

type brokenError struct{ text string }

func (e *brokenError) Error() string { return e.text }

// The message of an error is user code.
func TestErrorThatPanicsIsRecorded(t *testing.T) {
	var none *brokenError
	results := []job.Result{{Run: &job.Run{ID: 1}, Outcome: job.Failed, Err: none}, {Run: &job.Run{ID: 2}, Outcome: job.Executed}}
	s := new(store)
	s.take(results)
	if len(s.done) != 2 || s.done[0].Err == "" || s.done[1].Err != "" {
		t.Errorf("of a failure with a nil error in it and a success there is recorded %+v", s.done)
	}
}

// Outcomes on their way to a store are put down in the same memory again and
// again, but a backlog's is given back.
func TestOutcomesAreTakenWithoutAllocation(t *testing.T) {
	run := job.Run{ID: 1}
	batch := make([]job.Result, claimLimit)
	for i := range batch {
		batch[i] = job.Result{Run: &run, Outcome: job.Executed}
	}
	s := new(store)
	if n := testing.AllocsPerRun(100, func() { s.take(batch); s.forgetDone() }); n != 0 {
		t.Errorf("%v allocations a batch, want none", n)
	}
	for range spareDone/claimLimit + 1 {
		s.take(batch)
	}
	if s.forgetDone(); s.done != nil {
		t.Errorf("memory for %d outcomes is kept", cap(s.done))
	}
}
