package storetest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// alias is the alias under which every session knows its store.
const alias = "jobs"

// env is what a rule is checked in: one new store.
type env struct {
	Harness
	ctx      context.Context
	clock    *handClock
	opener   stores.Opener
	sessions []*session
	waits    bool          // until leases have ended
	waited   time.Duration // so far
}

func newEnv(t testing.TB, h Harness) *env {
	return &env{Harness: h, ctx: context.Background(), clock: newClock(), opener: h.Open(t)}
}

// must ends the check if err is not nil.
func (e *env) must(what string, err error) {
	if err != nil {
		panic(failure{fmt.Errorf("%s: %w", what, err)})
	}
}

// close closes what is still open, crashed sessions too.
func (e *env) close() (err error) {
	for _, s := range e.sessions {
		err = errors.Join(err, s.close())
	}
	return err
}

// open opens the store once more, without registering a name.
func (e *env) open() *session {
	store, err := e.opener(e.ctx, stores.Env{Alias: alias, Clock: e.clock, Logger: slog.New(slog.DiscardHandler)})
	e.must("open", err)
	s := &session{Store: store, env: e}
	e.sessions = append(e.sessions, s)
	return s
}

// owner opens the store and registers its only owner.
func (e *env) owner(name string) *session {
	s := e.open()
	s.register(name, 0)
	return s
}

// node opens the store and registers one of several schedulers.
func (e *env) node(name string) *session {
	s := e.open()
	s.register(name, e.ttl())
	return s
}

// ttl is the lease of a node. It does not end while a rule is checked that does
// not wait for that.
func (e *env) ttl() time.Duration {
	switch {
	case e.RealLease == 0:
		return 10 * time.Second
	case !e.waits:
		return 24 * time.Hour
	}
	return e.RealLease
}

// pass lets d elapse on the clock that judges leases.
func (e *env) pass(d time.Duration) {
	if e.RealLease == 0 {
		e.clock.pass(d)
		return
	}
	done := make(chan struct{})
	clock.Real().AfterFunc(d, func() { close(done) })
	<-done
	e.waited += d
}

// expire lets every lease end.
func (e *env) expire() { e.pass(e.ttl() + e.ttl()/10) }

// session is one opening of the store. Its methods end the check if the store
// fails; those of the embedded Store do not.
type session struct {
	stores.Store
	env    *env
	name   string
	seq    uint64
	closed bool
}

func (s *session) close() error {
	if s.closed {
		return nil
	}
	s.closed = true
	return s.Store.Close()
}

func (s *session) register(name string, ttl time.Duration) {
	s.name = name
	s.env.must("Heartbeat of "+name, s.Heartbeat(s.env.ctx, name, ttl))
}

func (s *session) put(mode stores.PutMode, jobs ...job.Job) []job.Job {
	s.env.must("Put", s.Put(s.env.ctx, mode, jobs))
	return jobs
}

func (s *session) insert(jobs ...job.Job) { s.put(stores.Insert, jobs...) }

func (s *session) replace(jobs ...job.Job) { s.put(stores.Replace, jobs...) }

// delete returns the IDs that are missing.
func (s *session) delete(ids ...string) []string {
	missing, err := s.Delete(s.env.ctx, ids...)
	s.env.must("Delete", err)
	return missing
}

// deleteAll returns how many jobs there were.
func (s *session) deleteAll() int {
	n, err := s.DeleteAll(s.env.ctx)
	s.env.must("DeleteAll", err)
	return n
}

func (s *session) get(id string) job.Job {
	j, err := s.Get(s.env.ctx, id)
	s.env.must("Get of "+id, err)
	return j
}

// history asks for up to 100 records, unless the query says how many.
func (s *session) history(q stores.HistoryQuery) []job.Record {
	if q.Limit == 0 {
		q.Limit = 100
	}
	records, err := s.History(s.env.ctx, &q)
	s.env.must("History", err)
	return records
}

// has tells whether the job exists.
func (s *session) has(id string) bool {
	_, err := s.Get(s.env.ctx, id)
	if errors.Is(err, job.ErrJobNotFound) {
		return false
	}
	s.env.must("Get of "+id, err)
	return true
}

func (s *session) list(after string, limit int) []job.Job {
	jobs, err := s.List(s.env.ctx, after, limit)
	s.env.must("List", err)
	return jobs
}

// claim claims what is due at this second. What claim leaves open is filled
// in: the session's name, the next Seq, a Limit of 100 and the plan once.
func (s *session) claim(second float64, claim stores.Claim) *stores.Claimed {
	c, err := s.tryClaim(second, claim)
	s.env.must("ClaimDue", err)
	return c
}

func (s *session) tryClaim(second float64, claim stores.Claim) (*stores.Claimed, error) {
	claim.Now = at(second)
	if claim.Node == "" {
		claim.Node = s.name
	}
	if claim.Seq == 0 {
		s.seq++
		claim.Seq = s.seq
	}
	if claim.Limit == 0 {
		claim.Limit = 100
	}
	if claim.Plan == nil {
		claim.Plan = once
	}
	return s.ClaimDue(s.env.ctx, &claim)
}

// do claims what is due at this second, for one plan.
func (s *session) do(second float64, plan plan) *stores.Claimed {
	return s.claim(second, stores.Claim{Plan: plan})
}

// finish reports runs with one outcome.
func (s *session) finish(outcome job.Outcome, runs ...job.Run) stores.Finished {
	f, err := s.Finish(s.env.ctx, s.name, dones(outcome, runs...))
	s.env.must("Finish", err)
	return f
}

func (s *session) release(runs ...job.Run) stores.Finished { return s.finish(job.Released, runs...) }

func dones(outcome job.Outcome, runs ...job.Run) []stores.Done {
	done := make([]stores.Done, len(runs))
	for i := range runs {
		r := &runs[i]
		done[i] = stores.Done{RunID: r.ID, Attempt: r.Attempt, JobID: r.JobID, Outcome: outcome}
	}
	return done
}

// live returns how many instances the store says are unfinished of a job that
// is due at this second, and changes nothing.
func (s *session) live(second float64, id string) (live int) {
	live = -1
	s.do(second, func(j *job.Job, n int, step *stores.Step) {
		if j.ID == id {
			live = n
		}
		step.Next = j.NextRunTime
	})
	return live
}
