package sqlite

import (
	"testing"

	"github.com/carillon-go/carillon/stores"
)

// Runs are deleted from the first to the last only if they are all that are
// between.
func TestStretch(t *testing.T) {
	type attempt struct {
		run int64
		no  int
	}
	for name, c := range map[string]struct {
		done        []attempt
		first, last int64
		whole       bool
	}{
		"none":           {},
		"one":            {[]attempt{{7, 1}}, 7, 7, true},
		"out of order":   {[]attempt{{8, 2}, {7, 2}, {9, 2}}, 7, 9, true},
		"a gap":          {[]attempt{{7, 1}, {9, 1}}, 7, 9, false},
		"other attempts": {[]attempt{{7, 1}, {7, 2}, {9, 1}}, 0, 0, false},
	} {
		done := make([]*stores.Done, len(c.done))
		for i, a := range c.done {
			done[i] = &stores.Done{RunID: a.run, Attempt: a.no}
		}
		if first, last, whole := stretchOf(done); first != c.first || last != c.last || whole != c.whole {
			t.Errorf("%s: got %d to %d, %v", name, first, last, whole)
		}
	}
}
