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
		r.Answer(s.pending.list(r.Store), nil)
	case *messages.PageJobs:
		r.Answer(s.pending.page(r), nil)
	case *messages.ListStores:
		r.Answer(s.pending.stores(), nil)
	case *messages.GetHistory:
		r.Refuse(&job.Error{Op: r.String(), Job: r.Query.JobID, Store: r.Store, Err: job.ErrNotRunning})
	case *messages.RemoveAllJobs:
		s.pending.removeAll(r.Store)
		s.publish(&messages.AllJobsRemoved{At: s.host.rt.Now(), Store: r.Store})
		r.Answer(messages.None{}, nil)
	case *messages.RemoveJobs:
		s.removeManyPending(r)
	case *messages.RemoveJob:
		i := s.pending.find(r.Target)
		if i < 0 {
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
	s.host.giveIDs(r.Jobs)
	if j := s.pending.conflict(r.Jobs); j != nil {
		r.Refuse(&job.Error{Op: r.String(), Job: j.ID, Store: storeOf(j), Err: job.ErrJobExists})
		return
	}
	a := s.admission()
	err := fenced(func() error {
		for i := range r.Jobs {
			j := &r.Jobs[i]
			j.Pending = true
			if j.Trigger != nil {
				j.Trigger = a.bind(j, j.Trigger, nil)
			}
		}
		return nil
	})
	if err != nil {
		r.Refuse(err)
		return
	}
	for _, j := range r.Jobs {
		s.pending.put(j)
	}
	r.Answer(r.Jobs, nil)
}

func (s *scheduler) refusePending(r messages.OneJob) {
	target := r.About()
	r.Refuse(&job.Error{Op: r.String(), Job: target.ID, Store: target.Store, Err: job.ErrJobNotFound})
}

func (s *scheduler) removePending(i int) {
	j := s.pending.jobs[i]
	s.pending.remove(i)
	s.publish(&messages.JobRemoved{At: s.host.rt.Now(), JobID: j.ID, Store: storeOf(&j)})
}

// changePending answers requests about one job that read or change it.
func (s *scheduler) changePending(request messages.OneJob) {
	i := s.pending.find(request.About())
	if i < 0 {
		s.refusePending(request)
		return
	}
	reply := request.(messages.Request[job.Job])
	if _, read := request.(*messages.GetJob); read {
		reply.Answer(s.pending.jobs[i], nil)
		return
	}
	var changed job.Job
	var gone bool
	err := fenced(func() (err error) {
		changed, gone, err = s.admission().changed(s.pending.jobs[i], request)
		return err
	})
	switch {
	case err != nil:
		reply.Refuse(err)
	case gone:
		s.removePending(i)
		reply.Answer(job.Job{}, nil)
	default:
		s.pending.jobs[i] = changed
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
	request := &messages.AddJobs{Jobs: s.pending.jobs}
	s.put(request, slices.Clone(s.pending.jobs), func(g *gathering) {
		if g.fault != nil {
			s.takeBack(g)
		} else {
			s.announce(s.added(s.pending.jobs, g))
			s.pending = waitlist{}
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

// takeBack undoes what the other stores have done of a put that failed. A job
// that has replaced another one stays: to delete it would not bring that back.
func (s *scheduler) takeBack(g *gathering) {
	for _, shelf := range s.stores {
		if len(g.jobs[shelf.member]) == 0 {
			continue
		}
		var added []string
		for i := range s.pending.jobs {
			if j := &s.pending.jobs[i]; storeOf(j) == shelf.alias && !j.Replace {
				added = append(added, j.ID)
			}
		}
		if len(added) > 0 {
			s.send(shelf.actor, &undo{added})
		}
	}
}
