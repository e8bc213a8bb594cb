package carillon

import (
	"testing"

	"github.com/carillon-go/carillon/messages"
)

// TestHearing tells listeners for one type, and for all, of events that they have
// asked for, and of some that were dropped, which every listener is told.
func TestHearing(t *testing.T) {
	told := []Event{&messages.JobAdded{}, &messages.EventsDropped{}, &messages.JobAdded{}}
	added, all := 0, 0
	one, any := hearing(func(*messages.JobAdded) { added++ }), hearing(func(Event) { all++ })
	for _, e := range told {
		one(e)
		any(e)
	}
	if added != 2 || all != 3 {
		t.Errorf("heard %d of 2, and %d of 3", added, all)
	}
}
