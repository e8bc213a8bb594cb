package torture

import (
	"context"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// readSubmitWrite uses a store as if it had it for itself, in the shape of the
// reference system: it reads what is due, has it run, and only then writes
// back. It is wrong with others beside it, and wrong when it is killed; the
// audit has to find that.
type readSubmitWrite struct {
	stores.Store
	unwritten []job.Job
	ended     []string
	runs      int64
}

func openReadSubmitWrite(open stores.Opener) stores.Opener {
	return func(ctx context.Context, env stores.Env) (stores.Store, error) {
		store, err := open(ctx, env)
		return &readSubmitWrite{Store: store}, err
	}
}

// ClaimDue first writes back what the last one has submitted.
func (s *readSubmitWrite) ClaimDue(ctx context.Context, c *stores.Claim) (*stores.Claimed, error) {
	if len(c.Done) > 0 {
		return stores.FinishFirst(ctx, s, c)
	}
	if err := s.writeBack(ctx); err != nil {
		return nil, err
	}
	const limit = 1000
	claimed := &stores.Claimed{}
	for after, more := "", true; more; {
		page, err := s.List(ctx, after, limit)
		if err != nil {
			return nil, err
		}
		for i := range page {
			s.read(&page[i], c, claimed)
			after = page[i].ID
		}
		more = len(page) == limit
	}
	claimed.More = len(s.unwritten)+len(s.ended) > 0
	return claimed, nil
}

func (s *readSubmitWrite) writeBack(ctx context.Context) error {
	if len(s.unwritten) > 0 {
		if err := s.Put(ctx, stores.Replace, s.unwritten); err != nil {
			return err
		}
	}
	if _, err := s.Delete(ctx, s.ended...); err != nil {
		return err
	}
	s.unwritten, s.ended = nil, nil
	return nil
}

// read has a job run if it is due.
func (s *readSubmitWrite) read(j *job.Job, c *stores.Claim, claimed *stores.Claimed) {
	if j.NextRunTime.After(c.Now) {
		if claimed.Next.IsZero() || j.NextRunTime.Before(claimed.Next) {
			claimed.Next = j.NextRunTime
		}
		return
	}
	var step stores.Step
	c.Plan(j, 0, &step)
	instance := s.runs + 1
	for _, at := range step.Runs {
		s.runs++
		claimed.Runs = append(claimed.Runs, job.Run{
			ID: s.runs, Instance: instance, JobID: j.ID, Name: j.Name, Executor: j.Executor,
			Scheduled: at, First: at, Attempt: 1, MisfireGrace: j.MisfireGrace, Call: j.Call,
		})
	}
	if step.Ended {
		s.ended = append(s.ended, j.ID)
		return
	}
	j.NextRunTime = step.Next
	s.unwritten = append(s.unwritten, *j)
}

// Finish has nothing to do: nothing is recorded of runs.
func (s *readSubmitWrite) Finish(_ context.Context, _ string, done []stores.Done) (stores.Finished, error) {
	return stores.Finished{Held: len(done)}, nil
}
