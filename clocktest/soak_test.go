package clocktest_test

import (
	"os"
	"testing"
	"time"

	"github.com/carillon-go/carillon/clocktest"
	"github.com/carillon-go/carillon/stores"
)

// soakStores are the stores that a soak is about.
var soakStores = []struct {
	name string
	open func(t *testing.T) func() stores.Opener
}{
	{"memory", func(*testing.T) func() stores.Opener { return nil }},
	{"sqlite", files},
}

// soakFaults are what can go wrong in a soak.
var soakFaults = []struct {
	name   string
	config clocktest.Config
	none   bool
}{
	{"some faults", clocktest.Config{}, false},
	{"every fault", clocktest.Config{EveryFault: true}, false},
	{"no fault", clocktest.Config{}, true},
}

// TestSoak looks for bugs in seeds that nobody has tried yet, for as long as
// CARILLON_SOAK says, for instance 10m: every sweep on every store, with every
// strategy and mix of faults, each for its share of the time.
func TestSoak(t *testing.T) {
	lasts, err := time.ParseDuration(os.Getenv("CARILLON_SOAK"))
	_, replay := os.LookupEnv("CARILLON_SEED")
	if err != nil && !replay {
		t.Skip("CARILLON_SOAK says how long it lasts, for instance 10m")
	}
	first := uint64(time.Now().UnixNano())
	t.Logf("the first seed is %d", first)
	share := lasts / time.Duration(len(soakStores)*len(modes)*len(soakFaults)*len(sweeps))
	seed := first
	for _, store := range soakStores {
		for _, mode := range modes {
			for _, faults := range soakFaults {
				for _, sweep := range sweeps {
					t.Run(store.name+"/"+mode.name+"/"+faults.name+"/"+sweep.name, func(t *testing.T) {
						c := faults.config
						c.Strategy, c.SwitchAtSend, c.NewStore = mode.config.Strategy, mode.config.SwitchAtSend, store.open(t)
						if !faults.none {
							c.Faults = faultsOf(sweep.name)
						}
						soak(t, c, seed, share, sweep.body)
					})
					seed += 1 << 32
				}
			}
		}
	}
}

// soak tries one seed after the other until the time is over or one fails.
func soak(t *testing.T, c clocktest.Config, first uint64, lasts time.Duration, body func(*clocktest.Sim)) {
	begun := time.Now()
	c.Seed, c.Seeds = first, 10
	for {
		if report := clocktest.Report(t, c, body); report != "" {
			t.Fatal(report)
		}
		c.Seed += uint64(c.Seeds)
		if time.Since(begun) >= lasts {
			t.Logf("%d seeds in %v", c.Seed-first, time.Since(begun).Round(time.Millisecond))
			return
		}
	}
}
