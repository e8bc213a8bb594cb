package storetest

import (
	"errors"
	"fmt"
	"slices"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// doneRules are about ends of runs that a claim brings along.
var doneRules = []rule{
	{
		name:        "done/recorded",
		explanation: "A claim records the ends of runs that it brings along, whether anything is due or not, and answers what Finish would have answered.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 1))
			c := s.do(1, then(9))
			return errors.Join(
				want("claim", "finished held 2, next never; next 9", s.claim(2, stores.Claim{Done: dones(job.Executed, c.Runs...)})),
				want("Finish after that", "held 0, next never", s.finish(job.Executed, c.Runs...)),
				want("live", "0 0", fmt.Sprint(s.live(9, "a"), " ", s.live(9, "b"))))
		},
	},
	{
		name:        "done/none",
		explanation: "A claim that brings none along has no Finished in its answer.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			return errors.Join(want("claim", "runs a@1; next 2", s.do(1, then(2))),
				want("of an empty list", "next 2", s.claim(1, stores.Claim{Done: []stores.Done{}})))
		},
	},
	{
		name:        "done/first",
		explanation: "The ends are recorded before the claim looks at anything: what has ended by them is not live for its Plan.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			first := s.do(1, then(2))
			live := -1
			s.claim(2, stores.Claim{Done: dones(job.Executed, first.Runs...), Plan: func(j *job.Job, n int, step *stores.Step) {
				live = n
				once(j, n, step)
			}})
			return want("live", "0", live)
		},
	},
	{
		name:        "done/waiting",
		explanation: "A job that has waited for one of the runs can be planned by the claim that says that it has ended.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			c := s.do(9, wait(then(2)))
			return want("claim", "finished held 1, next 2; runs a@2; ended a; next never",
				s.claim(9, stores.Claim{Done: dones(job.Executed, c.Runs...)}))
		},
	},
	{
		name:        "done/released",
		explanation: "A run that the claim brings back can be handed out again by the same claim, with the next attempt number.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 1))
			c := s.do(1, then(9))
			nobody := &stores.Known{Tasks: []string{}}
			return errors.Join(
				want("claim", "finished held 1, next 1; runs a@1#2; next 9",
					s.claim(1, stores.Claim{Done: dones(job.Released, c.Runs[0])})),
				want("claim that cannot run it", "finished held 1, next 1; next never",
					s.claim(1, stores.Claim{Done: dones(job.Released, c.Runs[1]), Known: nobody})),
				want("next claim", "runs b@1#2; next 9", s.claim(1, stores.Claim{})))
		},
	},
	{
		name:        "done/held",
		explanation: "Only runs that the node still holds are touched, by the attempt that they are at, and each counts once.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 1))
			c := s.do(1, then(9))
			later, unknown := c.Runs[1], job.Run{ID: 1 << 40, Attempt: 1}
			later.Attempt = 2
			return errors.Join(
				want("claim", "finished held 1, next never; next 9",
					s.claim(2, stores.Claim{Done: dones(job.Executed, c.Runs[0], unknown, later, c.Runs[0])})),
				want("live", "0 1", fmt.Sprint(s.live(9, "a"), " ", s.live(9, "b"))))
		},
	},
	{
		name:        "done/repeated",
		explanation: "A claim that is repeated records what it brings along, which may be more than the first time, and does nothing else.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 1))
			c := s.do(1, then(2))
			s.claim(2, stores.Claim{Seq: 7, Limit: 1, Done: dones(job.Executed, c.Runs[0])})
			again := s.claim(9, stores.Claim{Seq: 7, Done: dones(job.Failed, c.Runs...)})
			return errors.Join(want("Finished", "held 1, next never", *again.Finished),
				want("repeated", "a@2", showRuns(again.Runs)), want("live", "0", s.live(2, "b")))
		},
	},
	{
		name:        "done/outcomes",
		explanation: "A run ends by a claim as by Finish, whatever its outcome is, also of a job that is gone.",
		check: func(e *env) error {
			s := e.owner("n")
			outcomes := []job.Outcome{job.Executed, job.Failed, job.Missed, job.Lost}
			for i, outcome := range outcomes {
				id := fmt.Sprint("j", i)
				s.insert(due(id, 1))
				c := s.do(1, once)
				if err := want(outcome.String(), "finished held 1, next never; next never", s.claim(1, stores.Claim{Done: dones(outcome, c.Runs...)})); err != nil {
					return err
				}
				s.insert(due(id, 5))
				if err := want("live after "+outcome.String(), "0", s.live(5, id)); err != nil {
					return err
				}
				s.delete(id)
			}
			return nil
		},
	},
	{
		name:        "done/callers",
		explanation: "The slice of ends is the caller's: the store neither changes nor keeps it.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 1))
			c := s.do(1, then(9))
			done := dones(job.Executed, c.Runs[0])
			before := slices.Clone(done)
			s.claim(2, stores.Claim{Done: done})
			if !slices.Equal(done, before) {
				return fmt.Errorf("it has become %+v", done)
			}
			done[0] = dones(job.Executed, c.Runs[1])[0]
			s.claim(2, stores.Claim{})
			return want("live", "1", s.live(9, "b"))
		},
	},
	{
		name:        "done/history",
		needs:       recording,
		explanation: "The end of a run that a claim brings along is recorded in the history as by Finish.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			run := s.do(1, once).Runs[0]
			done := dones(job.Failed, run)
			done[0].Started, done[0].Finished, done[0].Err = at(2), at(3), "out of paper"
			s.claim(4, stores.Claim{Done: done})
			end := ofRun(run, job.Failed, "n")
			end.Started, end.Finished, end.Reason = at(2), at(3), "out of paper"
			return want("history", record(&end), records(s.history(stores.HistoryQuery{})))
		},
	},
	{
		name:        "done/reopened",
		needs:       durable,
		explanation: "What a claim has recorded outlives Close, also if it was all that the claim did.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			c := s.do(1, then(9))
			s.claim(2, stores.Claim{Done: dones(job.Executed, c.Runs...)})
			e.must("Close", s.close())
			s = e.owner("n")
			s.seq = 9
			return errors.Join(want("Finish", "held 0, next never", s.finish(job.Executed, c.Runs...)), want("live", "0", s.live(9, "a")))
		},
	},
	{
		name:        "done/expired",
		needs:       shared,
		waits:       true,
		explanation: "A claim of a node whose lease has ended fails, and what it brings along touches nothing: those runs are Lost.",
		check: func(e *env) error {
			a := e.node("a")
			a.insert(due("j", 1))
			c := a.do(1, then(9))
			e.expire()
			_, err := a.tryClaim(2, stores.Claim{Done: dones(job.Executed, c.Runs...)})
			return errors.Join(refused(err, job.ErrLeaseExpired, ""), want("claim of another", "lost j@1; next 9", e.node("b").do(2, once)))
		},
	},
}
