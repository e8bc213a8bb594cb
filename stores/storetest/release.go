package storetest

import (
	"errors"
	"fmt"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

var releaseRules = []rule{
	{
		name:        "release/handed-out-again",
		explanation: "A run that is released is handed out again, whatever its job's Delivery is: the same run, with all its fields, and the next attempt number.",
		check: func(e *env) error {
			s := e.owner("n")
			j := unusual()
			j.Delivery = job.AtMostOnce
			s.insert(j)
			run := s.do(9, func(_ *job.Job, _ int, step *stores.Step) {
				step.Runs, step.First, step.Next = append(step.Runs, at(5)), at(1), at(50)
			}).Runs[0]
			var err error
			for attempt := range 2 {
				run.Attempt = attempt + 1
				s.release(run)
				run.Attempt++
				c := s.do(9, once)
				if len(c.Runs) != 1 {
					return want("claim", fmt.Sprintf("runs %s@5<1#%d; next 50", j.ID, run.Attempt), c)
				}
				err = errors.Join(err, same("the run", c.Runs[0], run))
			}
			return errors.Join(err, want("claim after that", "next 50", s.do(9, once)))
		},
	},
	{
		name:        "release/next",
		explanation: "Finish tells that there is something to claim, as of the Scheduled of the run that is released, the earliest of several.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 2))
			c := s.do(9, func(j *job.Job, live int, step *stores.Step) {
				then(50)(j, live, step)
				step.Runs[0], step.First = j.NextRunTime.Add(2e9), j.NextRunTime
			})
			return want("Finish", "held 2, next 3", s.release(c.Runs[1], c.Runs[0]))
		},
	},
	{
		name:        "release/held-by-nobody",
		explanation: "A run that is released is held by nobody: there is no Finish for it, until it is claimed.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			run := s.do(1, then(9)).Runs[0]
			s.release(run)
			next := run
			next.Attempt = 2
			return errors.Join(
				want("release again", "held 0, next never", s.release(run)),
				want("Finish of attempt 1", "held 0, next never", s.finish(job.Executed, run)),
				want("Finish of attempt 2", "held 0, next never", s.finish(job.Executed, next)),
				want("claim", "runs a@1#2; next 9", s.do(1, once)),
				want("Finish of attempt 1", "held 0, next never", s.finish(job.Executed, run)),
				want("Finish of attempt 2", "held 1, next never", s.finish(job.Executed, next)))
		},
	},
	{
		name:        "release/live",
		explanation: "A run that is released is unfinished: it counts as live, before it is handed out again and then.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(alienTask("a", 1), due("b", 1))
			c := s.do(1, then(2))
			s.release(c.Runs...)
			var live []any
			s.claim(2, stores.Claim{Known: little, Plan: func(j *job.Job, n int, step *stores.Step) {
				live = append(live, j.ID, n)
				step.Next = at(2)
			}})
			live = append(live, s.live(2, "a"))
			for i := range c.Runs {
				c.Runs[i].Attempt = 2
			}
			s.finish(job.Executed, c.Runs...)
			return want("live", "[b 1 1 0]", append(live, s.live(2, "a")))
		},
	},
	{
		name:        "release/waiting",
		explanation: "A job that waits goes on waiting when its run is released, until that has ended.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			c := s.do(9, wait(then(2)))
			err := want("release", "held 1, next 1", s.release(c.Runs...))
			c = s.do(9, once)
			return errors.Join(err, want("claim", "runs a@1#2; next never", c),
				want("Finish", "held 1, next 2", s.finish(job.Executed, c.Runs...)))
		},
	},
	{
		name:        "release/job-unchanged",
		explanation: "A release changes nothing of the job, not its Version and not its next run time.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(unusual())
			c := s.do(1, then(9))
			before := s.get(unusual().ID)
			s.release(c.Runs...)
			err := same("after the release", s.get(before.ID), before)
			s.do(1, once)
			return errors.Join(err, same("after the claim", s.get(before.ID), before))
		},
	},
	{
		name:        "release/ended",
		explanation: "A job that has ended does not come back by a release, but its run is handed out again, with the settings that the job had.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(unusual())
			run := s.do(1, once).Runs[0]
			s.release(run)
			none := errors.Join(want("List", "", s.list("", 10)), want("deleted", "0", s.deleteAll()))
			run.Attempt = 2
			c := s.do(1, once)
			if len(c.Runs) != 1 {
				return want("claim", "runs "+run.JobID+"@0.123456#2; next never", c)
			}
			return errors.Join(none, same("the run", c.Runs[0], run), want("List", "", s.list("", 10)))
		},
	},
	{
		name:        "release/ended-and-replaced",
		explanation: "If another job was put in the place of one that has ended, that is not touched, and the run has its own job's settings still.",
		check: func(e *env) error {
			s := e.owner("n")
			old := due("a", 1)
			old.Name = "old"
			s.insert(old)
			c := s.do(1, once)
			s.insert(due("a", 8))
			f := s.release(c.Runs...)
			c = s.do(1, once)
			return errors.Join(want("Finish", "held 1, next 1", f), want("claim", "runs a@1#2; next 8", c),
				want("Name", "old", c.Runs[0].Name))
		},
	},
	{
		name:        "release/changed-job",
		explanation: "A run that is handed out again has its job's settings of that moment.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			s.release(s.do(1, then(50)).Runs...)
			j := due("a", 50)
			j.Name, j.Executor, j.Call, j.MisfireGrace = "changed", "slow", task("better"), 1500e6
			s.replace(j)
			r := s.do(1, once).Runs[0]
			return want("run", "1 changed slow better 1.5s", fmt.Sprint(second(r.Scheduled), " ", r.Name, " ", r.Executor, " ", r.Call.TaskName(), " ", r.MisfireGrace))
		},
	},
	{
		name:        "release/paused",
		explanation: "A run that is released is handed out again if its job is paused, or waits, or is parked by Plan.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 1))
			c := s.do(1, then(2))
			s.replace(idle("a"))
			s.do(2, park("no"))
			s.release(c.Runs...)
			return errors.Join(want("claim", "runs a@1#2 b@1#2; next never", s.do(2, once)),
				want("Paused", "true", s.get("a").Paused))
		},
	},
	{
		name:        "release/deleted",
		explanation: "A run of a deleted job that is released ends at once, and nothing is told of it; a job that was put in its place is not touched.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 1))
			c := s.do(1, then(3))
			s.delete("a")
			s.deleteAll()
			s.insert(due("a", 8))
			return errors.Join(want("Finish", "held 2, next never", s.release(c.Runs...)),
				want("claim", "next 8", s.do(3, once)),
				want("live", "0", s.live(8, "a")))
		},
	},
	{
		name:        "release/deleted-wakes",
		explanation: "A run of a deleted job that ends by its release ends the wait of the job in its place.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			c := s.do(1, once)
			s.insert(due("a", 1))
			d := s.do(1, then(9))
			s.delete("a")
			s.insert(due("a", 2))
			s.do(2, wait(then(3)))
			return errors.Join(want("release of the ended job's run", "held 1, next 1", s.release(c.Runs...)),
				want("release of the deleted job's run", "held 1, next 3", s.release(d.Runs...)))
		},
	},
	{
		name:        "release/then-deleted",
		explanation: "A run that is held by nobody ends when its job is deleted, and nothing is told of it.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 1))
			s.release(s.do(1, then(3)).Runs...)
			s.delete("b", "a")
			err := want("claim", "next never", s.do(3, once))
			s.insert(due("a", 3), due("b", 3))
			return errors.Join(err, want("live", "[0 0]", []any{s.live(3, "a"), s.live(3, "b")}))
		},
	},
	{
		name:        "release/then-all-deleted",
		explanation: "DeleteAll ends the runs that are held by nobody too.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 1))
			s.release(s.do(1, then(3)).Runs...)
			s.deleteAll()
			err := want("claim", "next never", s.do(3, once))
			s.insert(due("a", 3), due("b", 3))
			return errors.Join(err, want("live", "[0 0]", []any{s.live(3, "a"), s.live(3, "b")}))
		},
	},
	{
		name:        "release/ended-and-deleted",
		explanation: "A job that was put in the place of one that has ended is another one: its deletion does not end the runs of that.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 1))
			c := s.do(1, once)
			s.release(c.Runs[0])
			s.insert(due("a", 8), due("b", 8))
			s.delete("a")
			s.delete("b")
			return errors.Join(want("Finish", "held 1, next 1", s.release(c.Runs[1])),
				want("claim", "runs a@1#2 b@1#2; next never", s.do(1, once)))
		},
	},
	{
		name:        "release/held-and-deleted",
		explanation: "Of a deleted job's runs those end that nobody holds; the others, and those of other jobs, do not.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 1))
			c := s.do(1, then(2))
			d := s.do(2, then(9))
			s.release(c.Runs...)
			s.delete("a")
			return errors.Join(want("claim", "runs b@1#2; next 9", s.do(3, once)),
				want("Finish", "held 2, next never", s.finish(job.Executed, d.Runs...)))
		},
	},
	{
		name:        "release/repeated-claim",
		explanation: "A claim that has handed out a run again is repeated with the same attempt.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			s.release(s.do(1, then(2)).Runs...)
			first, again := s.do(1, once), s.claim(1, stores.Claim{Seq: s.seq})
			return errors.Join(want("claim", "runs a@1#2", "runs "+showRuns(first.Runs)),
				want("repetition", "runs a@1#2", "runs "+showRuns(again.Runs)),
				want("Finish", "held 1, next never", s.finish(job.Executed, first.Runs...)))
		},
	},
	{
		name:        "release/other-node",
		needs:       shared,
		explanation: "A run that is released goes to the first that claims, once, who holds it alone.",
		check: func(e *env) error {
			a, b, c := e.node("a"), e.node("b"), e.node("c")
			a.insert(due("j", 1))
			old := a.do(1, once).Runs
			a.release(old...)
			taken := b.do(1, once)
			return errors.Join(want("b", "runs j@1#2; next never", taken), want("c", "next never", c.do(1, once)),
				want("a", "next never", a.do(1, once)),
				want("Finish by a", "held 0, next never", a.finish(job.Executed, taken.Runs...)),
				want("Finish by b", "held 1, next never", b.finish(job.Executed, taken.Runs...)))
		},
	},
	{
		name:        "release/node-dies",
		needs:       shared,
		waits:       true,
		explanation: "A run is held by nobody once it is released: the death of the node that had it does not concern it.",
		check: func(e *env) error {
			a := e.node("a")
			a.insert(due("j", 1), due("k", 1))
			c := a.do(1, once)
			a.release(c.Runs[0])
			e.expire()
			return want("claim", "runs j@1#2; lost k@1; next never", e.node("b").do(1, once))
		},
	},
	{
		name:        "release/reopen",
		needs:       durable,
		explanation: "A run that is released outlives Close, and is handed out to the next owner; nothing of it is lost.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 1))
			c := s.do(1, once)
			s.insert(due("b", 8))
			s.release(c.Runs...)
			e.must("Close", s.close())
			return want("claim", "runs a@1#2 b@1#2; next 8", e.owner("m").do(1, once))
		},
	},
}
