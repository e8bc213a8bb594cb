//go:build unix

package torture

import (
	"math/rand/v2"
	"testing"
	"time"
)

// TestFrozen freezes a worker in the middle of two runs. When it goes on it has
// to notice.
func TestFrozen(t *testing.T) {
	onEachEngine(t, func(t *testing.T, e engine) {
		place := e.empty(t)
		absence{name: "frozen, " + e.name, place: place, through: place, leave: (*Worker).Freeze, back: (*Worker).Thaw, frozen: true}.play(t)
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
