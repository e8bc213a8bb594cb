package storetest

import (
	"errors"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

var repeatRules = []rule{
	{
		name:        "repeat/same-runs",
		explanation: "A claim with the Seq of the node's last one does nothing but return the same Runs again, whatever else it says.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 1), due("c", 1))
			first := s.claim(1, stores.Claim{Seq: 1, Limit: 2, Plan: then(3)})
			again := s.claim(9, stores.Claim{Seq: 1, Limit: 50, Known: &stores.Known{Tasks: []string{}}})
			err := want("repeated", showRuns(first.Runs), showRuns(again.Runs))
			for i := range first.Runs {
				err = errors.Join(err, same("run", again.Runs[i], first.Runs[i]))
			}
			return errors.Join(err, want("List", "a b c", s.list("", 10)), want("NextRunTime of c", "1", s.get("c").NextRunTime),
				want("next claim", "runs c@1; ended c; next 3", s.claim(1, stores.Claim{Seq: 2})))
		},
	},
	{
		name:        "repeat/instances",
		explanation: "Runs of one instance are repeated as one instance.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			first := s.claim(3, stores.Claim{Seq: 1, Plan: func(_ *job.Job, _ int, step *stores.Step) {
				runs(2, 3)(nil, 0, step)
				step.First = at(1)
			}})
			again := s.claim(3, stores.Claim{Seq: 1})
			return errors.Join(want("repeated", "a@2<1+3", showRuns(again.Runs)),
				want("Instance", show(first.Runs[1].Instance), again.Runs[1].Instance))
		},
	},
	{
		name:        "repeat/any-number-of-times",
		explanation: "A claim may be repeated any number of times, and its runs are each held once.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			var c *stores.Claimed
			for range 3 {
				c = s.claim(1, stores.Claim{Seq: 7, Plan: then(2)})
			}
			return errors.Join(want("claim", "a@1", showRuns(c.Runs)),
				want("Finish", "held 1, next never", s.finish(job.Executed, c.Runs...)),
				want("live", "0", s.live(2, "a")))
		},
	},
	{
		name:        "repeat/next-number",
		explanation: "A claim with another Seq is a new one, and is answered without the runs that the node holds already.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			s.claim(1, stores.Claim{Seq: 1, Plan: then(2)})
			return errors.Join(
				want("second", "next 2", s.claim(1, stores.Claim{Seq: 2})),
				want("second again", "", showRuns(s.claim(2, stores.Claim{Seq: 2}).Runs)),
				want("third", "runs a@2; ended a; next never", s.claim(2, stores.Claim{Seq: 3})))
		},
	},
	{
		name:        "repeat/zero",
		explanation: "Claims with the Seq 0 are not repetitions of each other.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 1))
			claim := &stores.Claim{Node: "n", Now: at(1), Limit: 1, Plan: once}
			first, err := s.ClaimDue(e.ctx, claim)
			e.must("ClaimDue", err)
			second, err := s.ClaimDue(e.ctx, claim)
			e.must("ClaimDue", err)
			return errors.Join(want("first", "a@1", showRuns(first.Runs)), want("second", "b@1", showRuns(second.Runs)))
		},
	},
	{
		name:        "repeat/of-each-node",
		needs:       shared,
		explanation: "Each node has its own numbers.",
		check: func(e *env) error {
			a, b := e.node("a"), e.node("b")
			a.insert(due("j", 1))
			return errors.Join(
				want("a", "runs j@1; next 2", a.claim(1, stores.Claim{Seq: 1, Plan: then(2)})),
				want("b", "runs j@2; next 3", b.claim(2, stores.Claim{Seq: 1, Plan: then(3)})),
				want("a again", "j@1", showRuns(a.claim(3, stores.Claim{Seq: 1}).Runs)))
		},
	},
	{
		name:        "repeat/expired",
		needs:       shared,
		waits:       true,
		explanation: "A claim of a node whose lease has ended is not repeated: its runs are somebody else's.",
		check: func(e *env) error {
			a := e.node("a")
			a.insert(due("j", 1))
			a.claim(1, stores.Claim{Seq: 1})
			e.expire()
			_, err := a.tryClaim(1, stores.Claim{Seq: 1})
			return refused(err, job.ErrLeaseExpired, "")
		},
	},
	{
		name:        "repeat/taken-over",
		needs:       shared,
		waits:       true,
		explanation: "Runs that were taken over by the claim are repeated with the same attempt.",
		check: func(e *env) error {
			a := e.node("a")
			a.insert(eager("j", 1))
			a.do(1, once)
			e.expire()
			b := e.node("b")
			b.claim(1, stores.Claim{Seq: 1})
			return want("repeated", "j@1#2", showRuns(b.claim(1, stores.Claim{Seq: 1}).Runs))
		},
	},
	{
		name:        "repeat/reopened",
		needs:       durable,
		explanation: "A scheduler that has closed the store and opens it again goes on under its name: its claim is repeated, its runs are held.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			s.claim(1, stores.Claim{Seq: 5})
			e.must("Close", s.close())
			s = e.owner("n")
			c := s.claim(1, stores.Claim{Seq: 5})
			return errors.Join(want("repeated", "a@1", showRuns(c.Runs)), want("Finish", "held 1, next never", s.finish(job.Executed, c.Runs...)))
		},
	},
}
