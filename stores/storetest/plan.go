package storetest

import (
	"errors"
	"fmt"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

var planRules = []rule{
	{
		name:        "plan/live",
		explanation: "Plan is told how many instances of the job are unfinished: those of its own job only.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 1))
			var live []any
			var held []job.Run
			for i := range 3 {
				live = append(live, s.live(float64(i+1), "a"))
				held = append(held, s.do(float64(i+1), then(float64(i+2))).Runs[0])
			}
			for _, r := range held {
				live = append(live, s.live(4, "a"))
				s.finish(job.Executed, r)
			}
			return want("live", "[0 1 2 3 2 1 0]", append(live, s.live(4, "a")))
		},
	},
	{
		name:        "plan/live-of-instances",
		explanation: "Several runs of one step are one instance, which is live until the last of them is finished.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			c := s.do(3, func(_ *job.Job, _ int, step *stores.Step) {
				runs(1, 2, 3)(nil, 0, step)
				step.Ended, step.Next = false, at(4)
			})
			live := []any{s.live(4, "a")}
			for _, i := range []int{0, 2, 1} { // in whatever order
				s.finish(job.Executed, c.Runs[i])
				live = append(live, s.live(4, "a"))
			}
			return want("live", "[1 1 1 0]", live)
		},
	},
	{
		name:        "plan/live-after-end",
		explanation: "Unfinished runs of an ended job count as live for a job of the same ID that is put afterwards.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			c := s.do(1, once)
			s.insert(due("a", 2))
			d := s.do(2, once)
			s.insert(due("a", 3))
			live := []any{s.live(3, "a")}
			s.finish(job.Executed, d.Runs...)
			live = append(live, s.live(3, "a"))
			s.finish(job.Executed, c.Runs...)
			return want("live", "[2 1 0]", append(live, s.live(3, "a")))
		},
	},
	{
		name:        "plan/empty-step",
		explanation: "Plan gets a step that is zero but for the capacity of its slices: nothing of an earlier job's is left in it.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 1), due("c", 1))
			var fault error
			s.do(1, func(j *job.Job, _ int, step *stores.Step) {
				if len(step.Runs)+len(step.Skipped) > 0 || !step.Next.IsZero() || !step.First.IsZero() || step.Ended || step.Wait || step.Park != "" {
					fault = fmt.Errorf("Plan for job %q got %+v", j.ID, *step)
				}
				*step = stores.Step{
					Runs: append(step.Runs, at(1)), Skipped: append(step.Skipped, at(1)),
					First: at(0), Next: at(9), Ended: j.ID == "a", Wait: true,
				}
				if j.ID == "b" {
					step.Park = "no"
				}
			})
			return fault
		},
	},
	{
		name:        "plan/nothing-retained",
		explanation: "What a step says is copied: Plan may use the memory again.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 2))
			times := make([]stores.Step, 1)
			c := s.do(2, func(j *job.Job, _ int, step *stores.Step) {
				shared := &times[0]
				shared.Runs = append(shared.Runs[:0], j.NextRunTime)
				shared.Skipped = append(shared.Skipped[:0], j.NextRunTime.Add(1e9))
				step.Runs, step.Skipped, step.Next = shared.Runs, shared.Skipped, at(9)
			})
			return want("claim", "runs a@1 b@2; skipped a@2 b@3; next 9", c)
		},
	},
	{
		name:        "plan/ended",
		explanation: "A job that has ended is gone for Get and List, and a job of its ID can be inserted, though its runs are unfinished.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			c := s.do(1, once)
			gone := errors.Join(want("claim", "runs a@1; ended a; next never", c),
				want("List", "", s.list("", 10)), want("Get", "false", s.has("a")), want("missing", "[a]", s.delete("a")))
			s.insert(due("a", 5))
			return errors.Join(gone,
				want("Finish", "held 1, next never", s.finish(job.Executed, c.Runs...)),
				want("List", "a", s.list("", 10)))
		},
	},
	{
		name:        "plan/ended-without-run",
		explanation: "A job may end without a run.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			return errors.Join(want("claim", "ended a; next never", s.do(1, runs())), want("List", "", s.list("", 10)))
		},
	},
	{
		name:        "plan/paused",
		explanation: "A step without a next time that does not end the job pauses it.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			c := s.do(1, func(j *job.Job, live int, step *stores.Step) { step.Runs = append(step.Runs, j.NextRunTime) })
			return errors.Join(want("claim", "runs a@1; next never", c), want("Paused", "true", s.get("a").Paused))
		},
	},
	{
		name:        "plan/skipped",
		explanation: "Skipped times are reported with their job's executor, with runs or without, and are not unfinished.",
		check: func(e *env) error {
			s := e.owner("n")
			j := due("a", 1)
			j.Executor = "slow"
			s.insert(j)
			c := s.do(3, func(_ *job.Job, _ int, step *stores.Step) {
				step.Runs = append(step.Runs, at(1))
				step.Skipped = append(step.Skipped, at(2), at(3))
				step.Next = at(4)
			})
			d := s.do(4, skip(5))
			return errors.Join(want("claim", "runs a@1; skipped a@2,3; next 4", c),
				want("claim", "skipped a@4; next 5", d),
				want("executor", "slow", d.Skipped[0].Executor),
				want("live", "1", s.live(5, "a")))
		},
	},
	{
		name:        "plan/in-the-way",
		explanation: "A Skip names the run of the job that was claimed first, of those that are unfinished still, and the time it is scheduled for: also over the job's deletion.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 0))
			s.do(0, then(50))
			held := s.do(1, then(2)).Runs
			held = append(held, s.do(2, func(_ *job.Job, _ int, step *stores.Step) {
				step.Runs, step.Next = append(step.Runs, at(7), at(6)), at(2)
			}).Runs...)
			held = append(held, s.do(2, then(3)).Runs...)
			s.delete("a")
			s.insert(due("a", 3))
			var err error
			for i, since := range []string{"1", "7", "6", "2"} {
				inTheWay := fmt.Sprintf("a@3 by run %d, scheduled for %s", held[i].ID, since)
				err = errors.Join(err, want("skipped", inTheWay, showSkips(s.do(3, skip(3)).Skipped)))
				s.finish(job.Executed, held[i])
			}
			return errors.Join(err, want("skipped", "a@3 by run 0, scheduled for never", showSkips(s.do(3, skip(3)).Skipped)))
		},
	},
	{
		name:        "plan/released-in-the-way",
		explanation: "A run that is held by nobody is in the way as others are, and keeps its place when it is handed out again.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(alienTask("a", 1))
			first := s.do(1, once).Runs
			s.insert(due("a", 2))
			s.do(2, then(3))
			s.release(first...)
			inTheWay := fmt.Sprintf("a@3 by run %d, scheduled for 1", first[0].ID)
			return errors.Join(
				want("held by nobody", inTheWay, showSkips(s.claim(3, stores.Claim{Known: little, Plan: skip(3)}).Skipped)),
				want("handed out again", inTheWay, showSkips(s.do(3, skip(4)).Skipped)))
		},
	},
	{
		name:        "plan/in-its-own-way",
		explanation: "If a step has runs and skips, and nothing else is unfinished, its first run is in the way.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			c := s.do(3, func(_ *job.Job, _ int, step *stores.Step) {
				step.Runs, step.Skipped, step.Next = append(step.Runs, at(1)), append(step.Skipped, at(2), at(3)), at(4)
			})
			return want("skipped", fmt.Sprintf("a@2,3 by run %d, scheduled for 1", c.Runs[0].ID), showSkips(c.Skipped))
		},
	},
	{
		name:        "plan/first",
		explanation: "First of a step is the First of its first run; without it, and for the further runs, First is the scheduled time.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			return want("claim", "runs a@5<1+6; ended a; next never", s.do(6, func(_ *job.Job, _ int, step *stores.Step) {
				runs(5, 6)(nil, 0, step)
				step.First = at(1)
			}))
		},
	},
	{
		name:        "plan/instance",
		explanation: "The runs of one step stand together in their order, and their Instance is the first one's ID.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 1))
			c := s.do(3, runs(1, 2, 3))
			for i, r := range c.Runs {
				if first := c.Runs[i/3*3].ID; r.Instance != first {
					return fmt.Errorf("run %s has Instance %d, want the first one's ID %d", r.String(), r.Instance, first)
				}
			}
			return want("claim", "runs a@1+2+3 b@1+2+3; ended a b; next never", c)
		},
	},
	{
		name:        "plan/not-asked",
		explanation: "Plan is asked about due jobs that are not waiting and can be run here, and about no others.",
		check: func(e *env) error {
			s := e.owner("n")
			alien := due("alien", 1)
			alien.Call = task("alien")
			s.insert(due("a", 0), due("b", 1), due("c", 2), idle("d"), alien)
			s.do(0, wait(once))
			asked := ""
			s.claim(1, stores.Claim{
				Known: &stores.Known{Tasks: []string{"work"}},
				Plan: func(j *job.Job, live int, step *stores.Step) {
					asked += j.ID
					once(j, live, step)
				},
			})
			return want("asked", "b", asked)
		},
	},
}
