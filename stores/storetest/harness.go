package storetest

import (
	"testing"
	"time"

	"github.com/carillon-go/carillon/stores"
)

// Harness is a kind of store with all that the suite must know of it.
type Harness struct {
	// Open makes a new, empty store and returns the Opener by which the suite
	// opens it. It may use t to clean up and to give up, and must make the
	// store know the triggers of [Kinds], if it has to read triggers back.
	Open func(t testing.TB) stores.Opener

	// Durable says that jobs and unfinished runs outlive Close: the Opener
	// opens the same store again.
	Durable bool

	// Shared says that the Opener may be called several times at once, for
	// several schedulers on the same jobs.
	Shared bool

	// Watch says that Watch works.
	Watch bool

	// RealLease is the lease for a store that judges leases by a clock of its
	// own: long enough that the suite's steps fit into it, for instance a
	// second. It is waited for about forty times. Zero: the store judges them
	// by [stores.Env.Clock], and nothing is waited for.
	RealLease time.Duration
}

// Run checks every rule of the contract that concerns stores of this kind, each
// in a subtest and with a store of its own.
func Run(t *testing.T, h Harness) {
	for _, r := range rules() {
		t.Run(r.name, func(t *testing.T) {
			if lacks := r.needs &^ h.offers(); lacks != 0 {
				t.Skip("for stores that are", lacks)
			}
			if err := r.on(t, h); err != nil {
				t.Errorf("%v\n\nthe rule: %s", err, r.explanation)
			}
		})
	}
}

func (h Harness) offers() (n needs) {
	if h.Durable {
		n |= durable
	}
	if h.Shared {
		n |= shared
	}
	if h.Watch {
		n |= watching
	}
	return n
}
