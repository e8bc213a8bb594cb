package clocktest_test

import (
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
	"github.com/carillon-go/carillon/messages"
)

// TestEverySiteStrikes has each fault strike that there is.
func TestEverySiteStrikes(t *testing.T) {
	struck, sites := make(map[clocktest.Site]bool), clocktest.AllFaults()
	for seed := uint64(0); seed < 50 && len(struck) < len(sites); seed++ {
		sim := clocktest.New(clocktest.Config{Seed: seed, Faults: sites, EveryFault: true})
		sweepJobs(sim)
		if err := sim.Err(); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		for _, f := range sim.Faults() {
			struck[f.Site] = true
		}
		sim.Close()
	}
	for site := range sites {
		if !struck[site] {
			t.Errorf("%s has never struck", site)
		}
	}
}

// TestSwarm has each site be quiet in half of the simulations, whichever others
// are.
func TestSwarm(t *testing.T) {
	const sims = 400
	sites := []clocktest.Site{"a", "b"}
	active := make(map[[2]bool]int)
	for seed := range uint64(sims) {
		sim := clocktest.New(clocktest.Config{Seed: seed, Faults: clocktest.Faults{"a": 1, "b": 1}})
		active[[2]bool{sim.Chance(sites[0]), sim.Chance(sites[1])}]++
		sim.Close()
	}
	for _, both := range [][2]bool{{false, false}, {false, true}, {true, false}, {true, true}} {
		if n := active[both]; n < sims/5 || n > sims/3 {
			t.Errorf("%v are active: %v in %d of %d simulations, want about a quarter", sites, both, n, sims)
		}
	}
}

// TestStoreThatCannotBeOpened has a start fail, and the next one succeed.
func TestStoreThatCannotBeOpened(t *testing.T) {
	c := clocktest.Config{Faults: clocktest.Faults{clocktest.StoreOpen: 1}, EveryFault: true}
	clocktest.Run(t, c, func(s *clocktest.Sim) {
		sched := newScheduler(s, s.Config())
		s.Always(sched.Start(background) != nil, "a store that cannot be opened is no error")
		must(s, s.Quiesce(0))
		must(s, sched.Start(background))
		must(s, s.Finish(sched))
	})
}

// TestListenerThatPanics has a listener panic at every event, and be told of the
// next one all the same.
func TestListenerThatPanics(t *testing.T) {
	c := clocktest.Config{Faults: clocktest.Faults{clocktest.ListenerPanic: 1}, EveryFault: true, Seeds: 5}
	clocktest.Run(t, c, func(s *clocktest.Sim) {
		sched, err := carillon.New(s.Config())
		must(s, err)
		told := 0
		_, err = sched.AddListener(func(carillon.Event) { told++ }, messages.MaskJobExecuted)
		must(s, err)
		_, err = sched.Every(time.Minute, body(time.Second))
		must(s, err)
		must(s, sched.Start(background))
		must(s, s.Advance(10*time.Minute+30*time.Second))
		s.Always(told == 10 && len(s.Faults()) == 10, "%d events, %d panics, want 10 of each", told, len(s.Faults()))
		must(s, s.Finish(sched))
	})
}
