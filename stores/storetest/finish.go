package storetest

import (
	"errors"
	"fmt"

	"github.com/carillon-go/carillon/job"
)

var finishRules = []rule{
	{
		name:        "finish/held",
		explanation: "Finish ends runs and returns how many of them the node still held: each counts once.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 1))
			c := s.do(1, then(2))
			unknown := job.Run{ID: 1 << 40, Attempt: 1}
			return errors.Join(
				want("first", "held 2, next never", s.finish(job.Executed, c.Runs[0], unknown, c.Runs[1], c.Runs[0])),
				want("again", "held 0, next never", s.finish(job.Executed, c.Runs...)),
				want("of none", "held 0, next never", s.finish(job.Executed)))
		},
	},
	{
		name:        "finish/outcomes",
		explanation: "A run has ended when it was executed, has failed, was missed or is lost: whatever it was, it is not live any more.",
		check: func(e *env) error {
			s := e.owner("n")
			for i, outcome := range []job.Outcome{job.Executed, job.Failed, job.Missed, job.Lost} {
				s.replace(due("a", float64(i)))
				c := s.do(float64(i), then(float64(i+1)))
				f := s.finish(outcome, c.Runs...)
				if err := errors.Join(want("Finish", "held 1, next never", f), want("live", "0", s.live(float64(i+1), "a"))); err != nil {
					return fmt.Errorf("outcome %s: %w", outcome, err)
				}
			}
			return nil
		},
	},
	{
		name:        "finish/attempt",
		explanation: "Only the attempt that the run is at can finish it.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			r := s.do(1, then(2)).Runs[0]
			wrong := r
			wrong.Attempt = 2
			return errors.Join(want("Finish of attempt 2", "held 0, next never", s.finish(job.Executed, wrong)),
				want("live", "1", s.live(2, "a")),
				want("Finish of attempt 1", "held 1, next never", s.finish(job.Executed, r)))
		},
	},
	{
		name:        "finish/node",
		needs:       shared,
		explanation: "Only the node that holds a run can finish it.",
		check: func(e *env) error {
			a, b := e.node("a"), e.node("b")
			a.insert(due("j", 1))
			r := a.do(1, then(2)).Runs[0]
			return errors.Join(want("Finish by b", "held 0, next never", b.finish(job.Executed, r)),
				want("live", "1", a.live(2, "j")),
				want("Finish by a", "held 1, next never", a.finish(job.Executed, r)))
		},
	},
	{
		name:        "finish/unregistered",
		explanation: "Finish for a name that was never registered touches nothing, and is no error.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			c := s.do(1, then(2))
			f, err := s.Finish(e.ctx, "stranger", dones(job.Executed, c.Runs...))
			return errors.Join(err, want("Finish", "held 0, next never", f), want("live", "1", s.live(2, "a")))
		},
	},
	{
		name:        "finish/job-unchanged",
		explanation: "Finish of an executed run changes nothing of the job.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(unusual())
			c := s.do(1, then(9))
			before := s.get(unusual().ID)
			s.finish(job.Executed, c.Runs...)
			return same("the job", s.get(before.ID), before)
		},
	},
	{
		name:        "finish/many",
		explanation: "Runs of many claims may be finished in any order and mixture.",
		check: func(e *env) error {
			s := e.owner("n")
			for i := range 20 {
				s.insert(due(fmt.Sprint("j", i), 0))
			}
			var held []job.Run
			for i := range 30 {
				held = append(held, s.do(float64(i), then(float64(i+1))).Runs...)
			}
			for step, total := 7, 0; ; step++ {
				var some []job.Run
				for i := 0; i < len(held); i += 3 {
					some = append(some, held[i])
					held[i] = held[len(held)-1]
					held = held[:len(held)-1]
				}
				total += len(some)
				if err := want("Finish", fmt.Sprintf("held %d, next never", len(some)), s.finish(job.Executed, some...)); err != nil {
					return err
				}
				if len(held) == 0 {
					return errors.Join(want("finished", "600", total), want("live", "0", s.live(30, "j7")))
				}
			}
		},
	},
}
