//go:build unix

package torture

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/triggers"
)

// TestFrozen freezes a worker in the middle of two runs, for longer than its
// lease. When it goes on it has to notice: others have its runs.
func TestFrozen(t *testing.T) {
	onEachEngine(t, func(t *testing.T, e engine) {
		place := e.empty(t)
		desk, crew := NewDesk(t, place), NewCrew(t)
		frozen := crew.Hire(order(place))
		frozen.Await(wordReady)
		now := time.Now().Truncate(time.Millisecond)
		long := Work{Sleep: 3 * lease, Tell: true}
		for _, delivery := range deliveries {
			j := carillon.Job{ID: delivery.String(), Trigger: triggers.At(now), Call: doWork.With(long)}
			desk.Add(settled(j, delivery, now))
		}
		frozen.Await("started " + carillon.AtMostOnce.String())
		frozen.Await("started " + carillon.AtLeastOnce.String())
		frozen.Freeze()
		heir := crew.Hire(order(place))
		second := heir.Await("started " + carillon.AtLeastOnce.String())
		if !strings.HasSuffix(second, "#2") {
			t.Errorf("the other worker says %q, want a second attempt", second)
		}
		frozen.Thaw()
		frozen.Await(wordExpired + " default")
		for _, delivery := range deliveries {
			end := frozen.Await("ended " + delivery.String())
			if !strings.HasSuffix(end, job.ErrLeaseExpired.Error()) {
				t.Errorf("the worker that was frozen says %q, want %q for a cause", end, job.ErrLeaseExpired)
			}
		}
		heir.Await("ended " + carillon.AtLeastOnce.String())
		r := conclude(t, "frozen, "+e.name, crew, []*Worker{frozen, heir}, desk)
		if r.Lost != 1 || r.TakenOver != 1 || r.Executed != 1 {
			t.Errorf("%d runs are lost, %d taken over, %d executed; want 1 of each", r.Lost, r.TakenOver, r.Executed)
		}
	})
}

// TestFreezes freezes workers at random instants, under load. Where a store has
// one writer at a time, the one that is frozen may have been that: then all wait.
func TestFreezes(t *testing.T) {
	onEachEngine(t, func(t *testing.T, e engine) {
		place := e.empty(t)
		desk, crew := NewDesk(t, place), NewCrew(t)
		workers := hired(crew, order(place), order(place), order(place))
		start := time.Now()
		desk.Add(Workload("freezes", copies, start, start.Add(2*episode))...)
		for range 2 {
			for _, w := range workers[1:] { // the first one is there for the others' runs
				pause(rand.N(80 * time.Millisecond))
				w.Freeze()
			}
			pause(lease * 3 / 2)
			for _, w := range workers[1:] {
				w.Thaw()
			}
			pause(lease / 2)
		}
		for _, w := range workers[1:] {
			w.Await(wordExpired)
		}
		conclude(t, "freezes, "+e.name, crew, workers, desk)
	})
}
