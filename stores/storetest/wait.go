package storetest

import (
	"errors"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

var waitRules = []rule{
	{
		name:        "wait/not-due",
		explanation: "A job that waits is not due, whatever its next run time is, and does not count for Next.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 50))
			return errors.Join(
				want("claim", "runs a@1; next 50", s.do(9, wait(then(2)))),
				want("second claim", "next 50", s.do(9, once)),
				want("NextRunTime", "2", s.get("a").NextRunTime))
		},
	},
	{
		name:        "wait/finished",
		explanation: "A job that waits is due again once one of its instances has ended; Finish says when.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			c := s.do(9, wait(then(2)))
			return errors.Join(
				want("Finish", "held 1, next 2", s.finish(job.Executed, c.Runs...)),
				want("claim", "runs a@2; ended a; next never", s.do(9, once)))
		},
	},
	{
		name:        "wait/instance",
		explanation: "A job that waits for an instance of several runs waits for the last of them: planned earlier, it would find the instance live and might skip its backlog.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			c := s.do(9, wait(runs(1, 2, 3)))
			return errors.Join(
				want("Finish of the first", "held 1, next never", s.finish(job.Executed, c.Runs[0])),
				want("Finish of the third", "held 1, next never", s.finish(job.Failed, c.Runs[2])),
				want("claim", "next never", s.do(9, once)),
				want("Finish of the second", "held 1, next 1", s.finish(job.Missed, c.Runs[1])))
		},
	},
	{
		name:        "wait/any-instance",
		explanation: "The end of any one instance of the job ends the wait, also of one that was claimed before.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			c := s.do(1, then(2))
			s.do(2, wait(then(3)))
			return errors.Join(
				want("Finish", "held 1, next 3", s.finish(job.Executed, c.Runs...)),
				want("claim", "runs a@3; ended a; next never", s.do(3, once)))
		},
	},
	{
		name:        "wait/earliest",
		explanation: "If several jobs have waited for the runs that are finished, Next of Finish is the earliest of their times.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 2), due("c", 3))
			c := s.do(9, wait(once))
			return want("Finish", "held 2, next 2", s.finish(job.Executed, c.Runs[2], c.Runs[1]))
		},
	},
	{
		name:        "wait/without-runs",
		explanation: "A job without an unfinished run has nothing to wait for, and is due at its next run time.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			return errors.Join(want("claim", "next 2", s.do(1, wait(skipTo(2)))), want("claim", "runs a@2; ended a; next never", s.do(2, once)))
		},
	},
	{
		name:        "wait/put",
		explanation: "A Put does not end a wait: the backlog is still there. The new next run time counts when the wait is over.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 1))
			c := s.do(9, wait(then(2)))
			s.replace(due("a", 5))
			b := s.get("b")
			b.NextRunTime = at(6)
			s.put(stores.IfVersion, b)
			return errors.Join(
				want("claim", "next never", s.do(9, once)),
				want("Finish", "held 2, next 5", s.finish(job.Executed, c.Runs...)),
				want("claim", "runs a@5 b@6; ended a b; next never", s.do(9, once)))
		},
	},
	{
		name:        "wait/paused-meanwhile",
		explanation: "A job that was paused while it waited stays paused when the wait is over.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			c := s.do(9, wait(then(2)))
			s.replace(idle("a"))
			return errors.Join(
				want("Finish", "held 1, next never", s.finish(job.Executed, c.Runs...)),
				want("claim", "next never", s.do(9, once)))
		},
	},
	{
		name:        "wait/deleted",
		explanation: "A job that is deleted and put again does not wait for what its predecessor waited for.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			s.do(9, wait(then(2)))
			s.delete("a")
			s.insert(due("a", 3))
			return want("claim", "runs a@3; ended a; next never", s.do(9, once))
		},
	},
	{
		name:        "wait/lost",
		needs:       shared,
		waits:       true,
		explanation: "A run that is lost ends a wait too: the job is planned by the claim that reports the loss.",
		check: func(e *env) error {
			a := e.node("a")
			a.insert(due("j", 1))
			a.do(9, wait(then(2)))
			e.expire()
			b := e.node("b")
			return want("claim", "runs j@2; lost j@1; ended j; next never", b.do(9, once))
		},
	},
	{
		name:        "wait/takeover",
		needs:       shared,
		waits:       true,
		explanation: "A run that is taken over has not ended: its job goes on waiting, and is due when the run has ended at its new node.",
		check: func(e *env) error {
			a := e.node("a")
			a.insert(eager("j", 1))
			a.do(9, wait(then(2)))
			e.expire()
			b := e.node("b")
			c := b.do(9, once)
			return errors.Join(want("claim", "runs j@1#2; next never", c),
				want("Finish", "held 1, next 2", b.finish(job.Executed, c.Runs...)))
		},
	},
}

// skipTo does nothing but move the job on.
func skipTo(second float64) plan {
	return func(_ *job.Job, _ int, step *stores.Step) { step.Next = at(second) }
}
