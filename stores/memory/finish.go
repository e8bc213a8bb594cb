package memory

import (
	"context"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// Finish costs O(1) for each run.
func (s *session) Finish(ctx context.Context, node string, done []stores.Done) (stores.Finished, error) {
	f, released, err := s.finish(ctx, node, done)
	if released {
		s.tell()
	}
	return f, err
}

func (s *session) finish(ctx context.Context, node string, done []stores.Done) (f stores.Finished, released bool, err error) {
	if err := s.lock(ctx, "finish"); err != nil {
		return f, false, err
	}
	defer s.mu.Unlock()
	if holder := s.holder(node); holder != nil {
		f, released = s.conclude(holder, done)
	}
	return f, released, nil
}

// conclude ends or frees those of the runs that the node holds.
func (s *session) conclude(holder *node, done []stores.Done) (f stores.Finished, released bool) {
	for i := range done {
		if i%group == 0 {
			s.warm(done[i:])
		}
		u := s.runs.find(done[i].RunID)
		if u == nil || u.holder != holder || u.attempt != done[i].Attempt {
			continue
		}
		f.Held++
		if done[i].Outcome == job.Released && u.r.place != deleted {
			s.free(u)
			f.Next = earlier(f.Next, u.scheduled)
			released = true
			continue
		}
		s.report(u, &done[i])
		f.Next = earlier(f.Next, s.end(u))
	}
	return f, released
}

// report records how a run ended.
func (s *session) report(u *run, done *stores.Done) {
	if done.Outcome == job.Released {
		return
	}
	r := u.record(u.holder.name, done.Outcome)
	r.Started, r.Finished, r.Reason = done.Started.Round(0), done.Finished.Round(0), done.Err
	s.record(&r)
}

// end ends a run. It returns when the job is due that has waited for that.
func (m *Store) end(u *run) (next time.Time) {
	r := u.r
	m.unlink(u)
	if m.runs.end(u) {
		next = m.jobs.settle(r)
	}
	return next
}

// earlier returns the earlier of two times, of which a zero one does not count.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
