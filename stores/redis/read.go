package redis

import (
	"context"

	"github.com/carillon-go/carillon/job"
)

// Get is O(1). A job whose settings cannot be read comes back with what is
// known of it; its trigger says what is wrong.
func (s *store) Get(ctx context.Context, id string) (j job.Job, err error) {
	value, err := s.call(ctx, getScript, id)
	switch {
	case err != nil:
	case value == nil:
		err = job.ErrJobNotFound
	default:
		s.read(&j, id, list(value))
	}
	if err != nil {
		return job.Job{}, s.refuse("get", id, err)
	}
	return j, nil
}

// List costs O(log n) for a page, and O(1) for each job on it.
func (s *store) List(ctx context.Context, after string, limit int) ([]job.Job, error) {
	value, err := s.call(ctx, listScript, after, max(limit, 0))
	if err != nil {
		return nil, s.refuse("list", "", err)
	}
	page := list(value)
	jobs := make([]job.Job, len(page)/3)
	for i := range jobs {
		id := page.text(3 * i)
		s.read(&jobs[i], id, page[3*i+1:])
	}
	return jobs, nil
}

// read fills in j from its row and its settings, as far as they can be read.
func (s *store) read(j *job.Job, id string, from reply) {
	r, err := s.readRow(id, from.text(0))
	if err != nil {
		s.log.Error("job cannot be read", "job", id, "err", err)
	}
	s.spec(id, from.text(1)).Job(j, s.alias, r.version, r.next)
}
