package storetest

import (
	"errors"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

var reopenRules = []rule{
	{
		name:        "reopen/jobs",
		needs:       durable,
		explanation: "Jobs outlive Close as they were, with their Versions.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(unusual(), due("a", 5), idle("p"))
			s.replace(due("a", 5))
			before := s.list("", 10)
			e.must("Close", s.close())
			after := e.owner("n").list("", 10)
			if err := want("List", show(before), after); err != nil {
				return err
			}
			var err error
			for i := range before {
				err = errors.Join(err, same(before[i].ID, after[i], before[i]))
			}
			return err
		},
	},
	{
		name:        "reopen/strange-trigger",
		needs:       durable,
		explanation: "A trigger of a kind that this process cannot read outlives Close: its job can be listed, put, claimed and planned, and the trigger read where its kind is known.",
		check: func(e *env) error {
			s := e.owner("n")
			j := due("a", 1)
			j.Trigger = strange{}
			s.insert(j)
			e.must("Close", s.close())
			s = e.owner("m")
			s.put(stores.IfVersion, s.list("", 1)...)
			s.release(s.do(1, then(2)).Runs...)
			c := s.do(2, func(j *job.Job, live int, step *stores.Step) {
				then(9)(j, live, step)
				if canonical(j.Trigger) != canonical(strange{}) {
					step.Park = "Plan got " + canonical(j.Trigger)
				}
			})
			return errors.Join(want("claim", "runs a@1#2 a@2; next 9", c),
				want("JSON", canonical(strange{}), canonical(s.get("a").Trigger)))
		},
	},
	{
		name:        "reopen/waiting",
		needs:       durable,
		explanation: "A wait outlives Close.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			c := s.do(9, wait(then(2)))
			e.must("Close", s.close())
			s = e.owner("n")
			s.seq = 1
			return errors.Join(want("claim", "next never", s.do(9, once)), want("Finish", "held 1, next 2", s.finish(job.Executed, c.Runs...)))
		},
	},
	{
		name:        "reopen/live",
		needs:       durable,
		explanation: "Unfinished runs outlive Close, also those of jobs that are gone.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 1))
			c := s.do(1, once)
			s.insert(due("a", 2))
			e.must("Close", s.close())
			s = e.owner("n")
			s.seq = 1
			return errors.Join(want("live", "1", s.live(2, "a")), want("Finish", "held 2, next never", s.finish(job.Executed, c.Runs...)))
		},
	},
	{
		name:        "reopen/run-ids",
		needs:       durable,
		explanation: "The IDs of runs go on where they were: an ID is not used again after Close.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			old := s.do(1, then(2)).Runs
			s.finish(job.Executed, old...)
			e.must("Close", s.close())
			s = e.owner("m")
			s.do(2, then(3))
			return want("Finish", "held 0, next never", s.finish(job.Executed, old...))
		},
	},
	{
		name:        "reopen/parked",
		needs:       durable,
		explanation: "Parked is what a process says, not what the job is: after opening the store it is looked at again.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), alienTask("b", 1))
			s.claim(1, stores.Claim{Known: little, Plan: park("no")})
			e.must("Close", s.close())
			s = e.owner("m")
			return want("claim", "runs a@1; ended a; parked b; next never", s.claim(1, stores.Claim{Known: little}))
		},
	},
	{
		name:        "reopen/empty",
		explanation: "A new store is empty.",
		check: func(e *env) error {
			s := e.owner("n")
			return errors.Join(want("List", "", s.list("", 10)), want("claim", "next never", s.do(1e9, once)))
		},
	},
}
