package actors

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/stores"
)

// inquiries are requests for many jobs or for history, which can take long and
// change nothing. The Store is asked for them beside its actor, one after the
// other, so that no claim waits for them. One whose caller has gone
// is ended: the others need not wait for it.
//
// Owned by the store's actor; touched only in Receive.
type inquiries struct {
	waiting []*messages.Apply
	current *inquiry // nil: none is under way
}

// inquiry is one that is under way. It is the message that it is over, too.
type inquiry struct {
	request messages.Jobs
	store   stores.Store
	cancel  context.CancelCauseFunc
	over    chan struct{} // closed when the Store is left alone, and applied is there
	applied *messages.Applied
}

// errReopened ends an inquiry whose Store is closed because it has panicked.
var errReopened = errors.New("the store has panicked in another operation and is opened anew; read again")

// isInquiry reports whether a request is one that goes to the Store beside its
// actor.
func isInquiry(request messages.Jobs) bool {
	switch request.(type) {
	case *messages.ListJobs, *messages.PageJobs, *messages.GetHistory:
		return true
	}
	return false
}

// inquire begins with a request, or has it wait for its turn.
func (s *store) inquire(m *messages.Apply) {
	s.inquiries.waiting = append(s.inquiries.waiting, m)
	s.inquireNext()
}

// inquireNext begins with the next request, if there is one and none is under way.
func (s *store) inquireNext() {
	for s.inquiries.current == nil && len(s.inquiries.waiting) > 0 {
		request := s.inquiries.waiting[0].Request
		s.inquiries.waiting = slices.Delete(s.inquiries.waiting, 0, 1)
		var fault error
		if request.Abandoned() {
			fault = context.Canceled
		} else {
			fault = s.call(func() error { return nil }) // it may have to be opened anew
		}
		if fault != nil {
			s.tell(&messages.Applied{Member: s.name, Request: request, Err: fault})
			continue
		}
		s.begin(request)
	}
}

func (s *store) begin(request messages.Jobs) {
	r := &inquiry{request: request, store: s.store, over: make(chan struct{})}
	ctx, cancel := context.WithCancelCause(s.ctx)
	r.cancel = cancel
	s.inquiries.current = r
	request.WhenAbandoned(func() { cancel(context.Canceled) })
	s.host.rt.Go(func() {
		defer close(r.over)
		defer s.host.post(s.self, r)
		defer cancel(nil)
		r.applied = &messages.Applied{Member: s.name, Request: request}
		if err := guard(func() error { return s.answerTo(ctx, r) }); err != nil {
			if ctx.Err() != nil {
				err = &job.Error{Op: request.String(), Store: s.alias, Err: context.Cause(ctx)}
			}
			r.applied = &messages.Applied{Member: s.name, Request: request, Err: err}
		}
	})
}

// inquired goes on when an inquiry is over. If the Store has panicked it is opened
// anew.
func (s *store) inquired(r *inquiry) {
	if r != s.inquiries.current { // it was ended, and told of
		return
	}
	s.inquiries.current = nil
	if _, panicked := errors.AsType[*job.PanicError](r.applied.Err); panicked && r.store == s.store {
		s.reopen(r.applied.Err)
	}
	s.tell(r.applied)
	s.inquireNext()
}

// endInquiry ends the inquiry that is under way, and returns when the Store is left
// alone.
func (s *store) endInquiry(cause error) {
	r := s.inquiries.current
	if r == nil {
		return
	}
	r.cancel(cause)
	_ = s.host.rt.Wait(context.Background(), r.over)
	s.inquiries.current = nil
	s.tell(r.applied)
}

// endInquiries ends all inquiries, since the Store is going to be closed.
func (s *store) endInquiries() {
	cause := job.ErrUnknownStore
	if s.host.desk.Load() == nil { // the scheduler is being stopped
		cause = job.ErrNotRunning
	}
	s.endInquiry(cause)
	for _, m := range s.inquiries.waiting {
		s.tell(&messages.Applied{Member: s.name, Request: m.Request, Err: &job.Error{Op: m.Request.String(), Store: s.alias, Err: cause}})
	}
	s.inquiries.waiting = nil
}

// answerTo is called on a goroutine of its own: it touches nothing of the
// actor that changes.
func (s *store) answerTo(ctx context.Context, r *inquiry) (err error) {
	switch request := r.request.(type) {
	case *messages.ListJobs:
		r.applied.Jobs, err = s.list(ctx, r.store)
	case *messages.PageJobs:
		r.applied.Jobs, err = s.page(ctx, r.store, request.After, request.Limit)
	case *messages.GetHistory:
		r.applied.Records, err = s.history(ctx, r.store, request)
	default:
		return errors.ErrUnsupported
	}
	for i := range r.applied.Jobs {
		r.applied.Next = earlier(r.applied.Next, r.applied.Jobs[i].NextRunTime)
	}
	return err
}

// page is how many jobs are read at a time, and largePage from a Store that has
// them in memory as it is: for some ten milliseconds.
const (
	page      = 1000
	largePage = 100 * page
)

// list returns all jobs, in order of next run time and ID, paused ones last.
func (s *store) list(ctx context.Context, from stores.Store) ([]job.Job, error) {
	limit := page
	if _, inMemory := from.(stores.Transient); inMemory {
		limit = largePage
	}
	var pages [][]job.Job
	for after := ""; ; {
		jobs, err := s.page(ctx, from, after, limit)
		if err != nil {
			return nil, err
		}
		pages = append(pages, jobs)
		if len(jobs) < limit {
			break
		}
		after = jobs[len(jobs)-1].ID
	}
	all := joined(pages)
	sortByNextRunTime(all)
	return all, nil
}

// page returns jobs in order of ID, each with the reason why it cannot run
// here, if there is one.
func (s *store) page(ctx context.Context, from stores.Store, after string, limit int) ([]job.Job, error) {
	jobs, err := from.List(ctx, after, limit)
	if err != nil {
		return nil, err
	}
	d, parked := s.host.desk.Load(), s.parkings.any()
	for i := range jobs {
		j := &jobs[i]
		reduce(j)
		j.Store = s.alias
		j.Trigger = s.resolved(j.Trigger)
		if d != nil { // or else the scheduler is being stopped
			j.Parked = s.host.parked(j, d.executors)
		}
		if parked && j.Parked == "" {
			j.Parked = s.parkings.of(j)
		}
	}
	return jobs, nil
}

// joined returns the items of all lists, and of one the list itself.
func joined[T any](lists [][]T) []T {
	if len(lists) == 1 {
		return lists[0]
	}
	return slices.Concat(lists...)
}

func (s *store) history(ctx context.Context, from stores.Store, r *messages.GetHistory) ([]job.Record, error) {
	records, err := from.History(ctx, &r.Query)
	if errors.Is(err, errors.ErrUnsupported) {
		err = fmt.Errorf("the store keeps no history; set its Retention: %w", err)
	}
	if err != nil {
		return nil, &job.Error{Op: r.String(), Job: r.Query.JobID, Store: s.alias, Err: err}
	}
	return records, nil
}
