package clocktest

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
)

// TestFirstFailure has several processors look for failures: it is always the
// first of them that counts.
func TestFirstFailure(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	body := func(s *Sim) {
		for range s.fate.config.Seed * 7 % 5 {
			_ = s.Advance(time.Hour)
		}
		s.Always(s.fate.config.Seed%100 < 95, "seed %d", s.fate.config.Seed)
	}
	for _, procs := range []int{1, 2, 8} {
		runtime.GOMAXPROCS(procs)
		for range 20 {
			sweep, err := newSweep(Config{Seed: 40, Seeds: 200}, body)
			if err != nil {
				t.Fatal(err)
			}
			if failed, _ := sweep.run(); failed == nil || failed.seed != 95 {
				t.Fatalf("GOMAXPROCS=%d: %+v, want the failure of seed 95", procs, failed)
			}
		}
	}
}

// TestBodyThatLeaves has a body end its goroutine, as t.FailNow and t.SkipNow do.
func TestBodyThatLeaves(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	calls := make(chan uint64, 1000)
	sweep, err := newSweep(Config{Seeds: cap(calls)}, func(s *Sim) {
		calls <- s.fate.config.Seed
		runtime.Goexit()
	})
	if err != nil {
		t.Fatal(err)
	}
	if failed, left := sweep.run(); failed != nil || !left || len(calls) > 2 {
		t.Errorf("failed is %v, left is %v after %d calls, want true after two at the most", failed, left, len(calls))
	}
}

// TestArtifacts has a failure written down.
func TestArtifacts(t *testing.T) {
	dir := t.TempDir()
	t.Setenv(envArtifacts, dir)
	report := Report(t, Config{Seed: 3}, func(s *Sim) {
		if _, err := carillon.New(s.Config()); err != nil {
			s.Fatalf("%v", err)
		}
		s.Failf("as it should")
	})
	for _, f := range []Format{Text, Chrome} {
		path := filepath.Join(dir, "TestArtifacts", "seed-3"+formats[f].suffix)
		if text, err := os.ReadFile(path); err != nil || !strings.Contains(string(text), "GetState") {
			t.Errorf("%s: %v: %s", path, err, text)
		}
	}
	if !strings.Contains(report, dir) {
		t.Errorf("the report does not say where:\n%s", report)
	}
}
