package storetest

import (
	"errors"
	"fmt"
	"runtime"
	"sync"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// together runs the functions at once and returns what goes wrong in any.
func together(functions ...func() error) error {
	var all sync.WaitGroup
	faults := make([]error, len(functions))
	for i, f := range functions {
		all.Go(func() {
			defer caught(&faults[i])
			faults[i] = f()
		})
	}
	all.Wait()
	return errors.Join(faults...)
}

var concurrentRules = []rule{
	{
		name:        "concurrent/claims",
		needs:       shared,
		explanation: "Whatever several nodes claim at once, each run is handed out once.",
		check: func(e *env) error {
			const jobs, times = 40, 12
			var mu sync.Mutex
			claimed := map[string]int{}
			drain := func(s *session) func() error {
				return func() error {
					for range 10 * jobs * times {
						c := s.claim(times, stores.Claim{Limit: 5, Plan: func(j *job.Job, _ int, step *stores.Step) {
							step.Runs = append(step.Runs, j.NextRunTime)
							step.Next = j.NextRunTime.Add(1e9)
							step.Ended = step.Next.After(at(times - 1))
						}})
						mu.Lock()
						for _, r := range c.Runs {
							claimed[r.String()]++
						}
						mu.Unlock()
						if f := s.finish(job.Executed, c.Runs...); f.Held != len(c.Runs) {
							return fmt.Errorf("node %s holds %d of the %d runs that it has claimed", s.name, f.Held, len(c.Runs))
						}
						if len(s.list("", 1)) == 0 {
							return nil
						}
					}
					return errors.New("the jobs do not come to an end")
				}
			}
			a, b, c := e.node("a"), e.node("b"), e.node("c")
			for i := range jobs {
				a.insert(due(fmt.Sprint(i), 0))
			}
			if err := together(drain(a), drain(b), drain(c)); err != nil {
				return err
			}
			for key, n := range claimed {
				if n != 1 {
					return fmt.Errorf("run %s was handed out %d times", key, n)
				}
			}
			return want("runs", fmt.Sprint(jobs*times), len(claimed))
		},
	},
	{
		name:        "concurrent/history",
		needs:       shared | recording,
		explanation: "Whatever several nodes do at once, each outcome is recorded once, and no two records have the same Seq.",
		check: func(e *env) error {
			const rounds = 15
			a, b, c := e.node("a"), e.node("b"), e.node("c")
			work := func(s *session) func() error {
				return func() error {
					for i := range rounds {
						s.insert(due(fmt.Sprint(s.name, i), 0))
						s.finish(job.Executed, s.claim(0, stores.Claim{Limit: 2}).Runs...)
					}
					return nil
				}
			}
			if err := together(work(a), work(b), work(c)); err != nil {
				return err
			}
			a.finish(job.Executed, a.do(0, once).Runs...)
			jobs, numbers := map[string]bool{}, map[int64]bool{}
			all := a.history(stores.HistoryQuery{})
			for _, r := range all {
				jobs[r.JobID], numbers[r.Seq] = true, true
			}
			return want("records, jobs and Seqs", fmt.Sprint(3*rounds, 3*rounds, 3*rounds), fmt.Sprint(len(all), len(jobs), len(numbers)))
		},
	},
	{
		name:        "concurrent/max-instances",
		needs:       shared,
		explanation: "The count of live instances is exact, whoever claims: no two nodes see the same free place.",
		check: func(e *env) error {
			var mu sync.Mutex
			running, most := 0, 0
			work := func(s *session) func() error {
				return func() error {
					for range 60 {
						c := s.claim(0, stores.Claim{Plan: func(j *job.Job, live int, step *stores.Step) {
							step.Next = j.NextRunTime
							if live < 2 {
								step.Runs = append(step.Runs, j.NextRunTime)
							}
						}})
						mu.Lock()
						running += len(c.Runs)
						most = max(most, running)
						mu.Unlock()
						runtime.Gosched()
						mu.Lock()
						running -= len(c.Runs) // before the store knows: never counted too high
						mu.Unlock()
						s.finish(job.Executed, c.Runs...)
					}
					return nil
				}
			}
			a, b, c := e.node("a"), e.node("b"), e.node("c")
			a.insert(due("j", 0))
			err := together(work(a), work(b), work(c))
			if most > 2 {
				err = fmt.Errorf("%d instances ran at once, of 2", most)
			}
			return errors.Join(err, want("live", "0", a.live(0, "j")))
		},
	},
	{
		name:        "concurrent/if-version",
		needs:       shared,
		explanation: "Of several Puts at once that have read the same Version one succeeds, and the others fail with ErrConflict.",
		check: func(e *env) error {
			sessions := []*session{e.node("a"), e.node("b"), e.node("c")}
			sessions[0].insert(due("j", 0))
			for round := range 20 {
				j := sessions[0].get("j")
				var mu sync.Mutex
				winners := 0
				var puts []func() error
				for _, s := range sessions {
					puts = append(puts, func() error {
						err := s.Put(e.ctx, stores.IfVersion, []job.Job{j})
						if err == nil {
							mu.Lock()
							winners++
							mu.Unlock()
							return nil
						}
						return refused(err, job.ErrConflict, "j")
					})
				}
				if err := errors.Join(together(puts...), want("winners", "1", winners)); err != nil {
					return fmt.Errorf("round %d: %w", round, err)
				}
			}
			return nil
		},
	},
	{
		name:        "concurrent/insert",
		needs:       shared,
		explanation: "Of several Inserts of the same ID at once one succeeds, and the others fail with ErrJobExists.",
		check: func(e *env) error {
			sessions := []*session{e.node("a"), e.node("b"), e.node("c")}
			for round := range 20 {
				var mu sync.Mutex
				winners := 0
				var puts []func() error
				for _, s := range sessions {
					puts = append(puts, func() error {
						id := fmt.Sprint(round)
						err := s.Put(e.ctx, stores.Insert, []job.Job{due(id, 0)})
						if err == nil {
							mu.Lock()
							winners++
							mu.Unlock()
							return nil
						}
						return refused(err, job.ErrJobExists, id)
					})
				}
				if err := errors.Join(together(puts...), want("winners", "1", winners)); err != nil {
					return fmt.Errorf("round %d: %w", round, err)
				}
			}
			return nil
		},
	},
	{
		name:        "concurrent/heartbeat",
		explanation: "Heartbeat may run beside any other method of the same Store.",
		check: func(e *env) error {
			s := e.owner("n")
			beat := func() error {
				for range 100 {
					if err := s.Heartbeat(e.ctx, "n", 0); err != nil {
						return err
					}
				}
				return nil
			}
			return together(beat, func() error {
				for i := range 50 {
					s.replace(due("a", float64(i)))
					c := s.do(float64(i), then(float64(i+1)))
					s.finish(job.Executed, c.Runs...)
					s.list("", 1)
				}
				s.deleteAll()
				return nil
			})
		},
	},
	{
		name:        "concurrent/reading",
		explanation: "List and History may run beside any other method of the same Store, page by page. They find each job, and each record, that is there all the time, once.",
		check: func(e *env) error {
			s := e.owner("n")
			const all, rounds = 12, 20
			for i := range all {
				s.insert(due(fmt.Sprintf("%02d", i), 0))
			}
			s.finish(job.Executed, s.do(0, then(1e6)).Runs...)
			work := func() error {
				for i := range rounds {
					s.replace(due("04 more", float64(i)))
					s.finish(job.Executed, s.do(float64(i), then(float64(i+1))).Runs...)
					s.delete("04 more")
				}
				return nil
			}
			list := func() error {
				found := 0
				for page, after := s.list("", 5), ""; len(page) > 0; page = s.list(after, 5) {
					for _, j := range page {
						if j.ID <= after {
							return fmt.Errorf("job %q is listed behind %q", j.ID, after)
						}
						if after = j.ID; after != "04 more" {
							found++
						}
					}
				}
				return want("jobs listed", fmt.Sprint(all), found)
			}
			history := func() error {
				found := 0
				for query := (stores.HistoryQuery{Limit: 5}); ; {
					page := s.history(query)
					for _, r := range page {
						if query.Before > 0 && r.Seq >= query.Before {
							return fmt.Errorf("record %d stands behind record %d", r.Seq, query.Before)
						}
						if query.Before = r.Seq; r.JobID != "04 more" {
							found++
						}
					}
					if len(page) < query.Limit {
						return want("records found", fmt.Sprint(all), found)
					}
				}
			}
			return together(work, func() (err error) {
				for range rounds {
					if err = errors.Join(err, list()); e.Harness.History {
						err = errors.Join(err, history())
					}
				}
				return err
			})
		},
	},
}
