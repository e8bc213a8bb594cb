package actors

import (
	"errors"
	"fmt"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/stores"
)

// The store actor's part in requests about jobs.

// attempts is how often a change is tried again that somebody else's change
// came before.
const attempts = 10

// apply does a store's part in a request. What has come of it is to be told.
func (s *store) apply(m *messages.Apply) *messages.Applied {
	a := admission{now: s.host.rt.Now(), location: s.host.config.Location, defaults: m.Defaults}
	applied := &messages.Applied{Member: s.name, Request: m.Request}
	err := s.call(func() error { return s.carryOut(a, m, applied) })
	if err != nil {
		applied = &messages.Applied{Member: s.name, Request: m.Request, Err: err}
		if !refused(err) { // it may have been done all the same
			applied.Next = a.now
		}
	}
	for i := range applied.Jobs {
		j := &applied.Jobs[i]
		j.Store = s.alias
		applied.Next = earlier(applied.Next, j.NextRunTime)
	}
	return applied
}

// tell tells the scheduler what has come of a request.
func (s *store) tell(applied *messages.Applied) {
	s.told = earlier(s.told, applied.Next)
	s.send(s.host.scheduler, applied)
}

func (s *store) carryOut(a admission, m *messages.Apply, applied *messages.Applied) error {
	switch r := m.Request.(type) {
	case *messages.AddJobs:
		return toldAs(r, s.add(a, m.Jobs, applied))
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
	case *messages.RemoveJob:
		return s.removeOne(r.ID)
	case *messages.RemoveJobs:
		return s.remove(m.IDs, applied)
	case *messages.RemoveAllJobs:
		s.parkings.forgetAll()
		_, err := s.store.DeleteAll(s.ctx)
		return err
	}
	return errors.ErrUnsupported
}

// add puts jobs into the Store, all or none.
func (s *store) add(a admission, jobs []job.Job, applied *messages.Applied) (err error) {
	if anyReplaces(jobs) {
		err = s.addReplacing(a, jobs)
	} else if err = fenced(func() error {
		for i := range jobs {
			jobs[i] = a.admit(jobs[i])
		}
		return nil
	}); err == nil {
		err = s.insert(jobs)
	}
	applied.Jobs = jobs
	return err
}

// toldAs names a Store's operation, which is "put", after what was asked for.
func toldAs(request messages.Jobs, err error) error {
	e, ok := err.(*job.Error)
	if !ok {
		return err
	}
	told := *e
	told.Op = request.String()
	return &told
}

func anyReplaces(jobs []job.Job) bool {
	for i := range jobs {
		if jobs[i].Replace {
			return true
		}
	}
	return false
}

// insert puts new jobs into the Store. If the answer is lost, or the Store
// panics, they may be there all the same, and to add them once more would be
// refused for ever: so it looks whether they are, all of them, since one may
// have been there before.
func (s *store) insert(jobs []job.Job) error {
	err := guard(func() error { return s.store.Put(s.ctx, stores.Insert, jobs) })
	if err == nil || len(jobs) == 0 || refused(err) {
		return err
	}
	for i := range jobs {
		there, missing := s.store.Get(s.ctx, jobs[i].ID)
		if missing != nil || !alike(there, jobs[i]) {
			return err
		}
		jobs[i].Version = there.Version
	}
	s.host.log.Warn("jobs are in the store although it failed to say so", "store", s.alias, "err", err)
	return nil
}

// refused reports whether a Store has said clearly that it did not do a thing.
func refused(err error) bool {
	for _, refusal := range []error{job.ErrJobExists, job.ErrJobNotFound, job.ErrConflict, job.ErrTransientJob} {
		if errors.Is(err, refusal) {
			return true
		}
	}
	return false
}

// alike reports whether two jobs differ in nothing that can be compared.
func alike(a, b job.Job) bool {
	return a.NextRunTime.Equal(b.NextRunTime) && fmt.Sprint(a.Trigger) == fmt.Sprint(b.Trigger) &&
		a.Name == b.Name && a.Call.TaskName() == b.Call.TaskName() && a.Executor == b.Executor &&
		a.MisfireGrace == b.MisfireGrace && a.Coalesce == b.Coalesce && a.MaxInstances == b.MaxInstances && a.Delivery == b.Delivery
}

// changeOne reads a job and writes it back changed; with no change it only
// reads.
func (s *store) changeOne(a admission, target messages.Target, change messages.Jobs, applied *messages.Applied) error {
	for range attempts {
		j, err := s.store.Get(s.ctx, target.ID)
		if err != nil {
			return err
		}
		j.Trigger = s.resolved(j.Trigger)
		if change == nil {
			why := s.parkings.of(&j)
			applied.Jobs = []job.Job{stored(j)}
			applied.Jobs[0].Parked = why
			return nil
		}
		var changed job.Job
		var gone bool
		err = fenced(func() (err error) {
			changed, gone, err = a.change(j, change)
			return err
		})
		if err != nil {
			return err
		}
		if gone {
			applied.Removed = true
			return s.removeOne(target.ID)
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

func (s *store) removeOne(id string) error {
	missing, err := s.store.Delete(s.ctx, id)
	s.parkings.forget(id)
	if err == nil && len(missing) > 0 {
		err = job.ErrJobNotFound
	}
	return err
}

// remove removes those of the jobs that there are.
func (s *store) remove(ids []string, applied *messages.Applied) (err error) {
	applied.Missing, err = s.store.Delete(s.ctx, ids...)
	s.parkings.forget(ids...)
	applied.IDs = found(ids, applied.Missing)
	return err
}

// found returns those of ids that are not missing, which are in the same
// order.
func found(ids, missing []string) []string {
	if len(missing) == 0 {
		return ids
	}
	var there []string
	for _, id := range ids {
		if len(missing) > 0 && id == missing[0] {
			missing = missing[1:]
			continue
		}
		there = append(there, id)
	}
	return there
}
