package clocktest_test

import (
	_ "embed"
	"slices"
	"strings"
	"testing"

	"github.com/carillon-go/carillon/clocktest"
)

//go:embed testdata/corpus.txt
var corpus string

// TestCorpus replays what has failed once.
func TestCorpus(t *testing.T) {
	all := variants()
	for line := range strings.Lines(corpus) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Fields(line)
		name, seed, order, faults := fields[0], fields[1], fields[2], fields[3]
		t.Run(name+"/"+seed, func(t *testing.T) {
			i := slices.IndexFunc(all, func(v variant) bool { return v.name == name })
			if i < 0 {
				t.Fatalf("there is no variant %s", name)
			}
			t.Setenv("CARILLON_SEED", seed)
			t.Setenv("CARILLON_ORDER", order)
			switch faults {
			case "*": // all that strike
			case "-":
				t.Setenv("CARILLON_FAULTS", "")
			default:
				t.Setenv("CARILLON_FAULTS", faults)
			}
			clocktest.Run(t, all[i].config(t), all[i].body)
		})
	}
}
