package memory

import (
	"context"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// Put costs O(1) for each job, amortized.
func (s *session) Put(ctx context.Context, mode stores.PutMode, jobs []job.Job) error {
	err := s.put(ctx, mode, jobs)
	if err == nil && len(jobs) > 0 {
		s.tell()
	}
	return err
}

func (s *session) put(ctx context.Context, mode stores.PutMode, jobs []job.Job) error {
	if err := s.lock(ctx, "put"); err != nil {
		return err
	}
	defer s.mu.Unlock()
	if mode == stores.Insert {
		return s.insert(jobs)
	}
	if mode == stores.IfVersion {
		if err := s.compare(jobs); err != nil {
			return err
		}
	}
	s.replace(jobs)
	return nil
}

func (s *session) insert(jobs []job.Job) error {
	s.jobs.reserve(len(jobs))
	first := s.jobs.floor + 1
	for i := range jobs {
		j := &jobs[i]
		old := s.jobs.byID.find(j.ID)
		if old != nil && !old.gone() {
			for k := range jobs[:i] {
				s.jobs.unadd(s.jobs.find(jobs[k].ID))
			}
			return s.refuse("put", j.ID, job.ErrJobExists)
		}
		s.add(j, old)
	}
	for i := range jobs {
		jobs[i].Version = first
	}
	return nil
}

// add makes a record of a job that does not exist. The runs of the one of its ID
// that is gone, if there is one, keep a copy of that.
func (s *session) add(j *job.Job, gone *record) *record {
	if gone != nil {
		s.part(gone)
	}
	return s.jobs.add(j, gone)
}

func (s *session) replace(jobs []job.Job) {
	for i := range jobs {
		j := &jobs[i]
		r := s.jobs.byID.find(j.ID)
		if r == nil || r.gone() {
			r = s.add(j, r)
		} else {
			before := job.Job{NextRunTime: r.next()}
			s.jobs.change(r, j)
			s.forget(r)
			s.record(&job.Record{JobID: r.id, Outcome: stores.Change(&before, j)})
		}
		j.Version = r.version
	}
}

// compare reports the first job that would not find its version.
func (s *session) compare(jobs []job.Job) error {
	twice := make(map[string]bool, len(jobs))
	for i := range jobs {
		j := &jobs[i]
		switch r := s.jobs.find(j.ID); {
		case r == nil:
			return s.refuse("put", j.ID, job.ErrJobNotFound)
		case r.version != j.Version || twice[j.ID]:
			return s.refuse("put", j.ID, job.ErrConflict)
		}
		twice[j.ID] = true
	}
	return nil
}
