package memory

import (
	"context"

	"github.com/carillon-go/carillon/job"
)

// Get is O(1).
func (s *session) Get(ctx context.Context, id string) (j job.Job, err error) {
	if err := s.lock(ctx, "get"); err != nil {
		return j, err
	}
	defer s.mu.Unlock()
	r := s.jobs.find(id)
	if r == nil {
		return j, s.refuse("get", id, job.ErrJobNotFound)
	}
	r.job(&j, s.alias)
	return j, nil
}

// List sorts all jobs for the first page, and for later ones only what has
// changed since.
func (s *session) List(ctx context.Context, after string, limit int) ([]job.Job, error) {
	if err := s.lock(ctx, "list"); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	records := s.jobs.order.behind(after, s.jobs.count)
	page := make([]job.Job, max(0, min(limit, len(records))))
	for i := range page {
		records[i].job(&page[i], s.alias)
	}
	return page, nil
}
