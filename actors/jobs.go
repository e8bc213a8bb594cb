package actors

import (
	"errors"
	"fmt"
	"slices"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
)

// The scheduler's part in requests about jobs: it finds the store, or the
// stores, and answers when they have done their part.

// gathering collects the answers of the stores that a request went to.
type gathering struct {
	left    int
	jobs    map[string][]job.Job // by store actor
	records []job.Record
	fault   error
	then    func(g *gathering)
}

func (s *scheduler) request(request messages.Jobs) {
	if r, ok := request.(*messages.PrepareJobs); ok {
		s.prepare(r)
		return
	}
	switch {
	case s.starting:
		s.deferred = append(s.deferred, request)
	case s.state == messages.Stopped:
		s.requestPending(request)
	default:
		s.requestStored(request)
	}
}

// requestDeferred goes on with the requests that came during a start.
func (s *scheduler) requestDeferred() {
	deferred := s.deferred
	s.deferred = nil
	for _, request := range deferred {
		s.request(request)
	}
}

func (s *scheduler) requestStored(request messages.Jobs) {
	switch r := request.(type) {
	case *messages.AddJobs:
		s.addJobs(r)
	case *messages.ListJobs:
		s.toStores(r, r.Store, func(g *gathering) { r.Answer(s.listing(g), g.fault) })
	case *messages.PageJobs:
		s.toStores(r, r.Store, func(g *gathering) { r.Answer(s.page(g), g.fault) })
	case *messages.ListStores:
		r.Answer(s.aliases(), nil)
	case *messages.GetHistory:
		s.toStores(r, r.Store, func(g *gathering) { r.Answer(g.records, g.fault) })
	case *messages.RemoveJobs:
		s.removeFrom(s.stores, r, r.IDs)
	case *messages.RemoveAllJobs:
		s.toStores(r, r.Store, func(g *gathering) {
			if g.fault == nil {
				s.publish(&messages.AllJobsRemoved{At: s.host.rt.Now(), Store: r.Store})
			}
			r.Answer(messages.None{}, g.fault)
		})
	case messages.OneJob:
		s.toStoreOf(r)
	}
}

// prepare makes jobs complete, as they would be stored now.
func (s *scheduler) prepare(r *messages.PrepareJobs) {
	s.host.giveIDs(r.Jobs)
	a := s.admission()
	err := fenced(func() error {
		for i := range r.Jobs {
			r.Jobs[i] = a.admit(r.Jobs[i])
		}
		return nil
	})
	r.Answer(r.Jobs, err)
}

func (s *scheduler) aliases() []string {
	var aliases []string
	for _, shelf := range s.stores {
		if !shelf.leaving {
			aliases = append(aliases, shelf.alias)
		}
	}
	return aliases
}

// addJobs puts each store's share of the jobs into it.
func (s *scheduler) addJobs(r *messages.AddJobs) {
	s.host.giveIDs(r.Jobs)
	s.put(r, r.Jobs, func(g *gathering) {
		if g.fault != nil {
			r.Refuse(g.fault)
			return
		}
		r.Answer(s.added(r.Jobs, g), nil)
	})
}

// put sends each store its share of the jobs, if all stores are there.
func (s *scheduler) put(request *messages.AddJobs, jobs []job.Job, then func(*gathering)) {
	shares, aliases := share(jobs)
	for _, alias := range aliases {
		if s.shelfByAlias(alias) == nil {
			fault := fmt.Errorf("%w; give it in Config.Stores, or by AddStore before", job.ErrUnknownStore)
			then(&gathering{fault: &job.Error{Op: "add job", Job: shares[alias][0].ID, Store: alias, Err: fault}})
			return
		}
	}
	s.gather(request, len(aliases), then)
	for _, alias := range aliases {
		s.send(s.shelfByAlias(alias).actor, &messages.Apply{Request: request, Jobs: shares[alias], Defaults: s.settings.Defaults})
	}
}

// share divides jobs among the stores that they name, in the order in which
// these are named first.
func share(jobs []job.Job) (shares map[string][]job.Job, aliases []string) {
	if len(jobs) == 0 {
		return nil, nil
	}
	if alias, one := commonStore(jobs); one {
		return map[string][]job.Job{alias: jobs}, []string{alias}
	}
	shares = make(map[string][]job.Job)
	for i := range jobs {
		alias := storeOf(&jobs[i])
		if shares[alias] == nil {
			aliases = append(aliases, alias)
		}
		shares[alias] = append(shares[alias], jobs[i])
	}
	return shares, aliases
}

// commonStore returns the store that all jobs belong to, if there is one.
func commonStore(jobs []job.Job) (alias string, one bool) {
	for i := range jobs {
		of := storeOf(&jobs[i])
		if i > 0 && of != alias {
			return "", false
		}
		alias = of
	}
	return alias, len(jobs) > 0
}

func storeOf(j *job.Job) string {
	if j.Store == "" {
		return job.DefaultAlias
	}
	return j.Store
}

// added returns jobs that were added as they are now, in
// the order in which they were given. Each store has kept that order.
func (s *scheduler) added(asked []job.Job, g *gathering) []job.Job {
	added := asked
	for _, shelf := range s.stores {
		jobs := g.jobs[shelf.member]
		if len(jobs) == len(asked) {
			added = jobs
			break
		}
		for i := 0; len(jobs) > 0; i++ {
			if storeOf(&asked[i]) == shelf.alias {
				added[i], jobs = jobs[0], jobs[1:]
			}
		}
	}
	for i := range added {
		added[i].Parked = s.parked(&added[i])
	}
	return added
}

// announce tells that jobs are in a store: as soon as they are, since they may
// be due, and whether or not other stores have failed.
func (s *scheduler) announce(jobs []job.Job) {
	if !s.wants(messages.MaskJobAdded) {
		return
	}
	now := s.host.rt.Now()
	for i := range jobs {
		s.publish(&messages.JobAdded{At: now, JobID: jobs[i].ID, Store: jobs[i].Store})
	}
}

// toStores hands a request on to the store of this alias, or ("") to all.
func (s *scheduler) toStores(request messages.Jobs, alias string, then func(*gathering)) {
	var targets []*shelf
	for _, shelf := range s.stores {
		if !shelf.leaving && (alias == "" || shelf.alias == alias) {
			targets = append(targets, shelf)
		}
	}
	if len(targets) == 0 && alias != "" {
		request.Refuse(&job.Error{Op: request.String(), Store: alias, Err: job.ErrUnknownStore})
		return
	}
	s.gather(request, len(targets), then)
	for _, shelf := range targets {
		s.send(shelf.actor, &messages.Apply{Request: request})
	}
}

// gather calls then when left stores have answered the request.
func (s *scheduler) gather(request messages.Jobs, left int, then func(*gathering)) {
	g := &gathering{left: left, jobs: make(map[string][]job.Job, left), then: then}
	if left == 0 {
		then(g)
		return
	}
	s.gathered[request] = g
}

// toStoreOf hands a request on to the store that has its job: the one that it
// names, or else the first; those behind it follow as long as they do not
// have it.
func (s *scheduler) toStoreOf(request messages.OneJob) {
	s.toFirstOf(s.stores, request)
}

func (s *scheduler) toFirstOf(shelves []*shelf, request messages.OneJob) {
	target := request.About()
	for _, shelf := range shelves {
		if !shelf.leaving && (target.Store == "" || target.Store == shelf.alias) {
			s.send(shelf.actor, &messages.Apply{Request: request})
			return
		}
	}
	fault := job.ErrJobNotFound
	if target.Store != "" && s.shelfByAlias(target.Store) == nil {
		fault = job.ErrUnknownStore
	}
	request.Refuse(&job.Error{Op: request.String(), Job: target.ID, Store: target.Store, Err: fault})
}

// applied goes on with a request when a store has done its part.
func (s *scheduler) applied(m *messages.Applied) {
	shelf := s.shelf(m.Member)
	if shelf != nil && !m.Next.IsZero() {
		shelf.next = earlier(shelf.next, m.Next)
	}
	if _, adding := m.Request.(*messages.AddJobs); adding && !s.starting {
		s.announce(m.Jobs)
	}
	if g := s.gathered[m.Request]; g != nil {
		s.gatherOne(g, m)
	} else if request, ok := m.Request.(messages.OneJob); ok {
		s.answer(shelf, request, m)
	} else if request, ok := m.Request.(*messages.RemoveJobs); ok {
		s.removed(shelf, request, m)
	} else if m.Err != nil { // it has come to the store straight from the caller
		m.Request.Refuse(m.Err)
	}
	s.wake()
}

func (s *scheduler) gatherOne(g *gathering, m *messages.Applied) {
	g.left--
	g.jobs[m.Member] = m.Jobs
	g.records = append(g.records, m.Records...)
	if m.Err != nil {
		g.fault = errors.Join(g.fault, m.Err)
	}
	if g.left == 0 {
		delete(s.gathered, m.Request)
		g.then(g)
	}
}

// answer answers a request about one job, or asks the next store.
func (s *scheduler) answer(shelf *shelf, request messages.OneJob, m *messages.Applied) {
	target, alias := request.About(), ""
	if shelf != nil {
		alias = shelf.alias
	}
	switch {
	case errors.Is(m.Err, job.ErrJobNotFound) && shelf != nil:
		s.toFirstOf(s.stores[slices.Index(s.stores, shelf)+1:], request)
		return
	case m.Err != nil:
		request.Refuse(&job.Error{Op: request.String(), Job: target.ID, Store: alias, Err: m.Err})
		return
	}
	now := s.host.rt.Now()
	switch r := request.(type) {
	case *messages.GetJob:
		r.Answer(s.annotated(m.Jobs[0]), nil)
	case *messages.RemoveJob:
		s.publish(&messages.JobRemoved{At: now, JobID: target.ID, Store: alias})
		r.Answer(messages.None{}, nil)
	case messages.Request[job.Job]:
		if m.Removed {
			s.publish(&messages.JobRemoved{At: now, JobID: target.ID, Store: alias})
			r.Answer(job.Job{}, nil)
			return
		}
		s.publish(&messages.JobModified{At: now, JobID: target.ID, Store: alias})
		r.Answer(s.annotated(m.Jobs[0]), nil)
	}
}
