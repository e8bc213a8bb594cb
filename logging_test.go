package carillon_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/executors/inline"
	"github.com/carillon-go/carillon/executors/pool"
)

// TestFailuresAreLogged has runs that end badly, on executors that the scheduler
// has from the beginning, makes itself and gets later: nobody listens, and the log
// tells all the same.
func TestFailuresAreLogged(t *testing.T) {
	for _, row := range []struct {
		name     string
		do       carillon.Func
		settings carillon.Job
		want     string // in order; "": nothing is logged
	}{
		{"fine", nothing, carillon.Job{MisfireGrace: time.Hour}, ""},
		{"error", func(context.Context) error { return errors.New("disk full") }, carillon.Job{},
			`level=ERROR msg="run failed" executor=ALIAS run.job=error run.scheduled=1999-12-31T23:59:50.000Z run.attempt=1 err="disk full"`},
		{"panic", func(context.Context) error { panic("boom") }, carillon.Job{}, `err="panic: boom" stack="goroutine `},
		{"Goexit", func(context.Context) error { runtime.Goexit(); return nil }, carillon.Job{}, `runtime.Goexit`},
		{"late", nothing, carillon.Job{MisfireGrace: time.Second}, `level=WARN msg="run missed" executor=ALIAS run.job=late `},
	} {
		for _, alias := range []string{"default", "given", "added"} {
			t.Run(row.name+" "+alias, func(t *testing.T) {
				var log bytes.Buffer
				config := carillon.Config{
					Executors: carillon.Executors{"given": inline.Open},
					Logger:    slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn})),
				}
				inBubble(t, config, func(t *testing.T, r *rig) {
					r.start()
					r.must(r.AddExecutor(patience(t), "added", pool.Open(pool.Config{})))
					row.settings.Executor = alias
					r.at(row.name, -10*time.Second, row.do, row.settings)
					r.pass(time.Second)
					r.shutdown()
				})
				lines, want := log.String(), strings.ReplaceAll(row.want, "ALIAS", alias)
				if n := strings.Count(lines, "\n"); (want == "") != (n == 0) || n > 1 || !strings.Contains(lines, want) {
					t.Errorf("logged %q, want %q", lines, want)
				}
			})
		}
	}
}

// TestLogThatPanics has a handler that panics, whatever is logged: everything goes
// on without it.
func TestLogThatPanics(t *testing.T) {
	inBubble(t, carillon.Config{Logger: slog.New(panicking{})}, func(t *testing.T, r *rig) {
		r.add("fails", func(context.Context) error { return errors.New("disk full") })
		r.start()
		r.pass(3 * time.Second)
		r.shutdown()
		if n := r.checkOutcomes("fails", time.Second, carillon.Failed); n != 3 {
			t.Errorf("%d outcomes in 3 s", n)
		}
	})
}

// panicking is a handler of logs that is broken.
type panicking struct{}

func (panicking) Enabled(context.Context, slog.Level) bool  { return true }
func (panicking) Handle(context.Context, slog.Record) error { panic("no disk") }
func (p panicking) WithAttrs([]slog.Attr) slog.Handler      { return p }
func (p panicking) WithGroup(string) slog.Handler           { return p }
