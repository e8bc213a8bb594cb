package planner

import (
	"testing"
	"time"

	"github.com/carillon-go/carillon"
)

func TestLanes(t *testing.T) {
	at := func(minute int) time.Time { return time.Unix(int64(minute)*60, 0) }
	run := func(from, to int) *Run {
		return &Run{Started: at(from), Finished: at(to), Outcome: carillon.Executed}
	}
	// A new lane only while all are taken, and not more than there may be.
	runs := []*Run{run(0, 10), run(5, 30), run(10, 20), run(12, 40), run(13, 50), run(14, 60), run(60, 70)}
	want := []int{0, 1, 0, 2, 3, 0, 0}
	l := newLanes(append(runs, &Run{Outcome: carillon.Skipped}))
	for i, r := range runs {
		if got := l.of(r); got != want[i] {
			t.Errorf("run %d is in lane %d, want %d", i, got, want[i])
		}
	}
	if l.count() != maxLanes {
		t.Errorf("%d lanes, want %d", l.count(), maxLanes)
	}
	if n := newLanes(nil).count(); n != 1 {
		t.Errorf("%d lanes for no runs, want 1", n)
	}
}
