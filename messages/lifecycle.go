package messages

import "github.com/carillon-go/carillon/job"

// State is the scheduler's state. The numbers are APScheduler's.
type State uint8

const (
	// Stopped: nothing runs; jobs that are added wait for the start. Start
	// leads to Running, StartPaused to Paused.
	Stopped State = iota

	// Running: due jobs are run. Pause leads to Paused, Shutdown to Stopped.
	Running

	// Paused: jobs are kept and may be changed, but none is run. Resume leads
	// to Running, Shutdown to Stopped.
	Paused
)

// String returns "stopped", "running" or "paused".
func (s State) String() string {
	switch s {
	case Stopped:
		return "stopped"
	case Running:
		return "running"
	case Paused:
		return "paused"
	}
	return "State(?)"
}

// Lifecycle is what the supervisor is told.
//
//sumtype:decl
type Lifecycle interface{ lifecycle() }

type (
	// Start asks for Running, or for Paused.
	Start struct {
		Reply[None]
		Origin
		Paused bool
	}

	// Pause asks for Paused.
	Pause struct{ Reply[None] }

	// Resume asks for Running.
	Resume struct{ Reply[None] }

	// Shutdown asks for Stopped, and is answered when all runs have ended and
	// everything is closed; from inside, once the state is Stopped.
	Shutdown struct {
		Reply[None]
		Origin
	}

	// Halt ends the patience of a Shutdown that has not been answered, step by
	// step.
	Halt struct {
		Shutdown *Shutdown
		Urgency  Urgency
	}

	// AwaitStopped is answered when the scheduler has been shut down; at once if
	// it is stopped.
	AwaitStopped struct{ Reply[None] }

	// GetState asks for the state.
	GetState struct{ Reply[State] }

	// GetRuns asks for the runs that executors have and that have not ended.
	GetRuns struct{ Reply[[]job.ActiveRun] }

	// GetMembers asks for the aliases of the stores, or of the executors, in the
	// order in which they were added.
	GetMembers struct {
		Reply[[]string]
		Kind Kind
	}

	// Configure changes the settings of a stopped scheduler.
	Configure struct {
		Reply[None]
		Origin
		Settings Settings
	}
)

// Origin says whether the caller is itself a run or a listener, for whose end a
// shutdown waits. Requests have one that would have to wait for the end of the
// shutdown.
type Origin struct{ inside bool }

// From notes where the request comes from.
func (o *Origin) From(inside bool) { o.inside = inside }

// Inside reports whether it comes from a run or a listener.
func (o *Origin) Inside() bool { return o.inside }

// Urgency says what a shutdown does not wait for any more.
type Urgency uint8

// The steps of urgency.
const (
	NoHurry Urgency = iota

	// CancelRuns: the contexts of the runs, and of whatever is being opened,
	// are cancelled.
	CancelRuns

	// AbandonRuns: runs and listeners are not waited for any more.
	AbandonRuns

	// AbandonAll: stores are not waited for either. The Shutdown is answered
	// with what is still busy.
	AbandonAll
)

// None is the answer to a request that only wants to know whether it went well.
type None = struct{}

// Settings are what a scheduler applies to all jobs.
type Settings struct {
	Defaults job.Defaults
}

func (*Start) lifecycle()        {}
func (*Pause) lifecycle()        {}
func (*Resume) lifecycle()       {}
func (*Shutdown) lifecycle()     {}
func (*Halt) lifecycle()         {}
func (*GetState) lifecycle()     {}
func (*GetRuns) lifecycle()      {}
func (*GetMembers) lifecycle()   {}
func (*AwaitStopped) lifecycle() {}
func (*Configure) lifecycle()    {}
