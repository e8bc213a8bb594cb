package executortest

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/executors"
)

// Options say what kind of Executor is tested. The zero value is right for
// one that executes any number of runs side by side.
type Options struct {
	// Size is how many runs the Executor executes at a time. Zero: any number.
	Size int

	// Inline means that the Executor executes runs one after the other while
	// Execute waits. Size is then not looked at.
	Inline bool
}

// apart reports whether runs are executed while Execute has returned.
func (o Options) apart() bool { return !o.Inline }

// parallel reports whether two runs may be executed at a time.
func (o Options) parallel() bool { return !o.Inline && o.Size != 1 }

// limited reports whether the Executor makes runs wait for others to end.
func (o Options) limited() bool { return !o.Inline && o.Size > 0 }

// A rule is one sentence of the contract, with the check that it is kept.
// The check returns what is wrong; it gets an Executor that is fresh, inside a
// bubble of [synctest].
type rule struct {
	name        string
	explanation string
	applies     func(Options) bool // nil: always
	check       func(*rig) error
}

var rules = slices.Concat(
	executeRules, reportRules, outcomeRules, misfireRules, contextRules, orderRules,
	parallelRules, shutdownRules, stressRules, simulationRules,
)

// Run checks an Executor against the contract, one subtest a rule. It opens
// many of them.
func Run(t *testing.T, open executors.Opener, options Options) {
	for _, rule := range rules {
		t.Run(rule.name, func(t *testing.T) {
			if rule.applies != nil && !rule.applies(options) {
				t.Skip("the rule is not for an Executor with", fmt.Sprintf("%+v", options))
			}
			if err := rule.verify(t, open, options); err != nil {
				t.Errorf("%v\nThe rule: %s.", err, rule.explanation)
			}
		})
	}
}

// verify checks the rule in a bubble, where time moves only when nothing else
// does, and where goroutines that are left over are noticed.
func (r rule) verify(t *testing.T, open executors.Opener, options Options) (err error) {
	defer func() {
		if left := recover(); left != nil {
			err = fmt.Errorf("the Executor is stuck: %v", left)
		}
	}()
	synctest.Test(t, func(*testing.T) {
		rig, openErr := newRig(NewHost(clock.Real()), open, options)
		if openErr != nil {
			err = fmt.Errorf("open: %w", openErr)
			return
		}
		defer rig.dismantle()
		err = r.check(rig)
	})
	return err
}
