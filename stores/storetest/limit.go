package storetest

import (
	"errors"
	"fmt"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

var limitRules = []rule{
	{
		name:        "limit/runs",
		explanation: "A claim stops when Limit runs are claimed; More says that due jobs are left, and Next when they were due.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 2), due("c", 3))
			return errors.Join(
				want("first", "runs a@1 b@2; ended a b; next 3; more", s.claim(5, stores.Claim{Limit: 2})),
				want("second", "runs c@3; ended c; next never", s.claim(5, stores.Claim{Limit: 2})))
		},
	},
	{
		name:        "limit/exactly",
		explanation: "There is not More if Limit was just enough for the due jobs, whatever comes later.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 2), due("c", 9))
			return want("claim", "runs a@1 b@2; ended a b; next 9", s.claim(5, stores.Claim{Limit: 2}))
		},
	},
	{
		name:        "limit/not-torn",
		explanation: "The run times of one job are not torn apart: the last job may exceed Limit.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 1), due("c", 1))
			return errors.Join(
				want("first", "runs a@1+2+3 b@1+2+3; ended a b; next 1; more", s.claim(5, stores.Claim{Limit: 4, Plan: runs(1, 2, 3)})),
				want("second", "runs c@1+2+3; ended c; next never", s.claim(5, stores.Claim{Limit: 1, Plan: runs(1, 2, 3)})))
		},
	},
	{
		name:        "limit/skipped-do-not-count",
		explanation: "Only runs count against Limit: jobs whose steps have none are all planned.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 1), due("c", 1))
			return want("claim", "skipped a@1 b@1 c@1; next 7", s.claim(5, stores.Claim{Limit: 1, Plan: skip(7)}))
		},
	},
	{
		name:        "limit/parked-do-not-count",
		explanation: "Due jobs that this process cannot run are not More.",
		check: func(e *env) error {
			s := e.owner("n")
			alien := due("b", 1)
			alien.Executor = "alien"
			s.insert(due("a", 1), alien)
			known := &stores.Known{Executors: []string{"default"}}
			c := s.claim(5, stores.Claim{Limit: 1, Known: known})
			return want("More", "false", c.More)
		},
	},
	{
		name:        "limit/all-in-the-end",
		explanation: "Claims with a small Limit hand out every due run exactly once.",
		check: func(e *env) error {
			s := e.owner("n")
			for i := range 50 {
				s.insert(due(fmt.Sprint(i), float64(i%7)))
			}
			seen := map[string]int{}
			for {
				c := s.claim(9, stores.Claim{Limit: 3})
				for _, r := range c.Runs {
					seen[r.JobID]++
				}
				s.finish(job.Executed, c.Runs...)
				if !c.More {
					break
				}
			}
			for id, n := range seen {
				if n != 1 {
					return fmt.Errorf("job %s was handed out %d times", id, n)
				}
			}
			return want("jobs", "50", len(seen))
		},
	},
}

// skip skips the next run time; the job is due again at that second.
func skip(second float64) plan {
	return func(j *job.Job, _ int, step *stores.Step) {
		step.Skipped = append(step.Skipped, j.NextRunTime)
		step.Next = at(second)
	}
}
