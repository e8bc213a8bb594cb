package dashboard

import (
	"context"
	"strings"

	"github.com/carillon-go/carillon"
)

const (
	pageSize   = 100    // rows
	searchSize = 20_000 // how many jobs are looked at for a page of those that match
	searchStep = 1000   // how many of them are read at a time
)

// search is for the jobs of one store. A beginning of IDs is found without looking
// at other jobs, since jobs are read in order of ID; for anything else they are
// looked at one by one, up to a bound.
type search struct {
	Prefix string `json:"prefix,omitempty"` // of the ID
	Name   string `json:"name,omitempty"`   // part of the name or the task, in any case
	State  string `json:"state,omitempty"`  // as in row.State
	after  string
	lower  string // Name in lower case
}

// found is a page of what was searched for.
type found struct {
	jobs     []carillon.Job
	searched int    // how many jobs were looked at
	next     string // behind this ID there may be more; empty: there are not
}

func (v *visit) search() search {
	name := strings.TrimSpace(v.query.Get("name"))
	return search{
		Prefix: v.query.Get("prefix"),
		Name:   name,
		State:  v.query.Get("state"),
		after:  v.query.Get("after"),
		lower:  strings.ToLower(name), // once, not for each job: it may be very long
	}
}

// Open reports whether the search is for anything but all jobs.
func (q search) Open() bool { return q.Prefix != "" || q.Name != "" || q.State != "" }

// selective reports whether a job of the right ID need not match.
func (q search) selective() bool { return q.Name != "" || q.State != "" }

func (q *search) matches(j *carillon.Job) bool {
	return (q.State == "" || stateOf(j) == q.State) &&
		(q.Name == "" || q.names(j.Name) || j.Call != nil && q.names(j.Call.TaskName()))
}

func (q *search) names(text string) bool { return strings.Contains(strings.ToLower(text), q.lower) }

// run reads up to limit matching jobs of a store. Even if it fails, what it has
// found until then is good.
func (q search) run(ctx context.Context, s *carillon.Scheduler, store string, limit int) (f found, err error) {
	after, step := q.after, searchStep
	if !q.selective() {
		step = limit + 1
	}
	if after < q.Prefix { // the ID that is the prefix itself is behind nothing that has it
		after = q.Prefix
		if j, err := s.Job(ctx, q.Prefix, store); err == nil {
			f.look(&q, &j, limit)
		}
	}
	for f.searched < searchSize {
		jobs, err := s.PageJobs(ctx, after, step, store)
		if err != nil {
			return f, err
		}
		for i := range jobs {
			if !strings.HasPrefix(jobs[i].ID, q.Prefix) || !f.look(&q, &jobs[i], limit) {
				return f, nil
			}
		}
		if len(jobs) < step {
			return f, nil
		}
		after = jobs[len(jobs)-1].ID
	}
	f.next = after
	return f, nil
}

// look takes a job in, if it matches, and reports whether there is room for more.
func (f *found) look(q *search, j *carillon.Job, limit int) (room bool) {
	if !q.matches(j) {
		f.searched++
		return true
	}
	if len(f.jobs) == limit {
		f.next = f.jobs[limit-1].ID
		return false
	}
	f.searched++
	f.jobs = append(f.jobs, *j)
	return true
}
