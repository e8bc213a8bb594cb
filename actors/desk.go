package actors

import (
	"maps"
	"slices"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
)

// desk is what callers need to know of a running scheduler to go straight to
// one of its stores. The way around, by the scheduler's actor, takes twice the
// time, which counts where jobs are added and removed one by one. The actor
// hears of it from the store, in the order in which things happen there, so that
// events and wake-ups do not depend on the way; but not if nobody listens to
// such events and it is going to ask the store in time as it is.
//
// A desk does not change. The scheduler's actor sets out another one whenever
// something has.
type desk struct {
	stores    map[string]*actor.PID // by alias
	executors map[string]*actor.PID
	defaults  job.Defaults
	interest  messages.Mask
}

// setOut sets out a desk, or takes it away from a scheduler that is stopped.
func (s *scheduler) setOut() {
	if s.state == messages.Stopped || s.starting {
		s.host.desk.Store(nil)
		return
	}
	d := &desk{stores: make(map[string]*actor.PID, len(s.stores)), executors: maps.Clone(s.executors), defaults: s.settings.Defaults, interest: s.interest}
	for _, shelf := range s.stores {
		if !shelf.leaving {
			d.stores[shelf.alias] = shelf.actor
		}
	}
	s.host.desk.Store(d)
}

// straight returns the store that a request can go straight to, or nil.
func (d *desk) straight(request messages.Jobs) *actor.PID {
	if d == nil {
		return nil
	}
	switch r := request.(type) {
	case *messages.AddJobs:
		if alias, one := commonStore(r.Jobs); one {
			return d.stores[alias]
		}
	case *messages.RemoveJob:
		return d.named(r.Store)
	case *messages.RemoveJobs:
		return d.named(r.Store)
	}
	return nil
}

// named returns the store of this alias, or ("") the only one.
func (d *desk) named(alias string) *actor.PID {
	if alias == "" && len(d.stores) == 1 {
		for _, only := range d.stores {
			return only
		}
	}
	return d.stores[alias]
}

// isErrand reports whether a message may be handled on its caller's goroutine.
func (s *store) isErrand(message any) bool {
	_, straight := message.(messages.Jobs)
	return straight && s.prompt.Load()
}

// straight does what a caller has asked for at the desk. The caller is answered
// when the scheduler has been told; if it has not gone well, by the scheduler.
func (s *store) straight(request messages.Jobs) {
	d := s.host.desk.Load()
	if d == nil { // the scheduler is being stopped
		s.send(s.host.scheduler, request)
		return
	}
	m := &messages.Apply{Request: request, Defaults: d.defaults}
	switch r := request.(type) {
	case *messages.AddJobs:
		s.host.giveIDs(r.Jobs)
		m.Jobs = r.Jobs
	case *messages.RemoveJobs:
		m.IDs = r.IDs
	}
	applied := s.apply(m)
	if applied.Err != nil || len(applied.Missing) > 0 {
		s.tell(applied)
		return
	}
	added := d.receipt(s.host, applied)
	if d.interest&eventOf(request) != 0 || s.sooner(applied.Next) {
		s.tell(applied)
	}
	s.answer(func() {
		switch r := request.(type) {
		case *messages.AddJobs:
			r.Answer(added, nil)
		case *messages.RemoveJob:
			r.Answer(messages.None{}, nil)
		case *messages.RemoveJobs:
			r.Answer(messages.None{}, nil)
		}
	})
}

// eventOf returns which event tells of a request that has gone well.
func eventOf(request messages.Jobs) messages.Mask {
	if _, adding := request.(*messages.AddJobs); adding {
		return messages.MaskJobAdded
	}
	return messages.MaskJobRemoved
}

// sooner reports whether the scheduler might claim too late for a job that is
// due at next. When it claims it learns what is due later.
func (s *store) sooner(next time.Time) bool {
	return !next.IsZero() && (s.told.IsZero() || next.Before(s.told))
}

// receipt returns the jobs that were added, for the caller. The scheduler gets
// them too if there is somebody whom it has to tell.
func (d *desk) receipt(h *host, applied *messages.Applied) []job.Job {
	jobs := applied.Jobs
	applied.Jobs = nil
	if d.interest&messages.MaskJobAdded != 0 {
		applied.Jobs = slices.Clone(jobs)
	}
	for i := range jobs {
		jobs[i].Parked = h.parked(&jobs[i], d.executors)
	}
	return jobs
}
