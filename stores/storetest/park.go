package storetest

import (
	"context"
	"errors"
	"fmt"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// little is what a process knows that knows little.
var little = &stores.Known{Tasks: []string{"work"}, Executors: []string{"default"}, Triggers: []string{"storetest.every"}}

func alienTask(id string, second float64) job.Job {
	j := due(id, second)
	j.Call = task("alien")
	return j
}

// parks checks that a job is parked and stays as it is.
func parks(e *env, j job.Job) error {
	s := e.owner("n")
	s.insert(j, due("z", 2))
	before := s.get(j.ID)
	c := s.claim(1, stores.Claim{Known: little})
	err := errors.Join(want("claim", "parked "+j.ID+"; next 2", c), same("the job", s.get(j.ID), before))
	if err == nil && c.Parked[0].Reason == "" {
		err = errors.New("the reason is empty")
	}
	return err
}

var parkRules = []rule{
	{
		name:        "park/task",
		explanation: "A due job whose task this process does not know is listed in Parked with a reason, and stays as it is.",
		check:       func(e *env) error { return parks(e, alienTask("a", 1)) },
	},
	{
		name:        "park/executor",
		explanation: "A due job whose executor this process does not know is listed in Parked with a reason, and stays as it is.",
		check: func(e *env) error {
			j := due("a", 1)
			j.Executor = "alien"
			return parks(e, j)
		},
	},
	{
		name:        "park/trigger",
		explanation: "A due job whose kind of trigger this process does not know is listed in Parked with a reason, and stays as it is.",
		check: func(e *env) error {
			j := due("a", 1)
			j.Trigger = strange{}
			return parks(e, j)
		},
	},
	{
		name:        "park/func",
		explanation: "Calls that are Go functions, and triggers without a kind, are always known.",
		check: func(e *env) error {
			s := e.owner("n")
			if _, transient := s.Store.(stores.Transient); !transient {
				return nil
			}
			j := due("a", 1)
			j.Call, j.Trigger = job.Func(func(context.Context) error { return nil }), fleeting{}
			s.insert(j)
			return want("claim", "runs a@1; ended a; next never", s.claim(1, stores.Claim{Known: little}))
		},
	},
	{
		name:        "park/lists",
		explanation: "A nil list in Known means everything, an empty one nothing.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(alienTask("a", 1), due("b", 1))
			return errors.Join(
				want("empty", "parked a b; next never", s.claim(1, stores.Claim{Known: &stores.Known{Tasks: []string{}}})),
				want("nil", "runs a@1 b@1; ended a b; next never", s.claim(1, stores.Claim{Known: &stores.Known{}})))
		},
	},
	{
		name:        "park/not-due",
		explanation: "A job that is not due is not parked, even if this process cannot run it.",
		check: func(e *env) error {
			s := e.owner("n")
			paused := alienTask("p", 1)
			paused.NextRunTime = idle("").NextRunTime
			s.insert(alienTask("a", 5), paused)
			return want("claim", "next never", s.claim(1, stores.Claim{Known: little}))
		},
	},
	{
		name:        "park/others-run",
		explanation: "Parked jobs do not stand in the way of others, however many they are.",
		check: func(e *env) error {
			s := e.owner("n")
			for i := range 300 {
				s.insert(alienTask(fmt.Sprint("a", i), 1))
			}
			s.insert(due("b", 2))
			for range 500 {
				c := s.claim(3, stores.Claim{Known: little, Limit: 1})
				if len(c.Runs) > 0 {
					return want("run", "b@2", showRuns(c.Runs))
				}
			}
			return errors.New("500 claims have not come to the job that can be run")
		},
	},
	{
		name:        "park/all-listed",
		explanation: "Each parked job is listed at least once: if the list is cut the rest is in later answers.",
		check: func(e *env) error {
			s := e.owner("n")
			for i := range 300 {
				s.insert(alienTask(fmt.Sprint("a", i), 1))
			}
			listed := map[string]bool{}
			for range 500 {
				for _, p := range s.claim(3, stores.Claim{Known: little}).Parked {
					listed[p.JobID] = true
				}
			}
			return want("listed", "300", len(listed))
		},
	},
	{
		name:        "park/among-many",
		explanation: "Among however many jobs that are parked and were told of, one that is put again runs at once if it can be run, and is listed again in this answer or a later one if not.",
		check: func(e *env) error {
			s := e.owner("n")
			for i := range 300 {
				s.insert(alienTask(fmt.Sprintf("a%03d", i), 1))
			}
			listed := map[string]int{}
			claim := func() *stores.Claimed {
				c := s.claim(3, stores.Claim{Known: little})
				for _, p := range c.Parked {
					listed[p.JobID]++
				}
				return c
			}
			for i := 0; i < 500 && len(listed) < 300; i++ {
				claim()
			}
			err := want("listed", "300", len(listed))
			clear(listed)
			s.replace(due("a007", 1), alienTask("a005", 1), alienTask("a250", 1), alienTask("a251", 3))
			err = errors.Join(err, want("run", "a007@1", showRuns(claim().Runs)))
			for range 50 {
				claim()
			}
			return errors.Join(err, want("listed again", "map[a005:1 a250:1 a251:1]", listed))
		},
	},
	{
		name:        "park/known-changes",
		explanation: "When other names are known, another Known is passed: parked jobs that can be run now are due again, the others are listed again.",
		check: func(e *env) error {
			s := e.owner("n")
			other := due("b", 1)
			other.Executor = "other"
			s.insert(alienTask("a", 1), other)
			more := &stores.Known{Tasks: []string{"work", "alien"}, Executors: []string{"default"}}
			return errors.Join(
				want("before", "parked a b; next never", s.claim(1, stores.Claim{Known: little})),
				want("after", "runs a@1; ended a; parked b; next never", s.claim(1, stores.Claim{Known: more})),
				want("all", "runs b@1; ended b; next never", s.claim(1, stores.Claim{})))
		},
	},
	{
		name:        "park/put",
		explanation: "A parked job that is put again is looked at again: it runs if it can be run, or is listed again.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(alienTask("a", 1), alienTask("b", 1), alienTask("c", 1))
			s.claim(1, stores.Claim{Known: little})
			s.replace(due("a", 1), alienTask("b", 1))
			return errors.Join(
				want("claim", "runs a@1; ended a; parked b; next never", s.claim(1, stores.Claim{Known: little})),
				want("List", "b c", s.list("", 10)))
		},
	},
	{
		name:        "park/deleted",
		explanation: "A parked job that is deleted is gone.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(alienTask("a", 1), alienTask("b", 1))
			s.claim(1, stores.Claim{Known: little})
			missing, n := s.delete("a"), s.deleteAll()
			return errors.Join(want("missing", "[]", missing), want("deleted", "1", n), want("claim", "next never", s.claim(1, stores.Claim{})))
		},
	},
	{
		name:        "park/by-plan",
		explanation: "A step with Park leaves the job as it is, whatever else the step says, and lists it with that reason.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			before := s.get("a")
			c := s.do(1, func(_ *job.Job, _ int, step *stores.Step) {
				*step = stores.Step{
					Park: "the trigger panicked", Next: at(9), Ended: true, Wait: true, First: at(0),
					Runs: append(step.Runs, at(1)), Skipped: append(step.Skipped, at(1)),
				}
			})
			return errors.Join(want("claim", "parked a; next never", c),
				want("parked", "{a the trigger panicked}", c.Parked[0]),
				same("the job", s.get("a"), before))
		},
	},
	{
		name:        "park/by-plan-until-changed",
		explanation: "A job that Plan has parked, and that nobody else moves on, is not due until it is put again or Known changes.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 1))
			s.do(1, park("no"))
			asked := 0
			s.do(2, func(j *job.Job, live int, step *stores.Step) { asked++; once(j, live, step) })
			s.replace(due("a", 2))
			return errors.Join(want("asked", "0", asked),
				want("put", "runs a@2; ended a; next never", s.do(2, once)),
				want("other Known", "runs b@1; ended b; next never", s.claim(2, stores.Claim{Known: little})))
		},
	},
	{
		name:        "park/elsewhere",
		needs:       shared,
		explanation: "A job that one process cannot run is run by another that can, and moves on there; it is not listed again for that.",
		check: func(e *env) error {
			a, b := e.node("a"), e.node("b")
			a.insert(alienTask("j", 1), alienTask("k", 9))
			return errors.Join(
				want("a", "parked j; next never", a.claim(1, stores.Claim{Known: little})),
				want("b", "runs j@1; next 5", b.do(1, then(5))),
				want("a in between", "next never", a.claim(4, stores.Claim{Known: little})),
				want("a again", "next never", a.claim(5, stores.Claim{Known: little})),
				want("b again", "runs j@5; next 9", b.do(5, then(9))),
				want("a at last", "parked k; next never", a.claim(9, stores.Claim{Known: little})))
		},
	},
	{
		name:        "park/elsewhere-and-put",
		needs:       shared,
		explanation: "A parked job that others have moved on is listed again once it is put, or put anew, or when other names are known.",
		check: func(e *env) error {
			a, b := e.node("a"), e.node("b")
			claim := func() *stores.Claimed { return a.claim(9, stores.Claim{Known: little}) }
			a.insert(alienTask("j", 1))
			err := errors.Join(
				want("first", "parked j; next never", claim()),
				want("b", "runs j@1; next 5", b.do(1, then(5))))
			b.replace(alienTask("j", 5))
			err = errors.Join(err,
				want("put", "parked j; next never", claim()),
				want("b again", "runs j@5; next 7", b.do(5, then(7))))
			b.delete("j")
			b.insert(alienTask("j", 7))
			return errors.Join(err,
				want("put anew", "parked j; next never", claim()),
				want("b", "runs j@7; next 8", b.do(7, then(8))),
				want("other names", "parked j; next never", a.claim(9, stores.Claim{Known: &stores.Known{Tasks: []string{"work"}}})))
		},
	},
	{
		name:        "park/by-plan-elsewhere",
		needs:       shared,
		explanation: "What Plan has parked is planned again when others have moved it on, and listed again only if the reason is another one.",
		check: func(e *env) error {
			a, b := e.node("a"), e.node("b")
			a.insert(due("j", 1))
			return errors.Join(
				want("a", "parked j; next never", a.do(1, park("no"))),
				want("b", "runs j@1; next 2", b.do(1, then(2))),
				want("a again", "next never", a.do(2, park("no"))),
				want("b again", "runs j@2; next 3", b.claim(2, stores.Claim{Known: &stores.Known{}, Plan: then(3)})),
				want("another reason", "parked j; next never", a.do(3, park("never"))),
				want("b at last", "runs j@3; next 4", b.claim(3, stores.Claim{Known: &stores.Known{}, Plan: then(4)})),
				want("no reason", "runs j@4; next 5", a.do(4, then(5))))
		},
	},
	{
		name:        "park/lists-elsewhere",
		needs:       shared,
		explanation: "Each process is told of the jobs that it cannot run itself.",
		check: func(e *env) error {
			a, b := e.node("a"), e.node("b")
			a.insert(alienTask("j", 1))
			return errors.Join(
				want("a", "parked j; next never", a.claim(1, stores.Claim{Known: little})),
				want("b", "parked j; next never", b.claim(1, stores.Claim{Known: &stores.Known{Tasks: []string{"work"}}})))
		},
	},
}
