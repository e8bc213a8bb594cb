package storetest

import (
	"errors"
	"fmt"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

var takeoverRules = []rule{
	{
		name:        "takeover/attempt",
		needs:       shared,
		waits:       true,
		explanation: "An unfinished run of a dead node whose job is AtLeastOnce is handed to a living one: the same run, with the next attempt number.",
		check: func(e *env) error {
			a := e.node("a")
			a.insert(unusual())
			run := a.do(1, once).Runs[0]
			run.Attempt = 2
			e.expire()
			c := e.node("b").do(1, once)
			if len(c.Runs) != 1 {
				return want("claim", "runs "+run.JobID+"@0.123456#2; next never", c)
			}
			return errors.Join(same("the run", c.Runs[0], run), want("lost", "", showRuns(c.Lost)))
		},
	},
	{
		name:        "takeover/once",
		needs:       shared,
		waits:       true,
		explanation: "A run is taken over by one node, once; when that dies too by the next one, with attempt 3.",
		check: func(e *env) error {
			a := e.node("a")
			a.insert(eager("j", 1))
			a.do(1, once)
			e.expire()
			b, c := e.node("b"), e.node("c")
			err := errors.Join(want("b", "runs j@1#2; next never", b.do(1, once)),
				want("b again", "next never", b.do(1, once)),
				want("c", "next never", c.do(1, once)))
			e.expire()
			return errors.Join(err, want("d", "runs j@1#3; next never", e.node("d").do(1, once)))
		},
	},
	{
		name:        "takeover/fence",
		needs:       shared,
		waits:       true,
		explanation: "The node that has lost a run cannot finish it, the new one can, as the attempt that it was given.",
		check: func(e *env) error {
			a := e.node("a")
			a.insert(eager("j", 1))
			old := a.do(1, once).Runs
			e.expire()
			b := e.node("b")
			taken := b.do(1, once).Runs
			return errors.Join(
				want("Finish by a", "held 0, next never", a.finish(job.Executed, old...)),
				want("Finish by b of attempt 1", "held 0, next never", b.finish(job.Executed, old...)),
				want("Finish by b of attempt 2", "held 1, next never", b.finish(job.Executed, taken...)))
		},
	},
	{
		name:        "takeover/live",
		needs:       shared,
		waits:       true,
		explanation: "A run that is taken over stays live.",
		check: func(e *env) error {
			a := e.node("a")
			a.insert(eager("j", 1))
			a.do(1, then(2))
			e.expire()
			b := e.node("b")
			c := b.claim(1, stores.Claim{})
			before := b.live(2, "j")
			b.finish(job.Executed, c.Runs...)
			return want("live", "[1 0]", []any{before, b.live(2, "j")})
		},
	},
	{
		name:        "takeover/first",
		needs:       shared,
		waits:       true,
		explanation: "Runs that are taken over come before new ones.",
		check: func(e *env) error {
			a := e.node("a")
			a.insert(eager("j", 3), due("k", 9))
			a.do(3, then(4))
			a.replace(due("k", 1))
			e.expire()
			return want("claim", "runs j@3#2 k@1 j@4; ended k j; next never", e.node("b").do(4, once))
		},
	},
	{
		name:        "takeover/order",
		needs:       shared,
		waits:       true,
		explanation: "Runs are taken over in the order in which they were claimed first, whoever has died first.",
		check: func(e *env) error {
			a, b := e.node("a"), e.node("b")
			for i, s := range []*session{a, b, a, b} {
				j := alienTask(fmt.Sprint("j", 9-i), float64(i))
				j.Delivery = job.AtLeastOnce
				a.insert(j)
				s.do(float64(i), once)
			}
			e.pass(e.ttl() / 2)
			a.register("a", e.ttl())
			e.pass(e.ttl() * 2 / 3)
			c := e.node("c")
			none := want("c when b is dead", "next never", c.claim(9, stores.Claim{Known: little}))
			e.expire()
			return errors.Join(none, want("d when a is dead", "runs j9@0#2 j8@1#2 j7@2#2 j6@3#2; next never", e.node("d").do(9, once)))
		},
	},
	{
		name:        "takeover/instance",
		needs:       shared,
		waits:       true,
		explanation: "The unfinished runs of an instance are taken over together, in their order, as the same instance.",
		check: func(e *env) error {
			a := e.node("a")
			a.insert(eager("j", 1), eager("k", 1))
			first := a.do(3, runs(1, 2, 3))
			a.finish(job.Executed, first.Runs[0])
			e.expire()
			b := e.node("b")
			c := b.claim(3, stores.Claim{Limit: 1})
			d := b.claim(3, stores.Claim{Limit: 9})
			all := append(c.Runs, d.Runs...)
			var instances []any
			for _, r := range all {
				instances = append(instances, r.Instance)
			}
			i, k := first.Runs[0].Instance, first.Runs[3].Instance
			return errors.Join(
				want("More", "true false", show(c.More)+" "+show(d.More)),
				want("Instance", show([]any{i, i, k, k, k}), instances),
				want("runs", "j@2#2+3#2 k@1#2+2#2+3#2", showRuns(all)),
				want("Finish", "held 5, next never", b.finish(job.Executed, all...)))
		},
	},
	{
		name:        "takeover/limit",
		needs:       shared,
		waits:       true,
		explanation: "Runs that are taken over count against Limit.",
		check: func(e *env) error {
			a := e.node("a")
			a.insert(eager("j", 1), eager("k", 2), eager("l", 3))
			a.do(3, once)
			a.insert(due("m", 1))
			e.expire()
			b := e.node("b")
			var all []job.Run
			for i := range 4 {
				c := b.claim(3, stores.Claim{Limit: 1})
				if err := errors.Join(want("runs", "1", len(c.Runs)), want("More", show(i < 3), c.More)); err != nil {
					return err
				}
				all = append(all, c.Runs...)
			}
			return want("last", "m@1", showRuns(all[3:]))
		},
	},
	{
		name:        "takeover/known",
		needs:       shared,
		waits:       true,
		explanation: "A run is taken over by a process that can run it.",
		check: func(e *env) error {
			a := e.node("a")
			j := alienTask("j", 1)
			j.Delivery = job.AtLeastOnce
			a.insert(j, eager("k", 1))
			a.do(1, once)
			e.expire()
			b, c := e.node("b"), e.node("c")
			return errors.Join(
				want("b", "runs k@1#2; next never", b.claim(1, stores.Claim{Known: little})),
				want("c", "runs j@1#2; next never", c.claim(1, stores.Claim{})))
		},
	},
	{
		name:        "takeover/gone-jobs",
		needs:       shared,
		waits:       true,
		explanation: "Runs of jobs that have ended are taken over with the settings that their job had, even if another was put in its place. Those of deleted jobs are lost.",
		check: func(e *env) error {
			a := e.node("a")
			one, two := eager("deleted", 1), eager("ended", 1)
			one.Name, two.Name = "one", "two"
			a.insert(one, two)
			a.do(1, once)
			a.insert(one)
			a.do(1, then(5))
			a.delete("deleted")
			a.insert(due("deleted", 50), due("ended", 50))
			e.expire()
			b := e.node("b")
			c := b.do(1, once)
			var names []any
			for _, r := range append(c.Runs, c.Lost...) {
				names = append(names, r.Name)
			}
			return errors.Join(want("claim", "runs deleted@1#2 ended@1#2; lost deleted@1; next 50", c),
				want("names", "[one two one]", names),
				want("Finish", "held 2, next never", b.finish(job.Executed, c.Runs...)),
				want("List", "deleted ended", b.list("", 10)))
		},
	},
	{
		name:        "takeover/deleted-later",
		needs:       shared,
		waits:       true,
		explanation: "A run that a claim has found to be a dead node's is held by nobody: it ends when its job is deleted before somebody has come who can run it.",
		check: func(e *env) error {
			a := e.node("a")
			j := alienTask("j", 1)
			j.Delivery = job.AtLeastOnce
			a.insert(j)
			a.do(1, then(5))
			e.expire()
			b := e.node("b")
			err := want("claim by b", "next never", b.claim(1, stores.Claim{Known: little}))
			b.delete("j")
			return errors.Join(err, want("claim after Delete", "next never", b.do(1, once)))
		},
	},
	{
		name:        "takeover/changed-job",
		needs:       shared,
		waits:       true,
		explanation: "A run that is taken over has its job's settings of that moment.",
		check: func(e *env) error {
			a := e.node("a")
			a.insert(eager("j", 1))
			a.do(1, then(50))
			j := eager("j", 50)
			j.Name, j.Executor, j.Call = "changed", "slow", task("better")
			a.replace(j)
			e.expire()
			r := e.node("b").do(1, once).Runs[0]
			return want("run", "1 changed slow better", fmt.Sprint(second(r.Scheduled), " ", r.Name, " ", r.Executor, " ", r.Call.TaskName()))
		},
	},
	{
		name:        "takeover/released",
		needs:       shared,
		waits:       true,
		explanation: "A run that was taken over can be released like any other.",
		check: func(e *env) error {
			a := e.node("a")
			a.insert(eager("j", 1))
			a.do(1, once)
			e.expire()
			b := e.node("b")
			c := b.do(1, once)
			return errors.Join(want("Finish", "held 1, next 1", b.release(c.Runs...)),
				want("claim", "runs j@1#3; next never", b.do(1, once)))
		},
	},
	{
		name:        "takeover/owner-crashed",
		needs:       durable,
		explanation: "What an only owner had not finished when it crashed is taken over by its successor, if the job is AtLeastOnce.",
		check: func(e *env) error {
			old := e.owner("old")
			old.insert(eager("j", 1))
			old.do(1, then(5))
			e.must("Close", old.close())
			return want("claim", "runs j@1#2; next 5", e.owner("new").do(1, once))
		},
	},
}
