package actors

import (
	"slices"
	"time"

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

// addPending refuses what could not be put into the stores together.
func (s *scheduler) addPending(r *messages.AddJobs) {
	s.giveIDs(r.Jobs)
	pending := slices.Clone(s.pending)
	for i := range r.Jobs {
		j := r.Jobs[i]
		j.Pending = true
		same := slices.IndexFunc(pending, func(p job.Job) bool {
			return p.ID == j.ID && storeOf(&p) == storeOf(&j)
		})
		switch {
		case same < 0:
			pending = append(pending, j)
		case j.Replace:
			pending[same] = j
		default:
			r.Refuse(&job.Error{Op: r.String(), Job: j.ID, Store: storeOf(&j), Err: job.ErrJobExists})
			return
		}
	}
	s.pending = pending
	added := slices.Clone(r.Jobs)
	for i := range added {
		added[i].Pending = true
	}
	r.Answer(added, nil)
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
		changed, gone = s.admission().changePending(s.pending[i], request)
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

// changePending is change for a job whose settings are still open.
func (a admission) changePending(j job.Job, request messages.Jobs) (changed job.Job, gone bool) {
	open := j
	if open.Trigger == nil {
		open.Trigger = a.bind(j, nil)
	}
	if resume, ok := request.(*messages.ResumeJob); ok {
		open.Trigger = a.bind(j, open.Trigger)
		changed, gone = a.change(open, resume)
		j.NextRunTime, j.Paused = changed.NextRunTime, false
		return j, gone
	}
	switch r := request.(type) {
	case *messages.ModifyJob:
		j = r.Changes.Apply(j)
	case *messages.RescheduleJob:
		j.Trigger, j.NextRunTime = r.Trigger, time.Time{}
	case *messages.PauseJob:
		j.NextRunTime, j.Paused = time.Time{}, true
	}
	return j, false
}

// putPending puts the pending jobs into their stores: all, or else none, and
// then they stay pending.
func (s *scheduler) putPending() {
	s.starting = true
	request := &messages.AddJobs{Jobs: s.pending}
	s.put(request, slices.Clone(s.pending), func(g *gathering) {
		if g.fault != nil {
			s.starting = false
			s.takeBack(g)
		} else {
			s.added(s.pending, g)
			s.pending = nil
		}
		s.send(s.host.supervisor, &messages.PendingPut{Err: g.fault})
	})
}

// takeBack undoes what the other stores have done of a put that failed.
func (s *scheduler) takeBack(g *gathering) {
	for _, shelf := range s.stores {
		if jobs := g.jobs[shelf.member]; len(jobs) > 0 {
			s.send(shelf.actor, &undo{ids(jobs)})
		}
	}
}
