package clocktest

import "testing"

// Report returns what [Run] fails with.
func Report(t *testing.T, c Config, body func(s *Sim)) string {
	sweep, err := newSweep(c, body)
	if err != nil {
		t.Fatal(err)
	}
	for i := range sweep.seeds {
		if result := sweep.try(c.Seed + uint64(i)); result.failure != "" {
			return sweep.report(t, result)
		}
	}
	return ""
}
