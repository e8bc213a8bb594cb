package sqlite_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/sqlite"
	"github.com/carillon-go/carillon/stores/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// file is a path in a folder of the test's own, with characters in it that mean
// something in a URI.
func file(t testing.TB) string { return filepath.Join(t.TempDir(), "jobs? 100%#1.db") }

func config(t testing.TB) sqlite.Config {
	return sqlite.Config{
		Path:        file(t),
		Kinds:       storetest.Kinds(),
		Synchronous: sqlite.Normal, // the suite does not cut the power
		History:     stores.Retention{Count: 2000},
	}
}

func Test(t *testing.T) {
	storetest.Run(t, storetest.Harness{
		Open:    func(t testing.TB) stores.Opener { return config(t).Open },
		Durable: true,
		Shared:  true,
		Watch:   true,
		History: true,

		HistoryAge: 7 * 24 * time.Hour, // as by default
	})
}

func Benchmark(b *testing.B) {
	storetest.Benchmark(b, storetest.Harness{
		Open: func(t testing.TB) stores.Opener {
			return sqlite.Config{Path: file(t), Kinds: storetest.Kinds()}.Open
		},
	})
}

// patience bounds what a test waits for.
func patience(t testing.TB) context.Context {
	ctx, cancel := clock.WithTimeout(t.Context(), clock.Real(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}
