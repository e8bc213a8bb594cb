package storetest

import (
	"errors"
	"fmt"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

var claimRules = []rule{
	{
		name:        "claim/due",
		explanation: "A job is due from its next run time on, that instant included.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 2))
			return errors.Join(
				want("a moment before", "next 2", s.do(2-1e-6, once)),
				want("at the time", "runs a@2; ended a; next never", s.do(2, once)))
		},
	},
	{
		name:        "claim/paused",
		explanation: "A job without a next run time is never due.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(idle("a"), due("b", 1))
			b := s.get("b")
			b.NextRunTime = time.Time{}
			s.put(stores.IfVersion, b)
			return want("claim", "next never", s.do(1e6, once))
		},
	},
	{
		name:        "claim/moves-on",
		explanation: "With the claim a job moves on: it has the next run time of the step, and the run is not handed out again.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			return errors.Join(
				want("claim", "runs a@1; next 4", s.do(2, then(4))),
				want("NextRunTime", "4", s.get("a").NextRunTime),
				want("second claim", "next 4", s.do(3, then(9))))
		},
	},
	{
		name:        "claim/run-fields",
		explanation: "A run has all that is needed to execute it: its own ID and Instance, the scheduled time, the first attempt, and the job's ID, name, executor, grace and call. Do is left to the scheduler.",
		check: func(e *env) error {
			s := e.owner("n")
			j := unusual()
			s.insert(j)
			c := s.do(1, once)
			return same("Run", c.Runs[0], job.Run{
				ID: c.Runs[0].ID, Instance: c.Runs[0].ID, JobID: j.ID, Name: j.Name, Store: alias, Executor: j.Executor,
				Scheduled: j.NextRunTime, First: j.NextRunTime, Attempt: 1, MisfireGrace: j.MisfireGrace, Call: j.Call,
			})
		},
	},
	{
		name:        "claim/run-ids",
		explanation: "Each run has an ID of its own that no other run of the store ever had, and none has 0.",
		check: func(e *env) error {
			s := e.owner("n")
			seen := map[int64]bool{0: true}
			var held []job.Run
			s.insert(due("a", 0), due("b", 0), due("c", 0))
			for i := range 200 {
				for _, r := range s.do(float64(i), then(float64(i+1))).Runs {
					if seen[r.ID] {
						return fmt.Errorf("run %s has the ID %d of an earlier one", r.String(), r.ID)
					}
					seen[r.ID] = true
					held = append(held, r)
				}
				for len(held) > i%50+1 {
					s.finish(job.Executed, held[len(held)/2])
					held = append(held[:len(held)/2], held[len(held)/2+1:]...)
				}
			}
			return nil
		},
	},
	{
		name:        "claim/runs-are-the-callers",
		explanation: "The Runs belong to the caller, who may write to them: the store's record of them does not change.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			claim := stores.Claim{Seq: 1, Plan: then(2)}
			c := s.claim(1, claim)
			run := c.Runs[0]
			c.Runs[0] = job.Run{ID: 99, Attempt: 7}
			return errors.Join(want("repeated claim", "runs a@1; next 2", s.claim(1, claim)),
				want("Finish", "held 1, next never", s.finish(job.Executed, run)))
		},
	},
	{
		name:        "claim/once-per-claim",
		explanation: "A claim plans each job once. If the job is due still it is planned again by the next claim, for which Next gives the time; there is not More.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 3))
			return errors.Join(
				want("claim", "runs a@1 b@3; next 2", s.do(5, func(j *job.Job, live int, step *stores.Step) {
					then(map[string]float64{"a": 2, "b": 8}[j.ID])(j, live, step)
				})),
				want("second claim", "runs a@2; next 6", s.do(5, then(6))))
		},
	},
	{
		name:        "claim/backwards",
		explanation: "The next run time is what the step says, also when that is earlier than before.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 5), due("b", 4))
			s.do(5, func(j *job.Job, live int, step *stores.Step) {
				then(map[string]float64{"a": 2, "b": 3}[j.ID])(j, live, step)
			})
			return want("claim", "runs a@2 b@3; ended a b; next never", s.do(9, once))
		},
	},
	{
		name:        "claim/next",
		explanation: "Next is the earliest next run time of a job after the claim; of the jobs that are paused there is none.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(idle("p"), due("c", 30), due("b", 20), due("a", 1))
			next := []error{want("at 0", "next 1", s.do(0, once))}
			next = append(next, want("at 1", "runs a@1; next 15", s.do(1, then(15))))
			s.replace(due("c", 12.5))
			next = append(next, want("put earlier", "next 12.5", s.do(2, once)))
			s.replace(due("c", 40))
			next = append(next, want("put later", "next 15", s.do(3, once)))
			s.delete("a")
			next = append(next, want("deleted", "next 20", s.do(4, once)))
			s.deleteAll()
			return errors.Join(append(next, want("none", "next never", s.do(5, once)))...)
		},
	},
	{
		name:        "claim/next-of-known-jobs",
		explanation: "Next does not count jobs that this process cannot run.",
		check: func(e *env) error {
			s := e.owner("n")
			alien := due("a", 10)
			alien.Call = task("alien")
			for i := range 10 {
				alien.ID, alien.NextRunTime = fmt.Sprint("a", i), at(float64(10+i))
				s.insert(alien)
			}
			s.insert(due("b", 15), due("c", 30))
			known := &stores.Known{Tasks: []string{"work"}}
			first := want("before", "next 15", s.claim(5, stores.Claim{Known: known}))
			s.delete("b", "c")
			return errors.Join(first, want("without b and c", "next never", s.claim(6, stores.Claim{Known: known})))
		},
	},
	{
		name:        "claim/unregistered",
		explanation: "A claim for a name that has not been registered fails with ErrLeaseExpired.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			_, err := s.tryClaim(1, stores.Claim{Node: "stranger"})
			return errors.Join(refused(err, job.ErrLeaseExpired, ""), want("NextRunTime", "1", s.get("a").NextRunTime))
		},
	},
	{
		name:        "claim/microseconds",
		explanation: "Run times are kept to the microsecond at least, in the order and in the runs too.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("b", 1.000001), due("a", 1.000002))
			return errors.Join(
				want("claim", "runs b@1.000001; ended b; next 1.000002", s.do(1.000001, once)),
				want("claim", "runs a@1.000002; ended a; next never", s.do(2, once)))
		},
	},
	{
		name:        "claim/far-times",
		explanation: "Run times may be as far away as the years 1000 and 9999.",
		check: func(e *env) error {
			s := e.owner("n")
			for _, year := range []int{1000, 1200, 1400, 1600, 1677, 2263, 2300, 3000, 5000, 7000, 9999} {
				j := due("far", 0)
				j.NextRunTime = time.Date(year, 1, 2, 3, 4, 5, 6000, time.UTC)
				s.replace(j, due("near", 1))
				c := s.do(1, skipTo(5))
				planned := s.get("near").NextRunTime.Equal(at(5)) && s.get("far").NextRunTime.Equal(at(5)) == (year < 2024)
				if !planned || !c.Next.Equal(at(5)) {
					return fmt.Errorf("a job for the year %d, and one that is due: claim %s, jobs %v", year, show(c), s.list("", 2))
				}
			}
			return nil
		},
	},
}
