package carillon

import (
	"context"
	"errors"
	"log/slog"

	"github.com/carillon-go/carillon/executors"
	"github.com/carillon-go/carillon/job"
)

// logging makes an opener of an executor whose runs are written to the
// scheduler's log if they fail or are missed: not everybody has a listener.
func logging(open executors.Opener) executors.Opener {
	return func(ctx context.Context, host executors.Host) (executors.Executor, error) {
		report := host.Report
		host.Report = func(results []job.Result) {
			defer report(results) // also if the handler of the log ends the goroutine
			for i := range results {
				if results[i].Outcome != job.Executed {
					logResult(host.Logger, &results[i])
				}
			}
		}
		return open(ctx, host)
	}
}

// fenced is a handler of logs that a panic of the program's own does not leave:
// the scheduler logs in the middle of what it does. What it was to log then is
// lost, for there is nobody else to tell.
type fenced struct{ slog.Handler }

func (f fenced) Handle(ctx context.Context, r slog.Record) error {
	defer func() { _ = recover() }()
	return f.Handler.Handle(ctx, r)
}

func (f fenced) WithAttrs(attrs []slog.Attr) slog.Handler { return fenced{f.Handler.WithAttrs(attrs)} }
func (f fenced) WithGroup(name string) slog.Handler       { return fenced{f.Handler.WithGroup(name)} }

// logResult logs a run that was not executed to a good end. It is called where
// runs are executed, and an error that panics when it is looked at must not keep a
// result from being reported.
func logResult(log *slog.Logger, r *job.Result) {
	defer func() { _ = recover() }()
	switch r.Outcome {
	case job.Missed:
		log.Warn("run missed", "run", r.Run, "err", r.Err)
	case job.Failed:
		args := []any{"run", r.Run, "err", r.Err}
		if caught, ok := errors.AsType[*job.PanicError](r.Err); ok {
			args = append(args, "stack", string(caught.Stack))
		}
		log.Error("run failed", args...)
	}
}
