// Package golden checks what an example prints.
package golden

import (
	"bytes"
	"context"
	"flag"
	"io"
	"log/slog"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

var update = flag.Bool("update", false, "write output.txt instead of comparing with it")

// Check runs an example and compares what it prints with the file output.txt
// beside it. The machine's clock is a fake one meanwhile (see
// [testing/synctest]): it begins at midnight of 1 January 2000, and an example
// that waits for seconds does not take any. The local time zone is UTC.
func Check(t *testing.T, run func(ctx context.Context, w io.Writer) error) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	local := time.Local
	time.Local = time.UTC
	defer func() { time.Local = local }()

	var out buffer
	synctest.Test(t, func(t *testing.T) {
		if err := run(t.Context(), &out); err != nil {
			t.Fatal(err)
		}
	})
	compare(t, "output.txt", out.Bytes())
}

// CheckLive is Check on the machine's clock, for an example that uses what a
// bubble cannot hold: several connections to a database that wait for each
// other.
func CheckLive(t *testing.T, run func(ctx context.Context, w io.Writer) error) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	var out buffer
	if err := run(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	compare(t, "output.txt", out.Bytes())
}

func compare(t *testing.T, file string, got []byte) {
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("it prints\n%s\nwant, as in %s (go test . -update writes it),\n%s", got, file, want)
	}
}

// buffer may be written to by jobs, listeners and the example itself.
type buffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}
