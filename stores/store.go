package stores

import (
	"context"
	"log/slog"
	"time"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/job"
)

// Store keeps jobs, hands out their due runs and remembers which runs are
// unfinished. The package documentation has the contract; package storetest
// checks it rule by rule.
//
// A scheduler calls one Store from one goroutine at a time; but Heartbeat, and
// one of List and History, may run beside any other method. Several schedulers
// may share what lies behind their Stores.
type Store interface {
	// Put stores jobs, all or none, and sets the Version of each. See
	// [PutMode] for what it does about jobs that exist. The jobs' settings are
	// complete; the Store keeps copies. Errors: [job.ErrJobExists],
	// [job.ErrJobNotFound], [job.ErrConflict], each in a [job.Error] that
	// names the job; [job.ErrTransientJob].
	Put(ctx context.Context, mode PutMode, jobs []job.Job) error

	// Delete removes the jobs of these IDs; of no IDs, nothing. missing are
	// those IDs that there was no job of, in their order; nil, as a rule. An
	// ID that is given twice counts once. Of the jobs' unfinished runs those
	// that nobody holds end; the others go on, and count against MaxInstances
	// if a job of the same ID is put.
	Delete(ctx context.Context, ids ...string) (missing []string, err error)

	// DeleteAll removes all jobs as Delete does, and returns how many there
	// were.
	DeleteAll(ctx context.Context) (int, error)

	// Get returns a job, or [job.ErrJobNotFound].
	Get(ctx context.Context, id string) (job.Job, error)

	// List returns up to limit jobs in order of ID, beginning behind after
	// ("" for the first page). Fewer than limit means that there are no more.
	List(ctx context.Context, after string, limit int) ([]job.Job, error)

	// Heartbeat says that the scheduler of this name is alive, for at least
	// ttl from now by the store's own clock. The first one registers the
	// name. A ttl of 0 registers it as the store's only owner until another
	// name is registered, with a lease or without, and fails with [job.ErrShared]
	// (see [Shared]) while another scheduler's lease lasts. It fails with [job.ErrLeaseExpired] if the name's
	// lease has ended before: such a name never comes back to life.
	Heartbeat(ctx context.Context, node string, ttl time.Duration) error

	// ClaimDue hands out due runs; see [Claim]. It is one atomic step: when
	// it has returned, every run in the answer is recorded as unfinished and
	// its job has moved on; if it fails, either all of this has happened or
	// nothing. Of [Claim.Done] see there.
	ClaimDue(ctx context.Context, claim *Claim) (*Claimed, error)

	// Finish records how runs ended. Only runs that node still holds (same
	// ID, same attempt) are touched; the answer tells how many they were. The
	// slice is the caller's, who uses it again.
	Finish(ctx context.Context, node string, done []Done) (Finished, error)

	// History returns up to query.Limit records that match, the newest first.
	// A Store that keeps none returns [errors.ErrUnsupported].
	History(ctx context.Context, query *HistoryQuery) ([]job.Record, error)

	// Watch arranges that changed is called, from any goroutine, soon after
	// anybody else has changed the jobs. It is a hint: calls may be lost,
	// merged or superfluous. changed does not block. A Store that cannot do it
	// returns [errors.ErrUnsupported] and is polled instead. Watching ends
	// with ctx.
	Watch(ctx context.Context, changed func()) error

	// Close releases the Store. No method is called afterwards.
	Close() error
}

// Transient is implemented by Stores that keep their jobs in this process's
// memory and so accept calls that are Go functions.
type Transient interface {
	Store
	Transient()
}

// Fleeting is implemented by Stores that are gone with Close, jobs, runs and
// all: what a scheduler gives back when it is shut down is never handed out
// again, and so is Lost. A Store that wraps one has to say so again.
type Fleeting interface {
	Store
	Fleeting()
}

// Prompt is implemented by Stores whose methods never wait: not for a disk, a
// network or a clock, and for other goroutines only while these are at work in
// the same Store. The goroutine that adds or removes jobs may then call such a
// Store itself, which saves the way to another one and back. A Store that wraps
// one and does not wait either has to say so again.
type Prompt interface {
	Store
	Prompt()
}

// Resigner is implemented by Stores in which a scheduler can give up its name
// when it is shut down. With others its lease is left to run out, which those
// wait for who want to own the store alone. A Store that wraps one has to have
// the method again.
type Resigner interface {
	Store

	// Resign ends the name, an only owner's too, from now on and for good, as
	// if its lease had run out: the next claim deals with what it holds. A
	// scheduler resigns after its last Heartbeat has returned, and not before
	// all that it has claimed has come to its end. A name that is dead, or that
	// was never registered, stays what it is, and is no error.
	Resign(ctx context.Context, node string) error
}

// Opener opens a Store. It is called each time the scheduler starts, and again
// after the Store has panicked. ctx is for the opening only: it ends if the
// scheduler is shut down, and out of patience, meanwhile. An Opener must not start
// to use what the last Store it opened has not yet released by Close. One that goes
// on when ctx has ended may be called again meanwhile; what it opens then is closed.
type Opener func(ctx context.Context, env Env) (Store, error)

// Env is what a Store may use of the scheduler that opens it.
type Env struct {
	Alias  string // the alias under which the scheduler knows the Store
	Clock  clock.Clock
	Logger *slog.Logger
}

// PutMode says what [Store.Put] does about jobs that exist already.
type PutMode uint8

const (
	// Insert refuses them with [job.ErrJobExists].
	Insert PutMode = iota

	// Replace overwrites them.
	Replace

	// IfVersion overwrites a job if it exists with the given Version, fails
	// with [job.ErrConflict] if it has another one and with
	// [job.ErrJobNotFound] if there is none.
	IfVersion
)

// Claim asks for due runs. What the claim does for each job, in order of next
// run time (ties: of ID), until Limit runs are claimed:
//
//   - not due (NextRunTime zero or after Now), or waiting (see [Step.Wait]):
//     nothing;
//   - not to be run by this process (see Known): nothing, but a due one is
//     listed in [Claimed.Parked];
//   - otherwise Plan is asked and what it says is recorded.
type Claim struct {
	// Node is the name that the scheduler has registered by Heartbeat. If its
	// lease has ended the claim fails with [job.ErrLeaseExpired].
	Node string

	// Now decides what is due. Leases are judged by the store's own clock.
	Now time.Time

	// Limit is how many runs to claim at the most; at least 1. One job's
	// several run times are not torn apart: the last job may exceed it.
	Limit int

	// Seq numbers the claims of Node, from 1. A claim whose answer was not
	// received is repeated with the same Seq: if the Store has carried it out
	// already, it does nothing but record Done and return the same Runs again
	// (and the rest of the answer as far as it still knows it), whatever else
	// the claim says. A Store needs to remember the latest Seq of a node only.
	Seq uint64

	// Known says which jobs this process can run. Nil: all. A caller passes
	// the same pointer as long as nothing has changed.
	Known *Known

	// Done are ends of runs that Node held. They are recorded as by Finish,
	// before anything else that the claim does, also if it is a repetition: it
	// saves the round trip and the wait for the disk that a Finish costs. The
	// slice is the caller's, who uses it again.
	Done []Done

	// Plan decides about one due job. live is how many of its instances are
	// unfinished, in all processes. It fills in step, which is zero but for
	// the capacity of its slices. It does no I/O, retains neither argument,
	// does not panic, and may be asked again about the same job.
	Plan func(j *job.Job, live int, step *Step)
}

// Known are the names of what a process can run. A nil list: everything.
type Known struct {
	Tasks     []string // calls that are Go functions are always known
	Executors []string
	Triggers  []string // kinds, as in package triggers
}

// Step is what becomes of a due job.
type Step struct {
	// Next is the job's next run time. Zero with Ended unset: it is paused.
	Next time.Time

	// Ended means that the trigger has no further time. The job is gone for
	// Get and List from now on; what its unfinished runs need of it is kept
	// until they are finished.
	Ended bool

	// Wait means that the job is not due, whatever Next says, until one of
	// its instances has ended: it is working off a backlog.
	Wait bool

	// Runs are the times to run the job for: one instance, in order.
	Runs []time.Time

	// First is the first time that was coalesced into Runs[0] or, if there are
	// no Runs, into Skipped[0]; zero if none.
	First time.Time

	// Skipped are the times that MaxInstances forbids to run. They have had
	// their outcome with this step.
	Skipped []time.Time

	// Park, if not empty, says why the job can't be planned, for instance
	// because its trigger panicked. Nothing else of the step counts: the job
	// stays as it is, is listed in [Claimed.Parked] and is not due again until
	// it is put, Known changes, or another process has moved it on.
	Park string
}

// Claimed is the answer to a [Claim].
type Claimed struct {
	// Finished is what Finish would have answered to Claim.Done; what its Next
	// tells of, the claim may have handed out already. Nil if Done was empty: a
	// Store that leaves it nil although there was something has not recorded
	// it, and is told once more by Finish.
	Finished *Finished

	// Runs are to be executed, each exactly once, by the claiming scheduler,
	// which then reports them by Finish. They come in order of NextRunTime
	// and ID of their jobs; runs of one instance stand together.
	Runs []job.Run

	// Lost are runs whose scheduler has died, and which are not handed out
	// again.
	// Each is reported to one claimer, once.
	Lost []job.Run

	// Skipped are the skipped times of Step.Skipped, by job.
	Skipped []Skip

	// Ended are the jobs that have ended by this claim, in order.
	Ended []string

	// Parked are due jobs that this process can't run: each once until it is
	// put again, Known changes, or Plan gives another reason. The list may be
	// cut; the rest is then in later answers.
	Parked []Parked

	// Next is when to claim again: the earliest next run time of a job that
	// this process can run. Zero: never, until something changes.
	Next time.Time

	// More means that there were more due jobs than Limit allowed.
	More bool
}

// Skip are run times of a job that MaxInstances forbade to run.
type Skip struct {
	JobID    string
	Executor string // alias
	Times    []time.Time

	// Running is the unfinished run that was claimed first, of those that
	// were in the way; RunningSince is the time it was scheduled for.
	Running      int64
	RunningSince time.Time
}

// Parked is a job that this process can't run.
type Parked struct {
	JobID  string
	Reason string
}

// Done is the end of one run.
type Done struct {
	RunID   int64
	Attempt int
	JobID   string

	// Outcome is Executed, Failed, Missed or Lost; or Released: the run was
	// not started, and is to be handed out again.
	Outcome job.Outcome

	Err               string    // the error's text, for the record
	Started, Finished time.Time // zero if it was not started
}

// Finished is the answer to [Store.Finish].
type Finished struct {
	// Held is how many of the runs were still held by the node.
	Held int

	// Next, if not zero, is a time at which there is something to claim that
	// there was not before: a job has waited for one of these runs, or one of
	// them was released.
	Next time.Time
}
