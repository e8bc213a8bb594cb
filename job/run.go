package job

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"
)

// Run is one execution of a job for one scheduled time. Its key, the job's ID
// and the scheduled time, is the same for every attempt; key and attempt number
// are in every event, log line and stored record about it.
type Run struct {
	// ID numbers the runs of one store. It is 0 for none.
	ID int64

	// Instance is the ID of the first of the runs that count as one against
	// MaxInstances and are executed one after the other: the run's own ID,
	// unless the job does not coalesce and several of its run times came due
	// together.
	Instance int64

	JobID     string
	Name      string // the job's name
	Store     string // alias
	Executor  string // alias
	Scheduled time.Time

	// First is the first of the run times that were coalesced into this run;
	// it equals Scheduled if there was only one.
	First time.Time

	// Attempt is 1, and one more each time the run is handed out again: taken
	// over from a process that died, or given back unstarted. A resource that
	// the job writes to can use it as a fencing token.
	Attempt int

	MisfireGrace time.Duration
	Call         Call

	// Lease bounds the execution; stores leave it nil.
	Lease *Lease

	// Ticket is the scheduler's own mark; nobody else looks at it.
	Ticket uint64

	// Start is told when the run begins. Nil: nobody wants to know.
	Start *Start

	// Do is the call bound to its function. Executors call it; stores leave
	// it nil.
	Do Func
}

// Key returns the job's ID and the scheduled time as text,
// "ID@2024-05-01T02:30:00Z". It is the same for every attempt, so that what a
// job does can be made idempotent on it.
func (r *Run) Key() string {
	return r.JobID + "@" + r.Scheduled.UTC().Format(time.RFC3339Nano)
}

// String returns the Key, with "#2" behind it for the second attempt.
func (r *Run) String() string {
	if r.Attempt > 1 {
		return fmt.Sprintf("%s#%d", r.Key(), r.Attempt)
	}
	return r.Key()
}

// LogValue makes a Run readable in structured logs. The job's name is there if
// it is not the ID.
func (r *Run) LogValue() slog.Value {
	attrs := []slog.Attr{
		slog.String("job", r.JobID),
		slog.Time("scheduled", r.Scheduled),
		slog.Int("attempt", r.Attempt),
	}
	if r.Name != "" && r.Name != r.JobID {
		attrs = slices.Insert(attrs, 1, slog.String("name", r.Name))
	}
	return slog.GroupValue(attrs...)
}

// Late reports whether the run, were it started at now, would be later than
// its grace allows.
func (r *Run) Late(now time.Time) bool {
	return r.MisfireGrace > 0 && now.Sub(r.Scheduled) > r.MisfireGrace
}

// Outcome is how a run ended. Every scheduled run time of a job ends in
// exactly one, or was coalesced into one that did.
type Outcome uint8

const (
	_ Outcome = iota

	// Executed: the call returned nil.
	Executed

	// Failed: the call returned an error or panicked ([PanicError]).
	Failed

	// Missed: the run came to its start later than MisfireGrace allows, and
	// was not executed.
	Missed

	// Skipped: MaxInstances runs of the job were unfinished; this one was
	// not executed.
	Skipped

	// Lost: the process or the executor ended before the run had reported.
	// Whether it was executed is unknown. Or it was not started when its
	// scheduler was shut down, and its store in memory has ended with that.
	Lost

	// Released is no outcome: the run was not started and was given back to
	// the store, which hands it out again.
	Released

	// Parked is no outcome, but what a [Record] says of a run time that stays
	// due because the scheduler cannot run the job.
	Parked

	// Paused, Resumed, Modified and Removed are no outcomes, but what a
	// [Record] says was done to a job.
	Paused
	Resumed
	Modified
	Removed
)

var outcomeNames = [...]string{"", "executed", "failed", "missed", "skipped", "lost",
	"released", "parked", "paused", "resumed", "modified", "removed"}

// String returns the outcome in lower case, for instance "executed".
func (o Outcome) String() string {
	if int(o) < len(outcomeNames) {
		return outcomeNames[o]
	}
	return fmt.Sprintf("Outcome(%d)", uint8(o))
}

// Result is how one run ended.
type Result struct {
	Run     *Run
	Outcome Outcome

	// Value is what the job gave to [SetResult].
	Value any

	// Err says why the run was not executed to a good end; nil if it was.
	Err error

	// Started and Finished enclose the execution. Both are zero if there was
	// none.
	Started, Finished time.Time
}

// Context is the context that a run is executed with. An executor makes one
// for each run, with [Context.Init], and gives it to [Run.Do].
type Context struct {
	context.Context
	run   *Run
	value any
}

// Init makes c the context of run, ending with parent. It exists so that an
// executor can keep many Contexts in one allocation.
func (c *Context) Init(parent context.Context, run *Run) { *c = Context{Context: parent, run: run} }

// Result returns what the job gave to [SetResult], or nil.
func (c *Context) Result() any { return c.value }

// Value finds the run; see [FromContext].
func (c *Context) Value(key any) any {
	if key == (runKey{}) {
		return c
	}
	return c.Context.Value(key)
}

type runKey struct{}

// FromContext returns the run that is being executed with ctx.
func FromContext(ctx context.Context) (run Run, ok bool) {
	c, ok := ctx.Value(runKey{}).(*Context)
	if !ok {
		return Run{}, false
	}
	return *c.run, true
}

// SetResult records a value as the result of the run that is being executed
// with ctx; the JobExecuted event carries it. It must be called before the job
// returns, by one goroutine at a time, and does nothing outside a run.
// APScheduler: the job's return value.
func SetResult(ctx context.Context, value any) {
	if c, ok := ctx.Value(runKey{}).(*Context); ok {
		c.value = value
	}
}
