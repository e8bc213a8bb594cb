package memory

import (
	"context"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// Finish costs O(1) for each run, and O(log n) if that makes a job due again.
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
	holder := s.holder(node)
	if holder == nil {
		return f, false, nil
	}
	for i := range done {
		u := s.runs.find(done[i].RunID)
		if u == nil || u.holder != holder || u.attempt != done[i].Attempt {
			continue
		}
		f.Held++
		if done[i].Outcome == job.Released {
			due := s.release(u)
			f.Next = earlier(f.Next, due)
			released = released || !due.IsZero()
		}
		f.Next = earlier(f.Next, s.end(u))
	}
	return f, released, nil
}

// end ends a run. It returns when the job is due that has waited for that.
func (s *session) end(u *run) (next time.Time) {
	r := u.r
	if s.runs.end(u) {
		next = s.jobs.wake(r)
		s.jobs.settle(r)
	}
	return next
}

// release makes the occurrence of u due again, unless its job has been paused,
// or deleted, or replaced after its end. It returns the time if that made the
// job due.
func (s *session) release(u *run) (next time.Time) {
	r := u.r
	switch {
	case r.place == ended && s.jobs.latest(r) == r:
		s.jobs.revive(r)
	case r.gone(), !u.first.Before(r.next): // paused jobs have the earliest of all times
		return next
	}
	r.next = u.first
	s.jobs.bump(r)
	switch {
	case r.place == waiting:
		return next
	case r.place > parked:
		s.jobs.enqueue(r)
	case s.jobs.lot.reason(r) != "":
		return next
	}
	return r.next
}

// earlier returns the earlier of two times, of which a zero one does not count.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
