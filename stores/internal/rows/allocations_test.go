//go:build !race

// The race detector has a sync.Pool forget things.

package rows_test

import (
	"testing"

	"github.com/carillon-go/carillon/stores/internal/rows"
)

// Schedulers that share a database read each job that another one has put, and
// write each that they put. That has to stay cheap: encoding/json alone would
// take five times as long to read a job with a date, and 38 allocations.
func TestAllocations(t *testing.T) {
	for name, most := range map[string]struct{ decode, encode float64 }{
		"date":     {15, 4},
		"interval": {16, 5},
		"cron":     {27, 4},
		"crontab":  {33, 4},
		"jitter":   {21, 9},
	} {
		j := typical(typicalTriggers[name])
		settings, err := rows.Encode(&j)
		if err != nil {
			t.Fatal(err)
		}
		if n := testing.AllocsPerRun(100, func() { rows.Decode(j.ID, &settings, nil) }); n > most.decode {
			t.Errorf("to decode a job with %s takes %v allocations, want at most %v", name, n, most.decode)
		}
		if n := testing.AllocsPerRun(100, func() { _, _ = rows.Encode(&j) }); n > most.encode {
			t.Errorf("to encode a job with %s takes %v allocations, want at most %v", name, n, most.encode)
		}
	}
}
