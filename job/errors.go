package job

import (
	"errors"
	"fmt"
	"strings"
)

// These errors are returned for commands that the scheduler's state forbids.
var (
	// ErrNotRunning means that the scheduler has not been started, or has
	// been shut down. APScheduler: SchedulerNotRunningError.
	ErrNotRunning = errors.New("scheduler is not running")

	// ErrAlreadyRunning means that the scheduler has been started before.
	// APScheduler: SchedulerAlreadyRunningError.
	ErrAlreadyRunning = errors.New("scheduler is already running")
)

// These errors are returned for names that do not fit.
var (
	// ErrJobNotFound means that no store has a job of that ID.
	// APScheduler: JobLookupError.
	ErrJobNotFound = errors.New("no such job")

	// ErrJobExists means that the store has a job of that ID already.
	// APScheduler: ConflictingIdError.
	ErrJobExists = errors.New("a job with this ID exists already; set Replace to replace it")

	// ErrUnknownStore means that there is no store of that alias.
	ErrUnknownStore = errors.New("no such store")

	// ErrUnknownExecutor means that there is no executor of that alias.
	ErrUnknownExecutor = errors.New("no such executor")

	// ErrUnknownTask means that no task of that name is registered here.
	ErrUnknownTask = errors.New("task is not registered with this scheduler")

	// ErrAliasInUse means that a store or executor of that alias exists.
	ErrAliasInUse = errors.New("alias is in use")
)

// These errors are returned by stores.
var (
	// ErrTransientJob means that a job cannot be kept by a persistent store,
	// because its call is a Go function or its trigger has no JSON form.
	ErrTransientJob = errors.New("job cannot be kept in a persistent store")

	// ErrConflict means that the job was changed by somebody else since it
	// was read.
	ErrConflict = errors.New("job was changed meanwhile")

	// ErrLeaseExpired means that the store has given up on this scheduler,
	// whose heartbeats did not arrive in time. It starts over under a new name.
	ErrLeaseExpired = errors.New("lease of this scheduler has expired")

	// ErrShared means that another live scheduler uses a store that was to
	// have one owner only.
	ErrShared = errors.New("store is in use by another scheduler")
)

// These errors are the causes with which a run's context is cancelled, or
// why a run ended without having been executed.
var (
	// ErrShutdown means that the scheduler, or the run's executor, is being
	// shut down and will not wait any longer; or, as an answer, that it waits
	// for the job or listener that asks.
	ErrShutdown = errors.New("scheduler is shutting down")

	// ErrMissed means that the run came to its start later than its job's
	// MisfireGrace allows.
	ErrMissed = errors.New("run time was missed")

	// ErrLost means that the run's outcome is unknown: its process or its
	// executor ended before it had reported.
	ErrLost = errors.New("outcome of the run is unknown")
)

// Error adds to an error what it happened to. [errors.Is] and [errors.As] see
// the cause.
type Error struct {
	Op    string // the operation, for instance "add job" or "open store"
	Job   string // the job's ID, if it is about one
	Store string // the store's alias, if it is about one
	Err   error
}

func (e *Error) Error() string {
	text := e.Op
	if e.Job != "" {
		text += fmt.Sprintf(" %q", e.Job)
	}
	switch {
	case e.Store == "":
	case strings.HasSuffix(e.Op, " store"):
		text += fmt.Sprintf(" %q", e.Store)
	default:
		text += fmt.Sprintf(" in store %q", e.Store)
	}
	return text + ": " + e.Err.Error()
}

func (e *Error) Unwrap() error { return e.Err }

// FieldError is a value that cannot be accepted: which one, and what to give
// instead.
type FieldError struct {
	Field  string // the Go field or the configuration key, for instance "Job.MaxInstances"
	Reason string // what is wrong with it and the remedy
}

func (e *FieldError) Error() string { return e.Field + " " + e.Reason }

// PanicError is a panic that was recovered from user code.
type PanicError struct {
	Value any    // what was given to panic
	Stack []byte // the goroutine's stack at that point
}

func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// Unwrap returns the panic's value if it is an error, else nil.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}
