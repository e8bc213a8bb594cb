package executortest

import (
	"context"
	"errors"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/executors"
	"github.com/carillon-go/carillon/executors/inline"
	"github.com/carillon-go/carillon/executors/pool"
	"github.com/carillon-go/carillon/job"
)

// brokenExecutors are good Executors in which one thing has been spoilt.
var brokenExecutors = []struct {
	rule, how string
	options   Options
	open      executors.Opener
}{
	{rule: "execute/nothing", how: "reports something", open: executing(func(e *spoilt, runs []job.Run) {
		if len(runs) == 0 {
			e.host.Report(make([]job.Result, 1))
		}
		e.Executor.Execute(runs)
	})},
	{rule: "execute/returns", how: "works inline", open: inline.Open},
	{rule: "execute/again", how: "wears out", open: executing(func(e *spoilt, runs []job.Run) {
		if e.calls < 5 {
			e.Executor.Execute(runs)
		}
	})},
	{rule: "execute/many", how: "loses one of a thousand", open: accepting(func(run *job.Run) {
		if run.ID == 1000 {
			run.ID = 1001
		}
	})},

	{rule: "report/once", how: "twice", open: reporting(func(results []job.Result) []job.Result {
		return append(results, results...)
	})},
	{rule: "report/once", how: "without the run", open: result(func(r *job.Result) { r.Run = nil })},
	{rule: "report/once", how: "without an outcome", open: result(func(r *job.Result) { r.Outcome = 0 })},
	{rule: "report/value", how: "forgets it", open: result(func(r *job.Result) { r.Value = nil })},
	{rule: "report/value", how: "invents it", open: result(func(r *job.Result) { r.Value = "the value" })},
	{rule: "report/times", how: "takes no time", open: result(func(r *job.Result) { r.Finished = r.Started })},
	{rule: "report/times of a later batch", how: "the clock of yesterday", open: hosted(0, func(h *executors.Host) {
		h.Clock = stopped{h.Clock, h.Clock.Now()}
	})},
	{rule: "report/prompt", how: "by the half dozen", open: inLots(6)},
	{rule: "report/prompt in an instance", how: "by three", open: inLots(3)},

	{rule: "outcome/executed", how: "with an error", open: result(func(r *job.Result) { r.Err = errJob })},
	{rule: "outcome/error", how: "overlooked", open: result(func(r *job.Result) { r.Outcome = job.Executed })},
	{rule: "outcome/error", how: "replaced", open: result(func(r *job.Result) { r.Err = errors.New("it went wrong") })},
	{rule: "outcome/error of a context", how: "taken for a shutdown", open: result(func(r *job.Result) {
		if errors.Is(r.Err, context.Canceled) {
			r.Outcome = job.Released
		}
	})},
	{rule: "outcome/panic", how: "without the type", open: panics(func(p *job.PanicError) error { return errors.New(p.Error()) })},
	{rule: "outcome/panic", how: "without the stack", open: panics(func(p *job.PanicError) error { p.Stack = nil; return p })},
	{rule: "outcome/panic", how: "without the value", open: panics(func(p *job.PanicError) error { p.Value = "?"; return p })},
	{rule: "outcome/panic with nil", how: "overlooked", open: result(func(r *job.Result) {
		if _, isNil := errors.AsType[*runtime.PanicNilError](r.Err); isNil {
			r.Outcome, r.Err = job.Executed, nil
		}
	})},
	{rule: "outcome/goexit", how: "loses the run", open: without(0, func(r job.Result) bool { return r.Err == executors.ErrGoexit })},
	{rule: "outcome/nothing to call", how: "has times", open: result(func(r *job.Result) { r.Started = r.Run.Scheduled })},
	{rule: "outcome/robust", how: "gives up", open: worn(0, 100)},

	{rule: "misfire/at the grace", how: "too late", open: accepting(func(run *job.Run) { run.MisfireGrace-- })},
	{rule: "misfire/beyond the grace", how: "in time", open: accepting(func(run *job.Run) { run.MisfireGrace++ })},
	{rule: "misfire/beyond the grace", how: "no error", open: result(func(r *job.Result) { r.Err = nil })},
	{rule: "misfire/beyond the grace", how: "does not say how late", open: result(func(r *job.Result) { r.Err = job.ErrMissed })},
	{rule: "misfire/no grace", how: "taken for a short one", open: accepting(func(run *job.Run) { run.MisfireGrace = max(run.MisfireGrace, 1) })},
	{rule: "misfire/at the start", how: "at the door", open: accepting(func(run *job.Run) { run.MisfireGrace = job.NoMisfireGrace })},

	{rule: "context/run", how: "another context", open: wrapping(func(do job.Func) job.Func {
		return func(context.Context) error { return do(context.Background()) }
	})},
	{rule: "context/host", how: "left out", open: hosted(0, func(h *executors.Host) { h.Context = nil })},
	{rule: "context/alive", how: "dead", open: wrapping(func(do job.Func) job.Func {
		return func(context.Context) error { return do(ended(errBound)) }
	})},
	{rule: "context/alive", how: "immortal", open: wrapping(func(do job.Func) job.Func {
		return func(ctx context.Context) error { return do(context.WithoutCancel(ctx)) }
	})},
	{rule: "context/in run", how: "on a goroutine of its own", open: wrapping(func(do job.Func) job.Func {
		return func(ctx context.Context) error {
			done := make(chan error)
			go func() { done <- do(ctx) }()
			return <-done
		}
	})},

	{rule: "order/of an instance", how: "side by side", open: accepting(func(run *job.Run) { run.Instance = run.ID })},
	{rule: "order/of an instance", how: "backwards", open: executing(func(e *spoilt, runs []job.Run) {
		slices.Reverse(runs)
		e.Executor.Execute(runs)
	})},
	{rule: "order/of the reports of an instance", how: "backwards", open: reporting(func(results []job.Result) []job.Result {
		slices.Reverse(results)
		return results
	})},
	{rule: "order/of different instances", how: "taken for one", open: accepting(func(run *job.Run) { run.Instance = 1 })},
	{rule: "order/without an instance", how: "taken for one", open: accepting(func(run *job.Run) { run.Instance = 1 })},

	{rule: "parallel/nobody waits", how: "one at a time", open: pool.Open(pool.Config{Size: 1})},
	{rule: "parallel/nobody waits", how: "99 at a time", open: pool.Open(pool.Config{Size: 99})},
	{rule: "parallel/full", how: "a place for each run", options: Options{Size: 2}, open: divided},
	{rule: "parallel/size", how: "more", options: Options{Size: 2}, open: pool.Open(pool.Config{Size: 3})},
	{rule: "parallel/size", how: "fewer", options: Options{Size: 3}, open: pool.Open(pool.Config{Size: 2})},
	{rule: "parallel/size and goexit", how: "the place is lost", options: Options{Size: 2}, open: worn(2, 4)},
	{rule: "parallel/host", how: "goes its own ways", open: hosted(0, func(h *executors.Host) { h.Go = func(f func()) { go f() } })},

	{rule: "shutdown/at rest", how: "looks at its context first", open: shutting(func(e *spoilt, ctx context.Context) error {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return e.Executor.Shutdown(ctx)
	})},
	{rule: "shutdown/drains", how: "does not wait", open: shutting(func(e *spoilt, ctx context.Context) error {
		if ctx.Err() != nil {
			return e.Executor.Shutdown(ctx)
		}
		return nil
	})},
	{rule: "shutdown/cancels", how: "hides the cause", open: shutting(func(e *spoilt, ctx context.Context) error {
		if e.Executor.Shutdown(ctx) != nil {
			return ctx.Err()
		}
		return nil
	})},
	{rule: "shutdown/cancels", how: "without a cause", open: wrapping(func(do job.Func) job.Func {
		return func(ctx context.Context) error {
			bare, cancel := context.WithCancel(context.WithoutCancel(ctx))
			defer context.AfterFunc(ctx, cancel)()
			return do(bare)
		}
	})},
	{rule: "shutdown/patient", how: "cancels at once", open: shutting(func(e *spoilt, ctx context.Context) error {
		e.Executor.Shutdown(ended(errBound))
		return e.Executor.Shutdown(ctx)
	})},
	{rule: "shutdown/releases an instance", how: "keeps silent", open: unreleased(0)},
	{rule: "shutdown/releases an instance", how: "as lost", open: result(func(r *job.Result) {
		if r.Outcome == job.Released {
			r.Outcome = job.Lost
		}
	})},
	{rule: "shutdown/releases the queue", how: "keeps silent", options: Options{Inline: true}, open: unreleased(1)},
	{rule: "shutdown/stragglers", how: "forgotten", open: forgetful},
	{rule: "shutdown/leaves nothing", how: "a goroutine", open: executing(func(e *spoilt, runs []job.Run) {
		e.host.Go(func() {
			ctx, cancel := clock.WithTimeout(context.Background(), e.host.Clock, 3*patience/2)
			defer cancel()
			e.host.Wait(ctx, nil)
		})
		e.Executor.Execute(runs)
	})},

	{rule: "stress/open and shut down", how: "keeps silent about what it releases", open: unreleased(1)},
	{rule: "simulation/complete", how: "blocks elsewhere", open: executing(func(e *spoilt, runs []job.Run) {
		if e.calls == 0 {
			started := make(chan struct{})
			signal := sync.OnceFunc(func() { close(started) })
			e.host.Go(signal)
			defer e.host.Clock.AfterFunc(3*patience/2, signal).Stop()
			<-started
		}
		e.Executor.Execute(runs)
	})},
	{rule: "simulation/complete", how: "waits elsewhere", open: hosted(0, func(h *executors.Host) {
		h.Wait = func(ctx context.Context, ready <-chan struct{}) error {
			bound, cancel := clock.WithTimeout(ctx, h.Clock, 3*patience/2)
			defer cancel()
			return wait(bound, ready)
		}
	})},
	{rule: "simulation/deterministic", how: "throws dice", open: executing(func(e *spoilt, runs []job.Run) {
		for i := range runs {
			runs[i].Instance = 0
		}
		rand.Shuffle(len(runs), func(i, j int) { runs[i], runs[j] = runs[j], runs[i] })
		e.Executor.Execute(runs)
	})},
}
