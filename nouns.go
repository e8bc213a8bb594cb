package carillon

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"time"

	"github.com/carillon-go/carillon/internal/funcname"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/stores"
)

// The nouns that users type, under one roof. Their documentation is where
// they are declared.
type (
	// Job says what runs, when, and under which rules.
	Job = job.Job

	// JobDefaults are the settings of jobs that leave them open.
	JobDefaults = job.Defaults

	// Changes are the fields of a job that are to change.
	Changes = job.Changes

	// Coalesce says what becomes of several run times that have come due before
	// the job could run.
	Coalesce = job.Coalesce

	// Delivery is the promise about runs whose process died.
	Delivery = job.Delivery

	// Call is what a run executes.
	Call = job.Call

	// Func is a call of a Go function.
	Func = job.Func

	// Task is a named function with typed arguments, for jobs that a store keeps.
	Task[A any] = job.Task[A]

	// AnyTask is a Task of any argument type.
	AnyTask = job.AnyTask

	// Tasks are the tasks that a scheduler can run.
	Tasks = job.Tasks

	// Run is one execution of a job for one scheduled time.
	Run = job.Run

	// ActiveRun is a run that an executor has and that has not ended.
	ActiveRun = job.ActiveRun

	// Record is an entry in a store's history.
	Record = job.Record

	// HistoryQuery selects records of a store's history.
	HistoryQuery = stores.HistoryQuery

	// Result is how one run ended.
	Result = job.Result

	// Outcome is how a run ended, in a word.
	Outcome = job.Outcome

	// State is the scheduler's state.
	State = messages.State

	// Event is something that has happened; see package messages for all of
	// them.
	Event = messages.Event

	// Mask is a set of event types.
	Mask = messages.Mask

	// ListenerID names a listener.
	ListenerID = messages.ListenerID

	// Error says what an error happened to.
	Error = job.Error

	// FieldError is a value that cannot be accepted.
	FieldError = job.FieldError

	// PanicError is a panic that was recovered from a job.
	PanicError = job.PanicError

	none = messages.None
)

// The states.
const (
	Stopped = messages.Stopped // nothing runs; jobs that are added wait for the start
	Running = messages.Running
	Paused  = messages.Paused // jobs come due and wait
)

// Settings of a job.
const (
	// NoMisfireGrace, as Job.MisfireGrace: a run is executed however late it is.
	NoMisfireGrace = job.NoMisfireGrace

	Latest = job.Latest // of run times that have come due together, one run, for the latest
	All    = job.All    // a run for each of them, in order

	AtMostOnce  = job.AtMostOnce  // no run is started twice; one whose process died is Lost
	AtLeastOnce = job.AtLeastOnce // such a run is taken over, with the next attempt number
)

// How a run can end.
const (
	Executed = job.Executed // the job returned nil
	Failed   = job.Failed   // the job returned an error, or panicked
	Missed   = job.Missed   // too late for its MisfireGrace; it was not executed
	Skipped  = job.Skipped  // MaxInstances runs were unfinished; it was not executed
	Lost     = job.Lost     // the process or the executor ended before it had reported
)

// Conditions, for [errors.Is]. Package job says when each is returned.
var (
	ErrNotRunning      = job.ErrNotRunning      // the scheduler is stopped
	ErrAlreadyRunning  = job.ErrAlreadyRunning  // it is not
	ErrJobNotFound     = job.ErrJobNotFound     // no job of this ID
	ErrJobExists       = job.ErrJobExists       // one already, and no Job.Replace
	ErrUnknownStore    = job.ErrUnknownStore    // no store of this alias
	ErrUnknownExecutor = job.ErrUnknownExecutor // no executor of this alias
	ErrUnknownTask     = job.ErrUnknownTask     // not in Config.Tasks
	ErrAliasInUse      = job.ErrAliasInUse      // a store or executor of this alias already
	ErrTransientJob    = job.ErrTransientJob    // a Go function, or a trigger without JSON, in a store that outlives the process
	ErrConflict        = job.ErrConflict        // somebody else has changed the job meanwhile
	ErrShared          = job.ErrShared          // a SoleOwner, and another scheduler's lease lasts
	ErrLeaseExpired    = job.ErrLeaseExpired    // the scheduler's own has ended; the cause of its runs' contexts
	ErrShutdown        = job.ErrShutdown        // the scheduler is shutting down; the cause of its runs' contexts
	ErrMissed          = job.ErrMissed          // in the Result of a run that was Missed
	ErrLost            = job.ErrLost            // in the Result of a run that was Lost
)

// NewTask makes a task: a named function with typed arguments, for jobs that a
// persistent store keeps. Register it in [Config.Tasks].
func NewTask[A any](name string, run func(ctx context.Context, args A) error) Task[A] {
	return job.NewTask(name, run)
}

// NewTasks collects tasks for [Config.Tasks].
func NewTasks(tasks ...AnyTask) Tasks { return job.NewTasks(tasks...) }

// FromContext returns the run that is being executed with ctx.
func FromContext(ctx context.Context) (run Run, ok bool) { return job.FromContext(ctx) }

// SetResult records a value as the result of the run that is being executed
// with ctx; its [messages.JobExecuted] carries it.
func SetResult(ctx context.Context, value any) { job.SetResult(ctx, value) }

// Sleep blocks the run that is executed with ctx until d has elapsed on the
// scheduler's clock, or ctx ends, whose cause it returns.
func Sleep(ctx context.Context, d time.Duration) error { return job.Sleep(ctx, d) }

// WithTimeout is [context.WithTimeout] on the scheduler's clock, for the run that
// is executed with ctx. Package wrap has it for whole jobs.
func WithTimeout(ctx context.Context, d time.Duration) (bounded context.Context, cancel context.CancelFunc) {
	return job.WithTimeout(ctx, d)
}

// On has listen called with every event of one type, or with all events if the
// type is [Event]:
//
//	carillon.On(s, func(e *messages.JobError) { ... })
//
// A listener that is a million events behind loses some. The log tells, and, if
// it has all events, [messages.EventsDropped].
func On[E Event](s *Scheduler, listen func(E)) (ListenerID, error) {
	if listen == nil {
		return s.AddListener(nil, 0)
	}
	var of E
	mask := messages.MaskAll // E is an interface
	if any(of) != nil {
		mask = of.Mask()
	}
	return s.addListener(hearing(listen), funcname.Of(listen), mask)
}

// hearing makes a listener of one for events of one type. It may be told of
// EventsDropped besides, as all listeners are.
func hearing[E Event](listen func(E)) func(Event) {
	return func(e Event) {
		if e, ok := e.(E); ok {
			listen(e)
		}
	}
}

func newID() string {
	var random [16]byte
	_, _ = rand.Read(random[:]) // never fails
	return hex.EncodeToString(random[:])
}

func ignore(err, harmless error) error {
	if errors.Is(err, harmless) {
		return nil
	}
	return err
}
