package clocktest_test

import (
	"strings"
	"testing"

	"github.com/carillon-go/carillon/clocktest"
	"github.com/carillon-go/carillon/stores"
)

// sweepStores are the stores that sweeps are run on.
var sweepStores = []struct {
	name string
	open func(t *testing.T) func() stores.Opener
}{
	{"memory", func(*testing.T) func() stores.Opener { return nil }},
	{"sqlite", files},
}

// mixes are what can go wrong in a sweep.
var mixes = []struct {
	name   string
	config clocktest.Config
	none   bool
}{
	{"some faults", clocktest.Config{}, false},
	{"every fault", clocktest.Config{EveryFault: true}, false},
	{"no fault", clocktest.Config{}, true},
}

// variant is one of the ways to run a sweep.
type variant struct {
	name   string // store/mode/mix/sweep
	config func(t *testing.T) clocktest.Config
	body   func(*clocktest.Sim)
}

// variants returns each sweep on every store, in every mode, with every mix of
// faults.
func variants() (all []variant) {
	for _, store := range sweepStores {
		for _, mode := range modes {
			for _, mix := range mixes {
				for _, sweep := range sweeps {
					name := strings.Join([]string{store.name, mode.name, mix.name, sweep.name}, "/")
					config := func(t *testing.T) clocktest.Config {
						c := mix.config
						c.Strategy, c.SwitchAtSend, c.NewStore = mode.config.Strategy, mode.config.SwitchAtSend, store.open(t)
						if !mix.none {
							c.Faults = faultsOf(sweep.name)
						}
						return c
					}
					all = append(all, variant{strings.ReplaceAll(name, " ", "_"), config, sweep.body})
				}
			}
		}
	}
	return all
}
