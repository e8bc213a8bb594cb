package storetest

import (
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"github.com/carillon-go/carillon/clock"
)

// rule is one sentence of the contract.
type rule struct {
	name        string
	needs       needs
	waits       bool   // until leases have ended
	explanation string // printed when a store breaks it
	check       func(*env) error
}

// needs are the abilities of a store without which a rule says nothing.
type needs uint8

const (
	durable needs = 1 << iota
	shared
	watching
	recording
	aging
)

func (n needs) String() string {
	var names []string
	for i, name := range []string{"durable", "shared", "able to watch", "able to keep a history", "able to be told how old it is"} {
		if n&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, " and ")
}

// rules are all rules, by topic.
func rules() []rule {
	return slices.Concat(
		putRules, jobRules, deleteRules, listRules,
		claimRules, orderRules, limitRules, planRules, waitRules, parkRules, repeatRules,
		finishRules, doneRules, releaseRules, releaseOrderRules,
		leaseRules, resignRules, lostRules, takeoverRules, historyRules, historyQueryRules,
		reopenRules, watchRules, cancelRules, concurrentRules, modelRules,
	)
}

// topic is what a rule's name begins with.
func (r rule) topic() string {
	topic, _, _ := strings.Cut(r.name, "/")
	return topic
}

// on checks the rule on a store of its own. If it is broken, and its steps have
// taken too long for the lease, that proves nothing: then it is checked again
// with a longer one.
func (r rule) on(t testing.TB, h Harness) error {
	for range 2 {
		slow, err := r.once(t, h)
		if err == nil || !slow {
			return err
		}
		h.RealLease *= 4
	}
	_, err := r.once(t, h)
	return err
}

func (r rule) once(t testing.TB, h Harness) (slow bool, err error) {
	e := newEnv(t, h)
	e.waits = r.waits
	begin := clock.Real().Now()
	defer func() { slow = r.waits && h.RealLease > 0 && clock.Real().Now().Sub(begin)-e.waited > h.RealLease/4 }()
	defer func() {
		if fault := e.close(); err == nil && fault != nil {
			err = fmt.Errorf("Close: %w", fault)
		}
	}()
	defer caught(&err)
	return false, r.check(e)
}

// failure is thrown by [env.must], to end a check.
type failure struct{ error }

// caught, deferred, makes an error of what ends a check: a failure, or the
// panic of a store, or of a check that misses something in its answer.
func caught(err *error) {
	switch fault := recover().(type) {
	case nil:
	case failure:
		*err = fault.error
	default:
		*err = fmt.Errorf("panic: %v\n%s", fault, debug.Stack())
	}
}
