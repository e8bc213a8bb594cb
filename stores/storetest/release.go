package storetest

import (
	"errors"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

var releaseRules = []rule{
	{
		name:        "release/due-again",
		explanation: "A run that is released was not started: its job is due again at the time it was claimed for, and Finish says so.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			c := s.do(5, then(7))
			return errors.Join(
				want("Finish", "held 1, next 1", s.release(c.Runs...)),
				want("NextRunTime", "1", s.get("a").NextRunTime),
				want("claim", "runs a@1; next 7", s.do(5, then(7))))
		},
	},
	{
		name:        "release/not-live",
		explanation: "A released run is not live any more.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			c := s.do(5, then(7))
			s.release(c.Runs...)
			return errors.Join(want("live", "0", s.live(7, "a")), want("Finish", "held 0, next never", s.release(c.Runs...)))
		},
	},
	{
		name:        "release/coalesced",
		explanation: "A released run of coalesced times is due again at the first of them.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			c := s.do(5, func(_ *job.Job, _ int, step *stores.Step) {
				step.Runs, step.First, step.Next = append(step.Runs, at(5)), at(1), at(6)
			})
			return errors.Join(want("Finish", "held 1, next 1", s.release(c.Runs...)), want("NextRunTime", "1", s.get("a").NextRunTime))
		},
	},
	{
		name:        "release/rest-of-instance",
		explanation: "If some runs of an instance are released, the job is due again at the earliest of these.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			c := s.do(5, wait(runs(1, 2, 3)))
			s.finish(job.Executed, c.Runs[0])
			s.replace(due("a", 4))
			f := s.release(c.Runs[2], c.Runs[1])
			return errors.Join(want("Finish", "held 2, next 2", f), want("NextRunTime", "2", s.get("a").NextRunTime))
		},
	},
	{
		name:        "release/earlier-next",
		explanation: "A release never makes a job run later: if its next run time is earlier already it stays.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 5))
			c := s.do(5, then(7))
			s.replace(due("a", 2))
			return errors.Join(want("Finish", "held 1, next never", s.release(c.Runs...)), want("NextRunTime", "2", s.get("a").NextRunTime))
		},
	},
	{
		name:        "release/replaced",
		explanation: "A job that was changed since is the same job: its released occurrence is due again.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 5))
			c := s.do(5, then(7))
			s.replace(due("a", 9))
			return errors.Join(want("Finish", "held 1, next 5", s.release(c.Runs...)), want("NextRunTime", "5", s.get("a").NextRunTime))
		},
	},
	{
		name:        "release/ended",
		explanation: "A job that had ended with the run comes back if the run is released, as it was.",
		check: func(e *env) error {
			s := e.owner("n")
			j := unusual()
			s.insert(j)
			c := s.do(1, once)
			f := s.release(c.Runs...)
			back := s.get(j.ID)
			j.Version = back.Version
			return errors.Join(want("Finish", "held 1, next 0.123456", f), same("the job", back, j),
				want("List", j.ID, s.list("", 10)),
				want("claim", "runs "+j.ID+"@0.123456; ended "+j.ID+"; next never", s.do(1, once)))
		},
	},
	{
		name:        "release/ended-and-replaced",
		explanation: "A job that had ended does not come back if another one was put in its place, which is not touched.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			c := s.do(1, once)
			s.insert(due("a", 8))
			f := s.release(c.Runs...)
			return errors.Join(want("Finish", "held 1, next never", f), want("NextRunTime", "8", s.get("a").NextRunTime))
		},
	},
	{
		name:        "release/deleted",
		explanation: "A job that was deleted does not come back by a release, and one that was put in its place is not touched.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 1))
			c := s.do(1, then(3))
			s.delete("a", "b")
			s.insert(due("b", 8))
			f := s.release(c.Runs...)
			return errors.Join(want("Finish", "held 2, next never", f), want("List", "b", s.list("", 10)),
				want("NextRunTime", "8", s.get("b").NextRunTime))
		},
	},
	{
		name:        "release/paused",
		explanation: "A job that was paused since stays paused.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			c := s.do(1, then(3))
			s.replace(idle("a"))
			return errors.Join(want("Finish", "held 1, next never", s.release(c.Runs...)), want("Paused", "true", s.get("a").Paused))
		},
	},
	{
		name:        "release/version",
		explanation: "A release that changes the next run time changes the Version: a Put that read the job before it must not undo it.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			c := s.do(1, then(3))
			old := s.get("a")
			s.release(c.Runs...)
			return errors.Join(refused(s.Put(e.ctx, stores.IfVersion, []job.Job{old}), job.ErrConflict, "a"),
				want("Version", show(old.Version+1), s.get("a").Version))
		},
	},
	{
		name:        "release/waiting",
		explanation: "A release ends a wait as any other end of a run.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			c := s.do(5, wait(then(2)))
			return errors.Join(want("Finish", "held 1, next 1", s.release(c.Runs...)),
				want("claim", "runs a@1; ended a; next never", s.do(5, once)))
		},
	},
	{
		name:        "release/parked",
		explanation: "A parked job stays parked when one of its runs is released; it has the occurrence when it can run again.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			c := s.do(1, then(3))
			s.do(3, park("no"))
			s.release(c.Runs...)
			return errors.Join(want("claim", "next never", s.do(4, once)),
				want("other Known", "runs a@1; ended a; next never", s.claim(4, stores.Claim{Known: little})))
		},
	},
}
