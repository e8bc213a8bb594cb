package storetest

import (
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
)

// rule is one sentence of the contract.
type rule struct {
	name        string
	needs       needs
	explanation string // printed when a store breaks it
	check       func(*env) error
}

// needs are the abilities of a store without which a rule says nothing.
type needs uint8

const (
	durable needs = 1 << iota
	shared
	watching
)

func (n needs) String() string {
	var names []string
	for i, name := range []string{"durable", "shared", "able to watch"} {
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
		finishRules, releaseRules,
		leaseRules, lostRules, takeoverRules,
		reopenRules, watchRules, cancelRules, concurrentRules, modelRules,
	)
}

// on checks the rule on a store of its own.
func (r rule) on(t testing.TB, h Harness) (err error) {
	e := newEnv(t, h)
	defer func() {
		if fault := e.close(); err == nil && fault != nil {
			err = fmt.Errorf("Close: %w", fault)
		}
	}()
	defer caught(&err)
	return r.check(e)
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
