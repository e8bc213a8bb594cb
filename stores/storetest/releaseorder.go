package storetest

import (
	"errors"
	"fmt"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

var releaseOrderRules = []rule{
	{
		name:        "release/first",
		explanation: "Runs that are handed out again come before new ones.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("j", 3))
			c := s.do(3, then(4))
			s.insert(due("k", 1))
			s.release(c.Runs...)
			return want("claim", "runs j@3#2 k@1 j@4; ended k j; next never", s.do(4, once))
		},
	},
	{
		name:        "release/order",
		explanation: "Runs are handed out again in the order in which they were claimed first, not in that of their release, of their times or of their attempts.",
		check: func(e *env) error {
			s := e.owner("n")
			var held []job.Run
			for i := range 4 {
				s.insert(due(fmt.Sprint("j", 9-i), float64(5-i)))
				held = append(held, s.do(5, once).Runs...)
			}
			s.release(held[2])
			held[2] = s.do(5, once).Runs[0]
			s.release(held[3], held[2])
			s.release(held[0])
			s.release(held[1])
			return want("claim", "runs j9@5#2 j8@4#2 j7@3#3 j6@2#2; next never", s.do(5, once))
		},
	},
	{
		name:        "release/instance",
		explanation: "The runs of an instance that are released come in one piece and in their order, as the same instance; the others are not touched.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 1))
			first := s.do(4, runs(1, 2, 3, 4)).Runs
			s.finish(job.Executed, first[0])
			s.release(first[7], first[3], first[4], first[1], first[6], first[5])
			c := s.claim(4, stores.Claim{Limit: 1})
			d := s.claim(4, stores.Claim{Limit: 9})
			all := append(c.Runs, d.Runs...)
			var instances []any
			for _, r := range all {
				instances = append(instances, r.Instance)
			}
			a, b := first[0].Instance, first[4].Instance
			return errors.Join(
				want("More", "true false", show(c.More)+" "+show(d.More)),
				want("runs", "a@2#2+4#2 b@1#2+2#2+3#2+4#2", showRuns(all)),
				want("Instance", show([]any{a, a, b, b, b, b}), instances),
				want("Finish", "held 7, next never", s.finish(job.Executed, append(all, first[2])...)))
		},
	},
	{
		name:        "release/limit",
		explanation: "Runs that are handed out again count against Limit, and for More.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("j", 1), due("k", 2), due("l", 3))
			c := s.do(3, once)
			s.insert(due("m", 1))
			s.release(c.Runs...)
			var all []job.Run
			for i := range 4 {
				c := s.claim(3, stores.Claim{Limit: 1})
				if err := errors.Join(want("runs", "1", len(c.Runs)), want("More", show(i < 3), c.More)); err != nil {
					return err
				}
				all = append(all, c.Runs...)
			}
			return want("runs", "j@1#2 k@2#2 l@3#2 m@1", showRuns(all))
		},
	},
	{
		name:        "release/known",
		explanation: "A run whose task or executor the claimer does not know stays where it is, in nobody's way, until one comes that can run it.",
		check: func(e *env) error {
			s := e.owner("n")
			slow := due("k", 1)
			slow.Executor = "slow"
			s.insert(alienTask("j", 1), slow, due("l", 1))
			s.release(s.do(1, once).Runs...)
			return errors.Join(
				want("one", "runs l@1#2; next never", s.claim(1, stores.Claim{Known: little, Limit: 1})),
				want("again", "next never", s.claim(1, stores.Claim{Known: little})),
				want("other tasks", "runs k@1#2; next never", s.claim(1, stores.Claim{Known: &stores.Known{Tasks: []string{"work"}}})),
				want("all", "runs j@1#2; next never", s.do(1, once)))
		},
	},
}
