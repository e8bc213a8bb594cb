package actors

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/carillon-go/carillon/executors"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
)

// executor is the actor of one executor. It gives runs to the Executor, which
// executes them elsewhere, and sees to it that each is reported once: not
// twice, and not never.
//
//	Accepts:       Open, giveUp (supervisor); Execute, CloseExecutor (scheduler);
//	               reported, shutDown (the Executor's goroutines)
//	Sends:         Opened, Closed -> supervisor; Finished -> scheduler; Publish -> events
//	Owns:          the Executor, the lots of runs that it has not reported
//	Supervised by: the supervisor. An Executor that panics is opened anew; the
//	               runs that it had not reported are Lost.
type executor struct {
	cell
	alias string
	open  executors.Opener

	ctx    context.Context // of the Executor's shutdown
	cancel context.CancelCauseFunc

	executor   executors.Executor
	generation int // reports of an earlier one do not count any more
	lots       lots

	closing bool  // the Executor was told to shut down
	left    int   // with so many runs unreported
	unbegun int   // of which it has given back so many
	shut    bool  // and has
	fault   error // with this
	gaveUp  bool  // nobody waits for its runs any more
	closed  bool  // the supervisor was told so
}

type (
	// reported says that runs have ended.
	reported struct {
		generation int
		results    []job.Result
	}

	// shutDown says that the Executor's Shutdown has returned.
	shutDown struct{ err error }

	// giveUp tells an executor actor not to wait for runs any longer, and the
	// events actor not to wait for listeners.
	giveUp struct{}
)

func newExecutor(h *host, alias string, open executors.Opener) *executor {
	e := &executor{cell: cell{host: h, mayBlock: true}, alias: alias, open: open}
	e.actor = e
	e.ctx, e.cancel = context.WithCancelCause(context.Background())
	return e
}

func (e *executor) body() *cell { return &e.cell }

func (e *executor) halt() { e.cancel(job.ErrShutdown) }

func (e *executor) handle(message any) bool {
	switch m := message.(type) {
	case *messages.Open:
		e.handleOpen()
	case *messages.Execute:
		e.execute(m)
	case *reported:
		e.report(m)
	case *messages.CloseExecutor:
		e.close()
	case *shutDown:
		e.shutDown(m.err)
	case *giveUp:
		e.gaveUp = true
		e.conclude()
	default:
		return false
	}
	return true
}

func (e *executor) abandon(message any, err error) {
	switch m := message.(type) {
	case *messages.Open:
		e.send(e.host.supervisor, &messages.Opened{Member: e.name, Err: err})
		e.leave()
	case *messages.Execute:
		e.finished(m.From, lostRuns(m.Runs, err))
	default: // it cannot be refused, and there is no doing less
		e.handle(message)
	}
}

func (e *executor) handleOpen() {
	err := e.openExecutor()
	if err != nil {
		err = fmt.Errorf("open executor %q: %w", e.alias, err)
		e.leave()
	}
	e.send(e.host.supervisor, &messages.Opened{Member: e.name, Err: err})
}

func (e *executor) openExecutor() error {
	generation, self, host := e.generation, e.self, e.host
	return guard(func() (err error) {
		e.executor, err = e.open(e.ctx, executors.Host{
			Alias:   e.alias,
			Clock:   host.rt,
			Logger:  host.log.With("executor", e.alias),
			Context: host.values(),
			Go:      host.rt.Go,
			Wait:    host.rt.rest,
			Report:  func(results []job.Result) { host.post(self, &reported{generation, results}) },
		})
		if err == nil && e.executor == nil {
			err = errors.New("the opener has returned neither an Executor nor an error")
		}
		return err
	})
}

func (e *executor) finished(from string, results []job.Result) {
	e.send(e.host.scheduler, &messages.Finished{From: from, Results: results})
}

func (e *executor) execute(m *messages.Execute) {
	e.lots.take(m.From, m.Runs, e.host.rt.Now())
	err := guard(func() error { e.executor.Execute(m.Runs); return nil })
	if err != nil {
		e.restart(err)
	}
}

// restart opens the Executor anew after a panic.
func (e *executor) restart(fault error) {
	e.host.log.Error("executor panicked", "executor", e.alias, "err", fault)
	e.lose(fault)
	if err := e.openExecutor(); err != nil {
		e.host.log.Error("executor cannot be opened", "executor", e.alias, "err", err)
		e.executor = broken{e, err}
	}
	e.publish(&messages.ExecutorRestarted{At: e.host.rt.Now(), Alias: e.alias, Err: fault})
}

// lose gives up the runs that the Executor has not reported: they may have been
// executed, or be still. What it says of them from now on does not count.
func (e *executor) lose(fault error) {
	for _, l := range e.lots.inOrder() {
		var lost []job.Result
		for i := range l.runs {
			if !l.marks[i].reported {
				lost = append(lost, lostRun(&l.runs[i], fault))
			}
		}
		e.finished(l.from, lost)
	}
	e.lots.clear()
	e.generation++
}

func (e *executor) report(m *reported) {
	if m.generation != e.generation {
		e.host.log.Warn("late report of an executor that was restarted", "executor", e.alias, "runs", len(m.results))
		return
	}
	e.lots.mu.Lock()
	defer e.lots.mu.Unlock()
	from, begin := "", 0
	flush := func(end int) {
		if begin < end {
			e.finished(from, m.results[begin:end:end])
		}
		begin = end
	}
	for i := range m.results {
		if m.results[i].Outcome == job.Released {
			e.unbegun++
		}
		switch l := e.checkOff(m.results[i].Run); {
		case l == nil:
			flush(i)
			begin++
		case l.from != from:
			flush(i)
			from = l.from
		}
	}
	flush(len(m.results))
	e.conclude()
}

// checkOff notes that a run is reported, and returns its lot; nil: it was
// reported before.
func (e *executor) checkOff(run *job.Run) *lot {
	l := e.lots.checkOff(run)
	if l == nil {
		e.host.log.Error("executor reported a run twice", "executor", e.alias, "run", run)
	}
	return l
}

func (e *executor) close() {
	if e.closing {
		return
	}
	e.closing, e.left, e.unbegun = true, e.lots.unreported, 0
	host, self, ctx, target := e.host, e.self, e.ctx, e.executor
	host.rt.Go(func() {
		err := guard(func() error { return target.Shutdown(ctx) })
		host.post(self, &shutDown{err})
	})
}

// shutDown notes that the Executor's life has ended. If it was not out of
// patience, it ought to have waited for its runs.
func (e *executor) shutDown(err error) {
	e.shut = true
	if e.lots.unreported > 0 && e.ctx.Err() == nil {
		err = errors.Join(err, errors.New("it has left runs behind: "+e.stillRunning()))
		e.lose(err)
	}
	switch {
	case err == nil:
	case !errors.Is(err, context.Cause(e.ctx)):
		e.fault = fmt.Errorf("close executor %q: %w", e.alias, err)
	case e.left > 0:
		e.fault = fmt.Errorf("executor %q: out of patience with %d runs, of which %d were not started", e.alias, e.left, e.unbegun)
	}
	e.conclude()
}

// conclude tells the supervisor when the Executor and its runs have come to
// their end, or are not waited for any more; and stops the actor when they have.
func (e *executor) conclude() {
	over := e.shut && e.lots.unreported == 0
	if over || e.closing && e.gaveUp {
		e.tellClosed()
	}
	if over {
		e.leave()
	}
}

func (e *executor) tellClosed() {
	if e.closed {
		return
	}
	e.closed = true
	switch {
	case e.lots.unreported > 0:
		e.fault = fmt.Errorf("executor %q: still running: %s", e.alias, e.stillRunning())
	case !e.shut:
		e.fault = fmt.Errorf("executor %q is still busy", e.alias)
	}
	e.send(e.host.supervisor, &messages.Closed{Member: e.name, Err: e.fault})
}

// stillRunning names some of the unreported runs.
func (e *executor) stillRunning() string {
	const some = 5
	var keys []string
	for _, l := range e.lots.inOrder() {
		for i := range l.runs {
			if !l.marks[i].reported && len(keys) < some {
				keys = append(keys, named(&l.runs[i]))
			}
		}
	}
	text := strings.Join(keys, ", ")
	if e.lots.unreported > some {
		text += fmt.Sprintf(" and %d more", e.lots.unreported-some)
	}
	return text
}

// named returns a run's key, with the job's name if that is not the ID.
func named(run *job.Run) string {
	if run.Name == "" || run.Name == run.JobID {
		return run.Key()
	}
	return fmt.Sprintf("%s (%s)", run.Key(), run.Name)
}

func lostRun(run *job.Run, fault error) job.Result {
	return job.Result{Run: run, Outcome: job.Lost, Err: fmt.Errorf("%w: %w", job.ErrLost, fault)}
}

func lostRuns(runs []job.Run, fault error) []job.Result {
	results := make([]job.Result, len(runs))
	for i := range runs {
		results[i] = lostRun(&runs[i], fault)
	}
	return results
}

// broken stands in for an Executor that cannot be opened again.
type broken struct {
	actor *executor
	err   error
}

func (b broken) Execute(runs []job.Run) {
	results := make([]job.Result, len(runs))
	for i := range runs {
		results[i] = job.Result{Run: &runs[i], Outcome: job.Failed, Err: fmt.Errorf("executor %q is broken: %w", b.actor.alias, b.err)}
	}
	b.actor.host.post(b.actor.self, &reported{b.actor.generation, results})
}

func (b broken) Shutdown(context.Context) error { return nil }
