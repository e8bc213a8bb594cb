package clocktest_test

import (
	"testing"

	"github.com/carillon-go/carillon/clocktest"
)

// sweeps are all that schedulers are run through.
var sweeps = []struct {
	name string
	body func(*clocktest.Sim)
}{
	{"jobs", sweepJobs},
	{"restarts", sweepRestarts},
	{"pauses", sweepPauses},
	{"crashes", sweepCrashes},
	{"takeovers", sweepTakeovers},
	{"shared", sweepShared},
	{"frozen", sweepFrozen},
	{"changes", sweepChanges},
	{"model", checkModel},
}

// faultsOf returns what a sweep comes through.
func faultsOf(sweep string) clocktest.Faults {
	faults := clocktest.AllFaults()
	if sweep == "model" {
		delete(faults, clocktest.JobStuck) // it keeps a store from being closed
	}
	return faults
}

// TestStrategies runs the sweeps in orders that a random walk between messages
// does not reach, or seldom.
func TestStrategies(t *testing.T) {
	for _, mode := range modes[1:] {
		for _, sweep := range sweeps {
			t.Run(mode.name+"/"+sweep.name, func(t *testing.T) {
				c := mode.config
				c.Seeds, c.Faults = seeds()/5, faultsOf(sweep.name)
				if report := clocktest.Report(t, c, sweep.body); report != "" {
					t.Error(report)
				}
			})
		}
	}
}
