package actors

import (
	"context"
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
//	Accepts:       Open, CloseExecutor (supervisor); Execute (scheduler); reported,
//	               shutDown (the Executor's goroutines)
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
	generation int // counts the openings; reports of earlier ones do not count
	lots       map[uint64]*lot
	lotsTaken  uint64
	unreported int

	closing bool
	closed  bool
}

// lot is what one Execute has brought.
type lot struct {
	runs     []job.Run // the Executor's; read only
	reported []bool
	left     int
}

// A run's ticket is its lot's number and its index there.
const ticketIndexBits = 24

type (
	// reported says that runs have ended.
	reported struct {
		generation int
		results    []job.Result
	}

	// shutDown says that the Executor's Shutdown has returned.
	shutDown struct{ err error }
)

func newExecutor(h *host, alias string, open executors.Opener) *executor {
	e := &executor{cell: cell{host: h, mayBlock: true}, alias: alias, open: open, lots: make(map[uint64]*lot)}
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
		e.execute(m.Runs)
	case *reported:
		e.report(m)
	case *messages.CloseExecutor:
		e.close(m.Abandon)
	case *shutDown:
		e.shutDown(m.err)
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
		e.send(e.host.scheduler, &messages.Finished{Results: lostRuns(m.Runs, err)})
	case *messages.CloseExecutor:
		e.shutDown(err)
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
	e.generation++
	generation, self, host := e.generation, e.self, e.host
	return guard(func() (err error) {
		e.executor, err = e.open(executors.Host{
			Alias:   e.alias,
			Clock:   host.rt,
			Logger:  host.log.With("executor", e.alias),
			Context: host.rt.Context(),
			Go:      host.rt.Go,
			Wait:    host.rt.Wait,
			Report:  func(results []job.Result) { host.post(self, &reported{generation, results}) },
		})
		return err
	})
}

func (e *executor) execute(runs []job.Run) {
	number := e.lotsTaken + 1
	for i := range runs {
		runs[i].Ticket = number<<ticketIndexBits | uint64(i)
	}
	e.lotsTaken = number
	e.lots[number] = &lot{runs: runs, reported: make([]bool, len(runs)), left: len(runs)}
	e.unreported += len(runs)
	err := guard(func() error { e.executor.Execute(runs); return nil })
	if err != nil {
		e.restart(err)
	}
}

// restart opens the Executor anew after a panic. What it had not reported by
// then is lost: it may have been executed, or be still.
func (e *executor) restart(fault error) {
	e.host.log.Error("executor panicked", "executor", e.alias, "err", fault)
	var lost []job.Result
	for _, l := range e.lots {
		for i := range l.runs {
			if !l.reported[i] {
				lost = append(lost, lostRun(&l.runs[i], fault))
			}
		}
	}
	clear(e.lots)
	e.unreported = 0
	if err := e.openExecutor(); err != nil {
		e.host.log.Error("executor cannot be opened", "executor", e.alias, "err", err)
		e.executor = broken{e, err}
	}
	e.publish(&messages.ExecutorRestarted{At: e.host.rt.Now(), Alias: e.alias, Err: fault})
	e.send(e.host.scheduler, &messages.Finished{Results: lost})
}

func (e *executor) report(m *reported) {
	if m.generation != e.generation {
		e.host.log.Warn("late report of an executor that was restarted", "executor", e.alias, "runs", len(m.results))
		return
	}
	results := m.results[:0:len(m.results)]
	for _, r := range m.results {
		if e.checkOff(r.Run) {
			results = append(results, r)
		}
	}
	e.send(e.host.scheduler, &messages.Finished{Results: results})
	e.leaveWhenDone()
}

// checkOff notes that a run is reported; false: it was before.
func (e *executor) checkOff(run *job.Run) bool {
	number, index := run.Ticket>>ticketIndexBits, run.Ticket&(1<<ticketIndexBits-1)
	l := e.lots[number]
	if l == nil || l.reported[index] {
		e.host.log.Error("executor reported a run twice", "executor", e.alias, "run", run)
		return false
	}
	l.reported[index] = true
	l.left--
	e.unreported--
	if l.left == 0 {
		delete(e.lots, number)
	}
	return true
}

func (e *executor) close(abandon bool) {
	if abandon {
		e.cancel(job.ErrShutdown)
	}
	if e.closing {
		return
	}
	e.closing = true
	host, self, ctx, target := e.host, e.self, e.ctx, e.executor
	host.rt.Go(func() {
		err := guard(func() error { return target.Shutdown(ctx) })
		host.post(self, &shutDown{err})
	})
}

func (e *executor) shutDown(err error) {
	if e.unreported > 0 {
		err = fmt.Errorf("executor %q: still running: %s", e.alias, e.stillRunning())
	} else if err != nil {
		err = fmt.Errorf("close executor %q: %w", e.alias, err)
	}
	e.closed = true
	e.send(e.host.supervisor, &messages.Closed{Member: e.name, Err: err})
	e.leaveWhenDone()
}

// leaveWhenDone stops the actor of a closed executor once its last straggler
// has been reported.
func (e *executor) leaveWhenDone() {
	if e.closed && e.unreported == 0 {
		e.leave()
	}
}

// stillRunning names some of the unreported runs.
func (e *executor) stillRunning() string {
	const some = 5
	var keys []string
	for _, l := range e.lots {
		for i := range l.runs {
			if !l.reported[i] && len(keys) < some {
				keys = append(keys, l.runs[i].Key())
			}
		}
	}
	text := strings.Join(keys, ", ")
	if e.unreported > some {
		text += fmt.Sprintf(" and %d more", e.unreported-some)
	}
	return text
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
