package storetest

import (
	"errors"

	"github.com/carillon-go/carillon/job"
)

var deleteRules = []rule{
	{
		name:        "delete/some",
		explanation: "Delete removes the jobs of these IDs. Without an ID that is missing the answer is empty.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 2), due("c", 3), idle("d"))
			return errors.Join(want("missing", "[]", s.delete("d", "a")),
				want("List", "b c", s.list("", 10)),
				want("claim", "runs b@2 c@3; ended b c; next never", s.do(9, once)))
		},
	},
	{
		name:        "delete/missing",
		explanation: "Delete returns the IDs of no job, in their order, and removes the other jobs all the same.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 1), due("c", 1), due("ended", 0))
			s.do(0, once)
			return errors.Join(want("missing", "[x ended d]", s.delete("x", "c", "ended", "a", "d")),
				want("List", "b", s.list("", 10)),
				want("missing", "[a]", s.delete("a")))
		},
	},
	{
		name:        "delete/twice-in-one-call",
		explanation: "An ID that is given twice to Delete counts once: it is missing once, or, if there was a job, not at all.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 1))
			return errors.Join(want("missing", "[x y]", s.delete("x", "a", "x", "y", "a", "x")),
				want("missing", "[]", s.delete("b", "b")),
				want("List", "", s.list("", 10)))
		},
	},
	{
		name:        "delete/none",
		explanation: "Delete of no IDs removes nothing.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), idle("b"))
			missing := s.delete()
			missing = append(missing, s.delete([]string{}...)...)
			return errors.Join(want("missing", "[]", missing),
				want("List", "a b", s.list("", 10)),
				want("claim", "runs a@1; ended a; next never", s.do(1, once)))
		},
	},
	{
		name:        "delete/all",
		explanation: "DeleteAll removes all jobs and returns how many there were.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 2), idle("c"))
			n := s.deleteAll()
			return errors.Join(want("deleted", "3", n),
				want("List", "", s.list("", 10)),
				want("claim", "next never", s.do(9, once)),
				want("deleted", "0", s.deleteAll()))
		},
	},
	{
		name:        "delete/run-goes-on",
		explanation: "Delete and DeleteAll do not touch unfinished runs: they are held until they are finished.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 1))
			c := s.do(1, then(2))
			s.delete("a")
			s.deleteAll()
			return want("Finish", "held 2, next never", s.finish(job.Executed, c.Runs...))
		},
	},
	{
		name:        "delete/instances-count",
		explanation: "Unfinished runs of a deleted job count as live for a job of the same ID that is put afterwards, until they are finished.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			c := s.do(1, then(2))
			s.delete("a")
			s.insert(due("a", 2))
			d := s.do(2, then(3))
			s.delete("a")
			s.insert(due("a", 3))
			live := []any{s.live(3, "a")}
			s.finish(job.Executed, c.Runs...)
			live = append(live, s.live(3, "a"))
			s.finish(job.Executed, d.Runs...)
			live = append(live, s.live(3, "a"))
			return want("live", "[2 1 0]", live)
		},
	},
	{
		name:        "delete/all-instances-count",
		explanation: "DeleteAll keeps the count of unfinished instances too.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 1))
			s.do(1, once)
			s.insert(due("a", 1))
			s.deleteAll()
			s.insert(due("a", 2), due("b", 2), due("c", 2))
			return want("live", "[1 1 0]", []any{s.live(2, "a"), s.live(2, "b"), s.live(2, "c")})
		},
	},
}
