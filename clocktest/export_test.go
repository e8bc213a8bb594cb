package clocktest

import "testing"

// Report returns what [Run] fails with.
func Report(t *testing.T, c Config, body func(s *Sim)) string {
	sweep, err := newSweep(c, body)
	if err != nil {
		t.Fatal(err)
	}
	if failed, _ := sweep.run(); failed != nil {
		return sweep.report(t, *failed)
	}
	return ""
}
