package clocktest_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
)

// world has a scheduler with some jobs live for a while, and whatever the
// configuration lets go wrong.
type world struct {
	jobs  int
	every time.Duration // job i comes due every i+1 times that
	alike bool          // all come due every time, and take a second
	lives time.Duration
}

var small = world{jobs: 5, every: 20 * time.Second, lives: 2 * time.Minute}

// simulate returns the simulation, over and closed, and how many runs there
// were. Its errors are what the faults make of it, so they are no concern.
func (w world) simulate(c clocktest.Config) (sim *clocktest.Sim, runs int) {
	sim = clocktest.New(c)
	defer sim.Close()
	s, err := carillon.New(sim.Config())
	if err != nil {
		panic(err)
	}
	ctx := context.Background()
	for i := range w.jobs {
		every, takes := time.Duration(i+1)*w.every, time.Duration(i)*time.Second
		if w.alike {
			every, takes = w.every, time.Second
		}
		do := func(ctx context.Context) error {
			runs++
			return carillon.Sleep(ctx, takes)
		}
		// With a fault, adding may fail.
		_, _ = s.Every(every, do, carillon.Job{ID: fmt.Sprint("job-", i)})
	}
	for range 10 {
		if s.Start(ctx) == nil {
			break
		}
	}
	_ = sim.Advance(w.lives)
	_ = s.Shutdown(ctx)
	return sim, runs
}

// history sums up everything that can be seen of a simulation.
type history struct {
	hash, steps uint64
	runs        int
	faults      string
}

func (w world) history(c clocktest.Config) history {
	sim, runs := w.simulate(c)
	return history{sim.Hash(), sim.Steps(), runs, fmt.Sprint(sim.Faults())}
}

// modes are the ways in which a simulation can choose its steps.
var modes = []struct {
	name     string
	config   clocktest.Config
	repeated int // seeds that are run several times
	times    int // that each of them is
	seeds    int // that are compared with each other
	distinct int // histories that they have, at least, of a hundred
}{
	{"random walk", clocktest.Config{}, 50, 20, 1000, 99},
	{"switch at send", clocktest.Config{SwitchAtSend: true}, 50, 4, 1000, 99},
	// A seed whose swarm has few faults has little left to differ in.
	{"PCT", clocktest.Config{Strategy: clocktest.PCT(3, 1000)}, 50, 4, 1000, 90},
	{"PCT and switch at send", clocktest.Config{Strategy: clocktest.PCT(3, 1000), SwitchAtSend: true}, 50, 4, 1000, 90},
}

// fewer returns n, or a fraction of it where time is short.
func fewer(n int) int {
	switch {
	case testing.Short():
		return max(n/10, 2)
	case raceDetector:
		return max(n/4, 2)
	}
	return n
}

func TestSameSeedSameHistory(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, mode := range modes {
		t.Run(mode.name, func(t *testing.T) {
			seeds := mode.repeated
			if testing.Short() {
				seeds = fewer(seeds)
			}
			c := mode.config
			c.Faults = clocktest.AllFaults()
			first := make(map[uint64]history)
			for procs := 1; procs <= 2; procs++ {
				runtime.GOMAXPROCS(procs)
				for range mode.times / 2 {
					for seed := range uint64(seeds) {
						c.Seed = seed
						h := small.history(c)
						if was, known := first[seed]; !known {
							first[seed] = h
						} else if h != was {
							t.Fatalf("seed %d, GOMAXPROCS=%d: two histories: %v and %v", seed, procs, was, h)
						}
					}
				}
			}
		})
	}
}

func TestOtherSeedOtherHistory(t *testing.T) {
	for _, mode := range modes {
		t.Run(mode.name, func(t *testing.T) {
			c := mode.config
			c.Faults = clocktest.AllFaults()
			seeds := fewer(mode.seeds)
			distinct := make(map[uint64]bool)
			for seed := range uint64(seeds) {
				c.Seed = seed
				distinct[small.history(c).hash] = true
			}
			t.Logf("%d seeds have %d histories", seeds, len(distinct))
			if want := seeds * mode.distinct / 100; len(distinct) < want {
				t.Errorf("%d seeds have %d histories, want at least %d", seeds, len(distinct), want)
			}
		})
	}
}
