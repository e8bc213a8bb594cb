package storetest

import (
	"strings"
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

	// History says that the store keeps a history, of 2,000 records and an
	// hour at least.
	History bool

	// HistoryAge is how long the store keeps a record by [stores.Env.Clock]:
	// what it was given as, or makes of, [stores.Retention].Age. Zero: it judges
	// that by a clock of its own, and the suite does not look at it.
	HistoryAge time.Duration

	// RealLease is the lease for a store that judges leases by a clock of its
	// own: long enough for a few steps of the suite, for instance a second. It
	// is waited for about forty times, by tests that run in parallel, so that
	// Open is called by several at once. Zero: the store judges leases by
	// [stores.Env.Clock], and nothing is waited for.
	RealLease time.Duration
}

// Run checks every rule of the contract that concerns stores of this kind, each
// in a subtest and with a store of its own.
func Run(t *testing.T, h Harness) {
	all := rules()
	for len(all) > 0 {
		topic := all[0].topic()
		n := 1
		for n < len(all) && all[n].topic() == topic {
			n++
		}
		t.Run(topic, func(t *testing.T) { run(t, h, all[:n]) })
		all = all[n:]
	}
}

// run checks the rules of one topic.
func run(t *testing.T, h Harness, rules []rule) {
	for _, r := range rules {
		_, what, _ := strings.Cut(r.name, "/")
		t.Run(what, func(t *testing.T) {
			if lacks := r.needs &^ h.offers(); lacks != 0 {
				t.Skip("for stores that are", lacks)
			}
			if r.waits && h.RealLease > 0 {
				t.Parallel()
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
	if h.History {
		n |= recording
		if h.HistoryAge > 0 {
			n |= aging
		}
	}
	return n
}
