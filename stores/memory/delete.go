package memory

import (
	"context"
	"slices"

	"github.com/carillon-go/carillon/job"
)

// Delete costs O(1) for each job, and for each of their unfinished runs.
func (s *session) Delete(ctx context.Context, ids ...string) ([]string, error) {
	misses, err := s.delete(ctx, ids)
	if err != nil {
		return nil, err
	}
	if len(misses) < len(ids) {
		s.tell()
	}
	return firsts(ids, misses), nil
}

// delete returns where in ids it has found no job.
func (s *session) delete(ctx context.Context, ids []string) (misses []int, err error) {
	if err := s.lock(ctx, "delete"); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	for i, id := range ids {
		r := s.jobs.find(id)
		if r == nil {
			misses = append(misses, i)
			continue
		}
		s.forget(r)
		s.jobs.drop(r, deleted)
		s.endReleased(r)
		s.record(&job.Record{JobID: id, Outcome: job.Removed})
	}
	return misses, nil
}

// firsts returns the IDs at these places, but for those that stand in ids
// before: they are given twice, and it was there that it was seen whether there
// is such a job.
func firsts(ids []string, places []int) (missing []string) {
	if len(places) == 0 {
		return nil
	}
	first := make(map[string]int, len(ids))
	for i, id := range slices.Backward(ids) {
		first[id] = i
	}
	for _, i := range places {
		if first[ids[i]] == i {
			missing = append(missing, ids[i])
		}
	}
	return missing
}

// DeleteAll costs O(1) for each job. If there is a history all jobs are sorted.
func (s *session) DeleteAll(ctx context.Context) (int, error) {
	if err := s.lock(ctx, "delete all"); err != nil {
		return 0, err
	}
	n := s.deleteAll()
	s.mu.Unlock()
	if n > 0 {
		s.tell()
	}
	return n, nil
}

// deleteAll records the deletions in order of ID.
func (s *session) deleteAll() int {
	if s.history.kept() {
		for _, r := range s.jobs.order.behind("", s.jobs.count) {
			s.record(&job.Record{JobID: r.id, Outcome: job.Removed})
		}
	}
	n := s.jobs.dropAll()
	for _, o := range s.sessions {
		o.told = nil
	}
	for _, id := range s.orphans {
		if u := s.runs.find(id); u != nil && u.r.place == deleted {
			s.end(u)
		}
	}
	return n
}
