package clocktest_test

import (
	_ "embed"
	"strings"
	"testing"
)

//go:embed testdata/corpus.txt
var corpus string

// TestCorpus replays what has failed once.
func TestCorpus(t *testing.T) {
	sweeps := map[string]func(t *testing.T){
		"TestSweepJobs":          TestSweepJobs,
		"TestSweepRestarts":      TestSweepRestarts,
		"TestSweepPauses":        TestSweepPauses,
		"TestSweepCrashes":       TestSweepCrashes,
		"TestSweepTakeovers":     TestSweepTakeovers,
		"TestSweepShared":        TestSweepShared,
		"TestSweepFrozen":        TestSweepFrozen,
		"TestSweepChanges":       TestSweepChanges,
		"TestModel":              TestModel,
		"TestModelWithoutFaults": TestModelWithoutFaults,
	}
	for line := range strings.Lines(corpus) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Fields(line)
		sweep, seed, order, faults := sweeps[fields[0]], fields[1], fields[2], fields[3]
		t.Run(fields[0]+"/"+seed, func(t *testing.T) {
			t.Setenv("CARILLON_SEED", seed)
			t.Setenv("CARILLON_ORDER", order)
			switch faults {
			case "*": // all that strike
			case "-":
				t.Setenv("CARILLON_FAULTS", "")
			default:
				t.Setenv("CARILLON_FAULTS", faults)
			}
			sweep(t)
		})
	}
}
