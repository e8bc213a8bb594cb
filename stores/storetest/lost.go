package storetest

import (
	"errors"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

var lostRules = []rule{
	{
		name:        "lost/reported",
		needs:       shared,
		waits:       true,
		explanation: "Unfinished runs of a dead node whose jobs are AtMostOnce are reported in Lost, with all their fields, and are not run again.",
		check: func(e *env) error {
			a := e.node("a")
			j := unusual()
			j.Delivery = job.AtMostOnce
			a.insert(j)
			run := a.do(1, once).Runs[0]
			e.expire()
			c := e.node("b").do(1, once)
			return errors.Join(want("claim", "lost "+j.ID+"@0.123456; next never", c), same("the run", c.Lost[0], run))
		},
	},
	{
		name:        "lost/once",
		needs:       shared,
		waits:       true,
		explanation: "Each lost run is reported to one claimer, once.",
		check: func(e *env) error {
			a := e.node("a")
			a.insert(due("j", 1), due("k", 1))
			a.do(1, once)
			e.expire()
			b, c := e.node("b"), e.node("c")
			return errors.Join(
				want("b", "lost j@1 k@1; next never", b.do(1, once)),
				want("c", "next never", c.do(1, once)),
				want("b again", "next never", b.do(1, once)))
		},
	},
	{
		name:        "lost/not-before",
		needs:       shared,
		waits:       true,
		explanation: "Runs of a living node are not lost, and what it has finished is not lost when it dies.",
		check: func(e *env) error {
			a, b := e.node("a"), e.node("b")
			a.insert(due("j", 1), due("k", 1))
			c := a.do(1, once)
			alive := want("while a lives", "next never", b.do(1, once))
			a.finish(job.Executed, c.Runs[0])
			e.expire()
			return errors.Join(alive, want("when it is dead", "lost k@1; next never", e.node("c").do(1, once)))
		},
	},
	{
		name:        "lost/not-live",
		needs:       shared,
		waits:       true,
		explanation: "A lost run is not live any more: the claim that reports it plans its job without it.",
		check: func(e *env) error {
			a := e.node("a")
			a.insert(due("j", 1))
			a.do(1, then(2))
			e.expire()
			live := -1
			c := e.node("b").do(2, func(j *job.Job, n int, step *stores.Step) {
				live = n
				once(j, n, step)
			})
			return errors.Join(want("claim", "runs j@2; lost j@1; ended j; next never", c), want("live", "0", live))
		},
	},
	{
		name:        "lost/instance",
		needs:       shared,
		waits:       true,
		explanation: "Of an instance, the runs that had not been finished are lost.",
		check: func(e *env) error {
			a := e.node("a")
			a.insert(due("j", 1))
			c := a.do(3, runs(1, 2, 3))
			a.finish(job.Executed, c.Runs[0])
			e.expire()
			return want("claim", "lost j@2+3; next never", e.node("b").do(3, once))
		},
	},
	{
		name:        "lost/gone-jobs",
		needs:       shared,
		waits:       true,
		explanation: "Runs of jobs that have ended, were deleted or are unknown to the claimer are lost as well: no occurrence vanishes in silence.",
		check: func(e *env) error {
			a := e.node("a")
			a.insert(due("ended", 1), due("deleted", 1), alienTask("unknown", 1))
			a.do(1, func(j *job.Job, live int, step *stores.Step) {
				then(9)(j, live, step)
				step.Ended = j.ID == "ended"
			})
			a.delete("deleted")
			e.expire()
			c := e.node("b").claim(1, stores.Claim{Known: little})
			return want("lost", "3", len(c.Lost))
		},
	},
	{
		name:        "lost/owner-crashed",
		needs:       durable,
		explanation: "What an only owner had not finished when it crashed is lost: its successor is told by its first claim.",
		check: func(e *env) error {
			old := e.owner("old")
			old.insert(due("j", 1))
			old.do(1, then(5))
			e.must("Close", old.close())
			return want("claim", "lost j@1; next 5", e.owner("new").do(1, once))
		},
	},
}
