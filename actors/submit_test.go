package actors

import (
	"testing"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
)

// What becomes of a batch of runs costs a fixed number of allocations on its way
// to the listeners: the events are the results themselves.
func TestOutcomesArePublishedTogether(t *testing.T) {
	run := job.Run{ID: 1}
	results := make([]job.Result, claimLimit)
	for i := range results {
		results[i] = job.Result{Run: &run, Outcome: job.Executed}
	}
	s := newScheduler(&host{})
	s.interest = messages.MaskOutcomes
	if n := testing.AllocsPerRun(100, func() { s.out = s.out[:0]; s.publishOutcomes(results) }); n > 2 {
		t.Errorf("%v allocations for %d outcomes", n, len(results))
	}
	published := s.out[0].message.(*messages.Publish).Events
	if len(s.out) != 1 || len(published) != len(results) {
		t.Fatalf("%d outcomes are published in %d messages", len(published), len(s.out))
	}

	e := newEvents(&host{})
	for _, mask := range []messages.Mask{messages.MaskAll, messages.MaskOutcomes, messages.MaskJobExecuted} {
		e.listeners = []*audience{{mask: mask}}
		n := testing.AllocsPerRun(100, func() {
			e.out, e.listeners[0].behind = e.out[:0], 0
			e.deliver(published)
		})
		if n > 1 {
			t.Errorf("%v allocations to deliver %d outcomes to who wants %b", n, len(results), mask)
		}
	}
}

// A listener gets what it wants, in order, whatever else was published.
func TestDeliversWhatIsWanted(t *testing.T) {
	executed, failed, added := new(messages.JobExecuted), new(messages.JobError), new(messages.JobAdded)
	published := []messages.Event{added, executed, failed, executed}
	e := newEvents(&host{})
	e.listeners = []*audience{{mask: messages.MaskOutcomes}, {mask: messages.MaskAll}, {mask: messages.MaskJobMissed}}
	e.deliver(published)
	if len(e.out) != 2 {
		t.Fatalf("%d listeners are told, want 2", len(e.out))
	}
	for i, want := range [][]messages.Event{{executed, failed, executed}, published} {
		got := e.out[i].message.(*messages.Deliver).Events
		for k := range got {
			if len(got) != len(want) || got[k] != want[k] {
				t.Fatalf("listener %d gets %v, want %v", i, got, want)
			}
		}
	}
}
