package main

import (
	"context"
	"io"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"github.com/carillon-go/carillon/examples/internal/golden"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestOutput(t *testing.T) {
	file := filepath.Join(t.TempDir(), "jobs.db")
	golden.CheckLive(t, func(ctx context.Context, w io.Writer) error { return run(ctx, w, file) })
}
