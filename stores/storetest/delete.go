package storetest

import (
	"errors"

	"github.com/carillon-go/carillon/job"
)

var deleteRules = []rule{
	{
		name:        "delete/some",
		explanation: "Delete removes the jobs of these IDs and returns how many there were; IDs of no job do not count.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 2), due("c", 3), idle("d"))
			return errors.Join(want("deleted", "2", s.delete("a", "x", "d", "a")),
				want("List", "b c", s.list("", 10)),
				want("claim", "runs b@2 c@3; ended b c; next never", s.do(9, once)),
				want("deleted", "0", s.delete("a")))
		},
	},
	{
		name:        "delete/all",
		explanation: "Delete of no IDs removes all jobs.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 2), idle("c"))
			n := s.delete()
			return errors.Join(want("deleted", "3", n),
				want("List", "", s.list("", 10)),
				want("claim", "next never", s.do(9, once)),
				want("deleted", "0", s.delete()))
		},
	},
	{
		name:        "delete/run-goes-on",
		explanation: "Delete does not touch unfinished runs: they are held until they are finished.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 1))
			c := s.do(1, then(2))
			s.delete("a")
			s.delete()
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
		explanation: "Delete of all jobs keeps the count of unfinished instances too.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 1))
			s.do(1, once)
			s.insert(due("a", 1))
			s.delete()
			s.insert(due("a", 2), due("b", 2), due("c", 2))
			return want("live", "[1 1 0]", []any{s.live(2, "a"), s.live(2, "b"), s.live(2, "c")})
		},
	},
}
