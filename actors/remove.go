package actors

import (
	"errors"
	"slices"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
)

// The scheduler's part in removing many jobs, each from the first store that
// has it: what one store does not have is looked for in those behind it.

func (s *scheduler) removeFrom(candidates []*shelf, r *messages.RemoveJobs, ids []string) {
	for _, shelf := range candidates {
		if !shelf.leaving && (r.Store == "" || r.Store == shelf.alias) {
			s.send(shelf.actor, &messages.Apply{Request: r, IDs: ids})
			return
		}
	}
	if r.Store != "" && s.shelfByAlias(r.Store) == nil {
		r.Refuse(&job.Error{Op: r.String(), Store: r.Store, Err: job.ErrUnknownStore})
		return
	}
	r.Answer(messages.None{}, missing(r, ids))
}

// removed goes on when a store has done its part.
func (s *scheduler) removed(shelf *shelf, r *messages.RemoveJobs, m *messages.Applied) {
	alias, behind := "", s.stores[:0]
	if shelf != nil {
		alias, behind = shelf.alias, s.stores[slices.Index(s.stores, shelf)+1:]
	}
	if m.Err != nil {
		r.Refuse(&job.Error{Op: r.String(), Store: alias, Err: m.Err})
		return
	}
	if s.wants(messages.MaskJobRemoved) {
		now := s.host.rt.Now()
		for _, id := range m.IDs {
			s.publish(&messages.JobRemoved{At: now, JobID: id, Store: alias})
		}
	}
	if len(m.Missing) == 0 {
		r.Answer(messages.None{}, nil)
		return
	}
	s.removeFrom(behind, r, m.Missing)
}

// removeManyPending removes jobs that wait for the start.
func (s *scheduler) removeManyPending(r *messages.RemoveJobs) {
	stores := s.pending.removeEach(r.IDs, r.Store)
	now, absent := s.host.rt.Now(), []string(nil)
	for _, id := range r.IDs {
		if stores[id] == "" {
			absent = append(absent, id)
			continue
		}
		s.publish(&messages.JobRemoved{At: now, JobID: id, Store: stores[id]})
	}
	r.Answer(messages.None{}, missing(r, absent))
}

// missing names the jobs that there were not; nil if none.
func missing(r *messages.RemoveJobs, ids []string) error {
	faults := make([]error, len(ids))
	for i, id := range ids {
		faults[i] = &job.Error{Op: "remove job", Job: id, Store: r.Store, Err: job.ErrJobNotFound}
	}
	return errors.Join(faults...)
}
