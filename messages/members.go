package messages

import (
	"github.com/carillon-go/carillon/executors"
	"github.com/carillon-go/carillon/stores"
)

// Members is what the supervisor is told about the stores and executors.
//
//sumtype:decl
type Members interface{ members() }

type (
	// AddStore adds a store. While the scheduler is started it is opened at
	// once, and the answer waits for it.
	AddStore struct {
		Reply[None]
		Origin
		Alias string
		Open  stores.Opener
	}

	// RemoveStore removes a store; its jobs stay in it. It is closed when its
	// unfinished runs have ended.
	RemoveStore struct {
		Reply[None]
		Origin
		Alias string
	}

	// AddExecutor adds an executor.
	AddExecutor struct {
		Reply[None]
		Origin
		Alias string
		Open  executors.Opener
	}

	// RemoveExecutor removes an executor. Its runs go on; the answer waits for
	// their end, unless Detach is set.
	RemoveExecutor struct {
		Reply[None]
		Origin
		Alias  string
		Detach bool
	}
)

func (*AddStore) members()       {}
func (*RemoveStore) members()    {}
func (*AddExecutor) members()    {}
func (*RemoveExecutor) members() {}

// Opening and closing, between the supervisor, the scheduler and the actor of
// the store or executor.
type (
	// Open tells a store or executor actor to open what it stands for.
	Open struct{}

	// Opened says how that went.
	Opened struct {
		Member   string // the actor's name, for instance "store-default-1"
		Fleeting bool   // it is a store that is gone when it is closed
		Err      error
	}

	// CloseStore is the last message that a store actor gets. It comes from
	// the scheduler, behind everything else that is to be stored.
	CloseStore struct {
		Idle bool // none of the store's runs is being executed
	}

	// CloseExecutor tells an executor actor to shut its executor down. It comes
	// from the scheduler, behind all runs.
	CloseExecutor struct{}

	// Closed says that a store or executor is closed.
	Closed struct {
		Member string
		Err    error
	}
)

// IgnoreDeadLetterLogging says that it is of no interest if the actor has left
// already.
func (*CloseStore) IgnoreDeadLetterLogging()    {}
func (*CloseExecutor) IgnoreDeadLetterLogging() {}

// The scheduler and its members, between the supervisor and the scheduler.
type (
	// Join makes a store or executor known to the scheduler: which of the two
	// Kind is, its alias, and the name of its actor.
	Join struct {
		Kind     Kind
		Alias    string
		Member   string
		Fleeting bool          // as in Opened
		Asker    Request[None] // is answered when it is known; nil: nobody has asked
	}

	// Leave makes the scheduler forget it, and close it: an executor at once, a
	// store once its unfinished runs have ended; Now: at once.
	Leave struct {
		Kind   Kind
		Member string
		Now    bool
		Asker  Request[None] // is answered when it is forgotten; nil: nobody has asked
	}

	// SetMode tells the scheduler which state to work in.
	SetMode struct{ State State }

	// ModeSet answers SetMode: nothing that contradicts the state will be
	// done any more.
	ModeSet struct{ State State }

	// PutPending tells the scheduler to put the jobs that were added before
	// the start into their stores.
	PutPending struct{ Settings Settings }

	// PendingPut answers it.
	PendingPut struct{ Err error }
)

// Kind tells stores from executors.
type Kind uint8

// The kinds of members.
const (
	StoreMember Kind = iota
	ExecutorMember
)

// String returns "store" or "executor".
func (k Kind) String() string {
	if k == StoreMember {
		return "store"
	}
	return "executor"
}
