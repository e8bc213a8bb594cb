package torture

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// TestKills kills schedulers at random instants, one after the other, while
// jobs of all shapes run.
func TestKills(t *testing.T) {
	onEachEngine(t, func(t *testing.T, e engine) {
		for _, schedulers := range []int{1, 3} {
			t.Run(fmt.Sprint(schedulers), func(t *testing.T) {
				r := campaign{schedulers: schedulers, kills: kills(t)}.run(t, e.empty(t))
				r.Case = "kills, " + e.name
				publish(t, r)
				if r.Lost == 0 || r.TakenOver == 0 || r.Executed < r.Scheduled/10 {
					t.Error("the kills have hit too little, or too much")
				}
			})
		}
	})
}

// campaign says how workers are killed.
type campaign struct {
	schedulers int // at a time
	kills      int
	skew       time.Duration // their clocks are wrong by up to this much
}

const (
	copies  = 2 // of each shape
	ahead   = time.Second
	episode = 2 * time.Second // jobs that are added together run so long
)

func (c campaign) order(place Place) Order {
	o := order(place)
	if c.skew > 0 {
		o.Skew = time.Duration(rand.Int64N(int64(2*c.skew))) - c.skew
	}
	return o
}

// run kills workers, has one that is left alone run everything off, and audits.
func (c campaign) run(t *testing.T, place Place) *Report {
	desk, crew := NewDesk(t, place), NewCrew(t)
	workers := make([]*Worker, c.schedulers)
	for i := range workers {
		workers[i] = crew.Hire(c.order(place))
	}
	next, episodes := time.Now(), 0
	keepBusy := func() {
		for time.Until(next) < ahead {
			desk.Add(Workload(fmt.Sprint(episodes), copies, next, next.Add(episode))...)
			next, episodes = next.Add(episode), episodes+1
		}
	}
	for range c.kills {
		keepBusy()
		victim := rand.IntN(len(workers))
		switch rand.IntN(5) { // else it may be starting still
		case 1, 2, 3:
			workers[victim].Await(wordReady)
		case 4: // so that kills hit runs on a slow machine too
			for waited := time.Duration(0); waited < patience/4 && !workers[victim].Says(wordWorking); waited += look {
				pause(look)
				keepBusy()
			}
		}
		pause(rand.N(80 * time.Millisecond))
		workers[victim].Kill()
		workers[victim] = crew.Hire(c.order(place))
	}
	for _, w := range workers {
		w.Kill()
	}
	finish(t, desk, crew, order(place))
	r := desk.Report(crew)
	r.Schedulers, r.Kills = c.schedulers, c.kills
	return r
}

// finish has a last worker run off what is left.
func finish(t *testing.T, desk *Desk, crew *Crew, o Order) {
	t.Helper()
	last := crew.Hire(o)
	desk.Drain()
	if err := last.Dismiss(); err != nil {
		t.Error(err)
	}
}
