package actors

import (
	"errors"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/stores"
)

// The store actor's part in requests about jobs.

// page is how many jobs are read at a time.
const page = 1000

// attempts is how often a change is tried again that somebody else's change
// came before.
const attempts = 10

func (s *store) apply(m *messages.Apply) {
	a := admission{now: s.host.rt.Now(), location: s.host.config.Location, defaults: m.Defaults}
	applied := &messages.Applied{Member: s.name, Request: m.Request}
	err := s.call(func() error { return s.carryOut(a, m, applied) })
	if err != nil {
		applied = &messages.Applied{Member: s.name, Request: m.Request, Err: err}
	}
	for i := range applied.Jobs {
		j := &applied.Jobs[i]
		j.Store = s.alias
		if next := j.NextRunTime; !next.IsZero() && (applied.Next.IsZero() || next.Before(applied.Next)) {
			applied.Next = next
		}
	}
	s.send(s.host.scheduler, applied)
}

func (s *store) carryOut(a admission, m *messages.Apply, applied *messages.Applied) error {
	switch r := m.Request.(type) {
	case *messages.AddJobs:
		return s.add(a, m.Jobs, applied)
	case *messages.GetJob:
		return s.changeOne(a, r.Target, nil, applied)
	case *messages.ModifyJob:
		return s.changeOne(a, r.Target, r, applied)
	case *messages.RescheduleJob:
		return s.changeOne(a, r.Target, r, applied)
	case *messages.PauseJob:
		return s.changeOne(a, r.Target, r, applied)
	case *messages.ResumeJob:
		return s.changeOne(a, r.Target, r, applied)
	case *messages.ListJobs:
		return s.list(applied)
	case *messages.RemoveJob:
		return s.remove(applied, r.ID)
	case *messages.RemoveAllJobs:
		return s.remove(applied)
	}
	return errors.ErrUnsupported
}

// add puts jobs into the Store, all or none. Those that replace others come
// last, since only the others can be refused.
func (s *store) add(a admission, jobs []job.Job, applied *messages.Applied) error {
	admitted := make([]job.Job, 0, len(jobs))
	var replacing []job.Job
	for _, j := range jobs {
		if j.Replace {
			replacing = append(replacing, a.admit(j))
		} else {
			admitted = append(admitted, a.admit(j))
		}
	}
	inserted := len(admitted)
	if inserted > 0 {
		if err := s.store.Put(s.ctx, stores.Insert, admitted); err != nil {
			return err
		}
	}
	if len(replacing) > 0 {
		if err := s.store.Put(s.ctx, stores.Replace, replacing); err != nil {
			s.takeBack(admitted)
			return err
		}
	}
	applied.Jobs = append(admitted, replacing...)
	return nil
}

func (s *store) takeBack(jobs []job.Job) {
	if len(jobs) > 0 {
		s.undo(ids(jobs))
	}
}

// changeOne reads a job and writes it back changed; with no change it only
// reads.
func (s *store) changeOne(a admission, target messages.Target, change messages.Jobs, applied *messages.Applied) error {
	for range attempts {
		j, err := s.store.Get(s.ctx, target.ID)
		if err != nil {
			return err
		}
		if change == nil {
			applied.Jobs = []job.Job{stored(j)}
			return nil
		}
		changed, gone := a.change(j, change)
		if gone {
			return s.remove(applied, target.ID)
		}
		put := []job.Job{changed}
		err = s.store.Put(s.ctx, stores.IfVersion, put)
		if errors.Is(err, job.ErrConflict) {
			continue
		}
		applied.Jobs = put
		return err
	}
	return job.ErrConflict
}

func (s *store) remove(applied *messages.Applied, ids ...string) (err error) {
	applied.Removed, err = s.store.Delete(s.ctx, ids...)
	if err == nil && len(ids) > 0 && applied.Removed == 0 {
		err = job.ErrJobNotFound
	}
	return err
}

func (s *store) list(applied *messages.Applied) error {
	after := ""
	for {
		jobs, err := s.store.List(s.ctx, after, page)
		if err != nil {
			return err
		}
		for _, j := range jobs {
			applied.Jobs = append(applied.Jobs, stored(j))
		}
		if len(jobs) < page {
			return nil
		}
		after = jobs[len(jobs)-1].ID
	}
}

func ids(jobs []job.Job) []string {
	list := make([]string, len(jobs))
	for i := range jobs {
		list[i] = jobs[i].ID
	}
	return list
}
