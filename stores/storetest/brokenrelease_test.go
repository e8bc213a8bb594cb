package storetest

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// again tells whether a run is handed out not for the first time.
func again(r job.Run) bool { return r.Attempt > 1 }

// releases makes a fault of Finish: before it, release is called for each run
// that is released, and after it released.
func releases(release, released func(s stores.Store, d *stores.Done)) func(stores.Store) stores.Store {
	return func(s stores.Store) stores.Store {
		return &faulty{Store: s, finish: func(s stores.Store, ctx context.Context, node string, done []stores.Done) (stores.Finished, error) {
			done = slices.Clone(done)
			each := func(f func(stores.Store, *stores.Done)) {
				for i := range done {
					if done[i].Outcome == job.Released && f != nil {
						f(s, &done[i])
					}
				}
			}
			each(release)
			f, err := s.Finish(ctx, node, done)
			each(released)
			return f, err
		}}
	}
}

// rerun makes a store that ends the runs that are released, if end says so, and
// hands them out again by itself.
func rerun(end func(d *stores.Done) bool) func(stores.Store) stores.Store {
	return func(s stores.Store) stores.Store {
		told := map[int64]job.Run{}
		var waiting []job.Run
		f := releases(func(_ stores.Store, d *stores.Done) {
			if r, ok := told[d.RunID]; ok && r.Attempt == d.Attempt && end(d) {
				d.Outcome = job.Executed
				r.Attempt++
				waiting = append(waiting, r)
			}
		}, nil)(s).(*faulty)
		f.claim = func(s stores.Store, ctx context.Context, c *stores.Claim) (*stores.Claimed, error) {
			got, err := s.ClaimDue(ctx, c)
			if err == nil {
				got.Runs = append(waiting, got.Runs...)
				waiting = nil
				for _, r := range got.Runs {
					told[r.ID] = r
				}
			}
			return got, err
		}
		return f
	}
}

// deletedRunsComeBack makes a store that hands out released runs of deleted jobs.
func deletedRunsComeBack(s stores.Store) stores.Store {
	told, free, waiting := map[int64]job.Run{}, map[int64]bool{}, []job.Run(nil)
	f := releases(nil, func(_ stores.Store, d *stores.Done) { free[d.RunID] = true })(s).(*faulty)
	f.claim = claims(nil, func(c *stores.Claimed) {
		for _, r := range c.Runs {
			told[r.ID], free[r.ID] = r, false
		}
		c.Runs, waiting = append(waiting, c.Runs...), nil
	})(s).(*faulty).claim
	keep := func(deleted func(id string) bool) {
		for id, r := range told {
			if free[id] && deleted(r.JobID) {
				waiting = append(waiting, r)
			}
		}
	}
	f.delete = func(s stores.Store, ctx context.Context, ids ...string) ([]string, error) {
		keep(func(id string) bool { return slices.Contains(ids, id) })
		return s.Delete(ctx, ids...)
	}
	f.deleteAll = func(s stores.Store, ctx context.Context) (int, error) {
		keep(func(string) bool { return true })
		return s.DeleteAll(ctx)
	}
	return f
}

var brokenReleases = []broken{
	{"Released is an end", "release/handed-out-again", releases(func(_ stores.Store, d *stores.Done) { d.Outcome = job.Executed }, nil)},
	{"Released is nothing", "release/held-by-nobody", releases(func(_ stores.Store, d *stores.Done) { d.RunID = 0 }, nil)},
	{"a released run is told with the same attempt", "release/handed-out-again", claims(nil, func(c *stores.Claimed) {
		for i := range c.Runs {
			c.Runs[i].Attempt = 1
		}
	})},
	{"a released run forgets its First", "release/handed-out-again", claims(nil, func(c *stores.Claimed) {
		for i := range c.Runs {
			if again(c.Runs[i]) {
				c.Runs[i].First = c.Runs[i].Scheduled
			}
		}
	})},
	{"a released run is not live", "release/live", func(s stores.Store) stores.Store {
		free := map[string]int{}
		f := releases(nil, func(_ stores.Store, d *stores.Done) { free[d.JobID]++ })(s).(*faulty)
		f.claim = plans(func(right stores.Claim, j *job.Job, live int, step *stores.Step) {
			right.Plan(j, max(0, live-free[j.ID]), step)
		})(s).(*faulty).claim
		return f
	}},
	{"a released run ends a wait", "release/waiting", rerun(func(*stores.Done) bool { return true })},
	{"a released run can be released again", "release/held-by-nobody", func(s stores.Store) stores.Store {
		return &faulty{Store: s, finish: func(s stores.Store, ctx context.Context, node string, done []stores.Done) (stores.Finished, error) {
			f, err := s.Finish(ctx, node, done)
			if len(done) > 0 && done[0].Outcome == job.Released {
				f.Held = len(done)
			}
			return f, err
		}}
	}},
	{"Next of a release is now", "release/next", func(s stores.Store) stores.Store {
		released := false
		return finishes(func(done []stores.Done) {
			released = slices.ContainsFunc(done, func(d stores.Done) bool { return d.Outcome == job.Released })
		}, func(f *stores.Finished) {
			if released && !f.Next.IsZero() {
				f.Next = f.Next.Add(-time.Second)
			}
		})(s)
	}},
	{"a release sets the job back", "release/job-unchanged", releases(nil, func(s stores.Store, d *stores.Done) {
		if j, err := s.Get(context.Background(), d.JobID); err == nil {
			j.NextRunTime = j.NextRunTime.Add(-time.Second)
			_ = s.Put(context.Background(), stores.Replace, []job.Job{j})
		}
	})},
	{"a release counts as a change", "job/version-counts", releases(nil, func(s stores.Store, d *stores.Done) {
		if j, err := s.Get(context.Background(), d.JobID); err == nil {
			_ = s.Put(context.Background(), stores.Replace, []job.Job{j})
		}
	})},
	{"a release brings its job back", "release/ended", func(s stores.Store) stores.Store {
		ended := map[string]job.Job{}
		f := releases(nil, func(s stores.Store, d *stores.Done) {
			if j, ok := ended[d.JobID]; ok {
				_ = s.Put(context.Background(), stores.Insert, []job.Job{j})
			}
		})(s).(*faulty)
		f.claim = plans(func(right stores.Claim, j *job.Job, live int, step *stores.Step) {
			if right.Plan(j, live, step); step.Ended {
				ended[j.ID] = *j
			}
		})(s).(*faulty).claim
		return f
	}},
	{"a released run has the settings of whatever has its job's ID", "release/ended-and-replaced", func(s stores.Store) stores.Store {
		return claims(nil, func(c *stores.Claimed) {
			for i, r := range c.Runs {
				if j, err := s.Get(context.Background(), r.JobID); again(r) && err == nil {
					c.Runs[i].Name = j.Name
				}
			}
		})(s)
	}},
	{"a released run has the settings it had", "release/changed-job", func(s stores.Store) stores.Store {
		first := map[int64]job.Run{}
		return claims(nil, func(c *stores.Claimed) {
			for i, r := range c.Runs {
				if old, ok := first[r.ID]; ok {
					old.Attempt = r.Attempt
					c.Runs[i] = old
				} else {
					first[r.ID] = r
				}
			}
		})(s)
	}},
	{"released runs of paused jobs are forgotten", "release/paused", func(s stores.Store) stores.Store {
		return claims(nil, func(c *stores.Claimed) {
			c.Runs = slices.DeleteFunc(c.Runs, func(r job.Run) bool {
				j, err := s.Get(context.Background(), r.JobID)
				return again(r) && err == nil && j.Paused
			})
		})(s)
	}},
	{"runs of deleted jobs are handed out again", "release/deleted", func(s stores.Store) stores.Store {
		return rerun(func(d *stores.Done) bool {
			_, err := s.Get(context.Background(), d.JobID)
			return err != nil
		})(s)
	}},
	{"a deleted job's run ends and wakes nobody", "release/deleted-wakes", func(s stores.Store) stores.Store {
		released := false
		return finishes(func(done []stores.Done) {
			released = slices.ContainsFunc(done, func(d stores.Done) bool {
				j, err := s.Get(context.Background(), d.JobID)
				return d.Outcome == job.Released && err == nil && j.NextRunTime.Equal(at(3))
			})
		}, func(f *stores.Finished) {
			if released && f.Next.Equal(at(3)) {
				f.Next = time.Time{}
			}
		})(s)
	}},
	{"a deleted job's released runs are handed out", "release/then-deleted", deletedRunsComeBack},
	{"DeleteAll forgets the released runs", "release/then-all-deleted", deletedRunsComeBack},
	{"the runs of an ended job end with the job in its place", "release/ended-and-deleted", func(s stores.Store) stores.Store {
		deleted := map[string]bool{}
		f := claims(nil, func(c *stores.Claimed) {
			c.Runs = slices.DeleteFunc(c.Runs, func(r job.Run) bool { return again(r) && deleted[r.JobID] })
		})(s).(*faulty)
		f.delete = func(s stores.Store, ctx context.Context, ids ...string) ([]string, error) {
			for _, id := range ids {
				deleted[id] = true
			}
			return s.Delete(ctx, ids...)
		}
		return f
	}},
	{"Delete ends all released runs", "release/held-and-deleted", func(s stores.Store) stores.Store {
		deleted := false
		f := claims(nil, func(c *stores.Claimed) {
			if deleted {
				c.Runs = slices.DeleteFunc(c.Runs, again)
			}
		})(s).(*faulty)
		f.delete = func(s stores.Store, ctx context.Context, ids ...string) ([]string, error) {
			deleted = true
			return s.Delete(ctx, ids...)
		}
		return f
	}},
	{"released runs come last", "release/first", claims(nil, func(c *stores.Claimed) {
		old := 0
		for old < len(c.Runs) && again(c.Runs[old]) {
			old++
		}
		c.Runs = append(slices.Clone(c.Runs[old:]), c.Runs[:old]...)
	})},
	{"released runs come by time", "release/order", claims(nil, func(c *stores.Claimed) {
		slices.SortStableFunc(c.Runs, func(a, b job.Run) int { return a.Scheduled.Compare(b.Scheduled) })
	})},
	{"released runs come by attempt", "release/order", claims(nil, func(c *stores.Claimed) {
		slices.SortStableFunc(c.Runs, func(a, b job.Run) int { return cmp.Compare(a.Attempt, b.Attempt) })
	})},
	{"released instances torn apart", "release/instance", func(s stores.Store) stores.Store {
		limit := 0
		return claims(func(c *stores.Claim) { limit = c.Limit }, func(c *stores.Claimed) {
			if len(c.Runs) > limit && again(c.Runs[0]) {
				c.Runs = c.Runs[:limit]
			}
		})(s)
	}},
	{"released runs are instances of their own", "release/instance", claims(nil, func(c *stores.Claimed) {
		for i := range c.Runs {
			if again(c.Runs[i]) {
				c.Runs[i].Instance = c.Runs[i].ID
			}
		}
	})},
	{"released runs do not count for More", "release/limit", claims(nil, func(c *stores.Claimed) {
		c.More = c.More && !slices.ContainsFunc(c.Runs, again)
	})},
	{"released runs go to whoever claims", "release/known", claims(func(c *stores.Claim) {
		known, right := c.Known, c.Plan
		if c.Known = nil; known == nil {
			return
		}
		c.Plan = func(j *job.Job, live int, step *stores.Step) {
			if known.Tasks != nil && !slices.Contains(known.Tasks, j.Call.TaskName()) {
				step.Park = "unknown"
				return
			}
			right(j, live, step)
		}
	}, nil)},
	{"a repetition is one more attempt", "release/repeated-claim", func(s stores.Store) stores.Store {
		var seq uint64
		repeated := false
		return claims(func(c *stores.Claim) { repeated, seq = c.Seq == seq, c.Seq }, func(c *stores.Claimed) {
			for i := range c.Runs {
				if repeated {
					c.Runs[i].Attempt++
				}
			}
		})(s)
	}},
	{"a released run goes back to who had it", "release/other-node", func(s stores.Store) stores.Store {
		had := map[int64]string{}
		node := ""
		return claims(func(c *stores.Claim) { node = c.Node }, func(c *stores.Claimed) {
			c.Runs = slices.DeleteFunc(c.Runs, func(r job.Run) bool {
				if had[r.ID] == "" {
					had[r.ID] = node
				}
				return had[r.ID] != node || again(r)
			})
		})(s)
	}},
	{"released runs die with their node", "release/node-dies", claims(nil, func(c *stores.Claimed) {
		if len(c.Lost) > 0 {
			c.Lost, c.Runs = append(slices.Clone(c.Runs), c.Lost...), nil
		}
	})},
	{"released runs are lost with Close", "release/reopen", func(s stores.Store) stores.Store {
		seen := false
		return claims(nil, func(c *stores.Claimed) {
			if !seen {
				c.Runs = slices.DeleteFunc(c.Runs, again)
			}
			seen = true
		})(s)
	}},
	{"the run in the way is the last one", "plan/in-the-way", func(s stores.Store) stores.Store {
		last := map[string]job.Run{}
		return claims(nil, func(c *stores.Claimed) {
			for i, skip := range c.Skipped {
				c.Skipped[i].Running, c.Skipped[i].RunningSince = last[skip.JobID].ID, last[skip.JobID].Scheduled
			}
			for _, r := range c.Runs {
				last[r.JobID] = r
			}
		})(s)
	}},
	{"released runs are in nobody's way", "plan/released-in-the-way", func(s stores.Store) stores.Store {
		free := map[int64]bool{}
		f := releases(nil, func(_ stores.Store, d *stores.Done) { free[d.RunID] = true })(s).(*faulty)
		f.claim = claims(nil, func(c *stores.Claimed) {
			for i := range c.Skipped {
				if free[c.Skipped[i].Running] {
					c.Skipped[i].Running = 0
				}
			}
		})(s).(*faulty).claim
		return f
	}},
	{"looks for what is in the way before it records the runs", "plan/in-its-own-way", claims(nil, func(c *stores.Claimed) {
		for i, skip := range c.Skipped {
			if slices.ContainsFunc(c.Runs, func(r job.Run) bool { return r.ID == skip.Running }) {
				c.Skipped[i].Running = 0
			}
		}
	})},
	{"a dead node's run of a deleted job is handed out", "takeover/gone-jobs", claims(nil, func(c *stores.Claimed) {
		c.Runs, c.Lost = append(c.Runs, c.Lost...), nil
	})},
	{"a deleted job's run is Lost whoever holds it", "takeover/deleted-later", func(s stores.Store) stores.Store {
		deleted := false
		f := claims(nil, func(c *stores.Claimed) {
			if deleted {
				c.Lost = append(c.Lost, job.Run{JobID: "j"})
			}
		})(s).(*faulty)
		f.delete = func(s stores.Store, ctx context.Context, ids ...string) ([]string, error) {
			deleted = true
			return s.Delete(ctx, ids...)
		}
		return f
	}},
	{"IDs without regard to case", "job/ids-are-exact", func(s stores.Store) stores.Store {
		return &faulty{Store: s, delete: func(s stores.Store, ctx context.Context, ids ...string) ([]string, error) {
			return s.Delete(ctx, append(ids, "A")...)
		}}
	}},
	{"an unknown trigger is dropped", "job/unknown-trigger", plans(func(right stores.Claim, j *job.Job, live int, step *stores.Step) {
		j.Trigger = nil
		right.Plan(j, live, step)
	})},
	{"an unknown trigger does not last", "reopen/strange-trigger", plans(func(right stores.Claim, j *job.Job, live int, step *stores.Step) {
		j.Trigger = every{1}
		right.Plan(j, live, step)
	})},
}

// A store whose only owner is in the way of others: what an older contract asked
// for.
func TestOwnerInTheWayIsFound(t *testing.T) {
	h := harnessOf(func(s stores.Store) stores.Store { return s })
	open, owned := h.Open, false
	h.Open = func(t testing.TB) stores.Opener {
		opener := open(t)
		return func(ctx context.Context, env stores.Env) (stores.Store, error) {
			s, err := opener(ctx, env)
			return &faulty{Store: s, heartbeat: func(s stores.Store, ctx context.Context, node string, ttl time.Duration) error {
				if ttl > 0 && owned {
					return job.ErrShared
				}
				err := s.Heartbeat(ctx, node, ttl)
				owned = owned || ttl == 0 && err == nil
				return err
			}}, err
		}
	}
	if err := ruleOf(t, "lease/owner-ended").on(t, h); !errors.Is(err, job.ErrShared) {
		t.Errorf("got error %v", err)
	}
}
