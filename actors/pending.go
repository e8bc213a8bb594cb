package actors

import (
	"slices"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
)

// Requests about jobs while the scheduler is stopped. Jobs that are added then
// wait here, as they were given, until the scheduler is started.

func (s *scheduler) requestPending(request messages.Jobs) {
	switch r := request.(type) {
	case *messages.AddJobs:
		s.addPending(r)
	case *messages.ListJobs:
		r.Answer(s.listPending(r.Store), nil)
	case *messages.RemoveAllJobs:
		s.pending = slices.DeleteFunc(s.pending, func(j job.Job) bool {
			return r.Store == "" || r.Store == storeOf(&j)
		})
		s.publish(&messages.AllJobsRemoved{At: s.host.rt.Now(), Store: r.Store})
		r.Answer(messages.None{}, nil)
	case *messages.RemoveJob:
		i := s.findPending(r.ID)
		if i < 0 || r.Store != "" && r.Store != storeOf(&s.pending[i]) {
			s.refusePending(r)
			return
		}
		s.removePending(i)
		r.Answer(messages.None{}, nil)
	case messages.OneJob:
		s.changePending(r)
	}
}

// addPending refuses what could not be put into the stores together. The
// triggers count from now, not from the start; a job without one is to run as
// soon as it can.
func (s *scheduler) addPending(r *messages.AddJobs) {
	s.giveIDs(r.Jobs)
	a, pending := s.admission(), slices.Clone(s.pending)
	for i := range r.Jobs {
		j := &r.Jobs[i]
		j.Pending = true
		if j.Trigger != nil {
			j.Trigger = a.bind(*j, j.Trigger)
		}
		same := slices.IndexFunc(pending, func(p job.Job) bool {
			return p.ID == j.ID && storeOf(&p) == storeOf(j)
		})
		switch {
		case same < 0:
			pending = append(pending, *j)
		case j.Replace:
			pending[same] = *j
		default:
			r.Refuse(&job.Error{Op: r.String(), Job: j.ID, Store: storeOf(j), Err: job.ErrJobExists})
			return
		}
	}
	s.pending = pending
	r.Answer(r.Jobs, nil)
}

func (s *scheduler) listPending(store string) []job.Job {
	return slices.DeleteFunc(slices.Clone(s.pending), func(j job.Job) bool {
		return store != "" && store != storeOf(&j)
	})
}

func (s *scheduler) findPending(id string) int {
	return slices.IndexFunc(s.pending, func(j job.Job) bool { return j.ID == id })
}

func (s *scheduler) refusePending(r messages.OneJob) {
	target := r.About()
	r.Refuse(&job.Error{Op: r.String(), Job: target.ID, Store: target.Store, Err: job.ErrJobNotFound})
}

func (s *scheduler) removePending(i int) {
	j := s.pending[i]
	s.pending = slices.Delete(s.pending, i, i+1)
	s.publish(&messages.JobRemoved{At: s.host.rt.Now(), JobID: j.ID, Store: storeOf(&j)})
}

// changePending answers requests about one job that read or change it.
func (s *scheduler) changePending(request messages.OneJob) {
	i := s.findPending(request.About().ID)
	if i < 0 {
		s.refusePending(request)
		return
	}
	reply := request.(messages.Request[job.Job])
	if _, read := request.(*messages.GetJob); read {
		reply.Answer(s.pending[i], nil)
		return
	}
	var changed job.Job
	var gone bool
	err := guard(func() error {
		changed, gone = s.admission().changed(s.pending[i], request)
		return nil
	})
	switch {
	case err != nil:
		reply.Refuse(err)
	case gone:
		s.removePending(i)
		reply.Answer(job.Job{}, nil)
	default:
		s.pending[i] = changed
		s.publish(&messages.JobModified{At: s.host.rt.Now(), JobID: changed.ID})
		reply.Answer(changed, nil)
	}
}

func (s *scheduler) admission() admission {
	return admission{now: s.host.rt.Now(), location: s.host.config.Location, defaults: s.settings.Defaults}
}

// putPending puts the pending jobs into their stores: all, or else none, and
// then they stay pending.
func (s *scheduler) putPending() {
	s.starting = true
	request := &messages.AddJobs{Jobs: s.pending}
	s.put(request, slices.Clone(s.pending), func(g *gathering) {
		if g.fault != nil {
			s.takeBack(g)
		} else {
			s.added(s.pending, g)
			s.pending = nil
		}
		s.pendingPut(g.fault)
	})
}

// pendingPut tells the supervisor how it went. If it went well the start goes
// on until the mode is set.
func (s *scheduler) pendingPut(fault error) {
	s.send(s.host.supervisor, &messages.PendingPut{Err: fault})
	if fault != nil {
		s.starting = false
		s.requestDeferred()
	}
}

// takeBack undoes what the other stores have done of a put that failed.
func (s *scheduler) takeBack(g *gathering) {
	for _, shelf := range s.stores {
		if jobs := g.jobs[shelf.member]; len(jobs) > 0 {
			s.send(shelf.actor, &undo{ids(jobs)})
		}
	}
}
