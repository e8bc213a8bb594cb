package clocktest_test

import (
	"os"
	"testing"
	"time"

	"github.com/carillon-go/carillon/clocktest"
)

// TestSoak looks for bugs in seeds that nobody has tried yet, for as long as
// CARILLON_SOAK says, for instance 10m: every variant for its share of the time.
// What it finds is kept in the corpus.
func TestSoak(t *testing.T) {
	lasts, err := time.ParseDuration(os.Getenv("CARILLON_SOAK"))
	_, replay := os.LookupEnv("CARILLON_SEED")
	if err != nil && !replay {
		t.Skip("CARILLON_SOAK says how long it lasts, for instance 10m")
	}
	first := uint64(time.Now().UnixNano())
	t.Logf("the first seed is %d", first)
	all := variants()
	for i, v := range all {
		t.Run(v.name, func(t *testing.T) {
			soak(t, v.config(t), first+uint64(i)<<32, lasts/time.Duration(len(all)), v.body)
		})
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
