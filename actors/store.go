package actors

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync/atomic"
	"time"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/triggers"
)

// store is the actor of one job store. Everything that is written to the Store,
// and what is read of one job, goes through it, in order. It blocks for as long
// as the Store does; nobody else does. What is read of many jobs, or of the
// history, it begins and passes on (inquiry.go).
//
//	Accepts:       AddJobs, RemoveJob(s) (facade); Open (supervisor); ClaimDue, Apply, undo,
//	               Finish, CloseStore (scheduler); record, inquiry (itself), leaseOver (its heartbeat)
//	Sends:         Opened, Closed -> supervisor; Claimed, Applied, Due -> scheduler;
//	               Publish -> events
//	Owns:          the Store, the scheduler's name in it, the outcomes that it has
//	               not recorded yet
//	Supervised by: the supervisor. A Store that panics is opened anew, unless it
//	               keeps its jobs in memory and would lose them.
type store struct {
	cell
	alias string
	open  stores.Opener

	ctx    context.Context // of all calls of the Store
	cancel context.CancelCauseFunc

	store      stores.Store
	node       string
	beat       *heartbeat    // nil: the store is not shared
	sole       *job.Lease    // of an only owner, which another one can follow; nil: there is none
	claimed    uint64        // claims whose answers were received
	unheard    bool          // the last claim may have an answer that was not received
	done       []stores.Done // not recorded yet
	recording  bool          // a record is in the mailbox
	retry      clock.Timer   // tries again to record them; nil: is not pending
	unrecorded bool          // the last try to record them has failed
	prompt     atomic.Bool   // the Store is prompt
	inquiries  inquiries     // of the Store, beside the actor
	parkings   parkings
	told       time.Time // the scheduler is going to claim at this time at the latest; zero: perhaps not at all

	skipped map[string]messages.Skipped // by the claims since the last answer
	exited  map[string]bool             // jobs whose triggers have ended a claim's goroutine; true: parked for it by the claim at hand
}

type (
	// undo takes jobs back that were put while a start went on that failed.
	undo struct{ ids []string }

	// record asks a store actor to record the outcomes that it has, or to try
	// again.
	record struct{}
)

func newStore(h *host, alias string, open stores.Opener) *store {
	s := &store{cell: cell{host: h, mayBlock: true}, alias: alias, open: open}
	s.actor, s.errand = s, s.isErrand
	s.ctx, s.cancel = context.WithCancelCause(context.Background())
	return s
}

func (s *store) body() *cell { return &s.cell }

func (s *store) halt() { s.cancel(job.ErrShutdown) }

func (s *store) handle(message any) bool {
	switch m := message.(type) {
	case *messages.Open:
		s.handleOpen()
	case *messages.ClaimDue:
		s.claim(m)
	case *messages.Apply:
		if isInquiry(m.Request) {
			s.inquire(m)
			break
		}
		s.tell(s.apply(m))
	case *inquiry:
		s.inquired(m)
	case messages.Jobs:
		s.straight(m)
	case *messages.Finish:
		s.finish(m.Results)
	case *record:
		s.retry, s.recording = nil, false
		s.record()
	case *leaseOver:
		if m.beat == s.beat {
			s.leaseOver(m.beat.lease.Err())
		}
	case *undo:
		s.undo(m.ids)
	case *messages.CloseStore:
		s.close(m.Idle)
	default:
		return false
	}
	return true
}

func (s *store) abandon(message any, err error) {
	switch m := message.(type) {
	case *messages.Open:
		s.send(s.host.supervisor, &messages.Opened{Member: s.name, Err: err})
		s.leave()
	case *messages.ClaimDue:
		s.send(s.host.scheduler, &messages.Claimed{Member: s.name, Err: err})
		for _, f := range m.Ended {
			s.abandon(f, err)
		}
	case *messages.Apply:
		s.send(s.host.scheduler, &messages.Applied{Member: s.name, Request: m.Request, Err: err})
	case messages.Jobs:
		m.Refuse(err)
	case *messages.Finish:
		s.take(m.Results)
		s.retryRecord()
	case *messages.CloseStore:
		s.shut(err)
	default: // it cannot be refused, and there is no doing less
		s.handle(message)
	}
}

func (s *store) handleOpen() {
	err := s.openStore()
	if err != nil {
		if _, told := errors.AsType[*job.Error](err); !told {
			err = &job.Error{Op: "open store", Store: s.alias, Err: err}
		}
		s.cancel(job.ErrShutdown)
		s.leave()
	}
	_, fleeting := s.store.(stores.Fleeting)
	s.send(s.host.supervisor, &messages.Opened{Member: s.name, Fleeting: fleeting, Err: err})
}

func (s *store) openStore() error {
	env := stores.Env{Alias: s.alias, Clock: s.host.rt, Logger: s.host.log.With("store", s.alias)}
	return guard(func() error {
		opened, err := s.open(s.ctx, env)
		if err == nil && opened == nil {
			err = errors.New("the opener has returned neither a Store nor an error")
		}
		if err != nil {
			return err
		}
		if s.ctx.Err() != nil { // nobody has waited for it: it must not be taken for in use
			return errors.Join(context.Cause(s.ctx), opened.Close())
		}
		if err := guard(func() error { return s.register(opened) }); err != nil {
			return errors.Join(err, opened.Close())
		}
		s.store = opened
		_, prompt := opened.(stores.Prompt)
		s.prompt.Store(prompt)
		return nil
	})
}

// changed is called by the Store, from any goroutine.
func (s *store) changed() {
	s.host.post(s.host.scheduler, &messages.Due{Member: s.name, At: s.host.rt.Now()})
}

// call calls the Store. If it panics it is opened anew, and the error says so.
func (s *store) call(f func() error) error {
	if s.store == nil {
		if err := s.openStore(); err != nil {
			return err
		}
	}
	err := guard(f)
	if _, panicked := errors.AsType[*job.PanicError](err); panicked {
		s.reopen(err)
	}
	return err
}

func (s *store) reopen(fault error) {
	s.host.log.Error("store panicked", "store", s.alias, "err", fault)
	if _, inMemory := s.store.(stores.Transient); !inMemory {
		s.endInquiry(errReopened)
		s.beat.use(nil, time.Time{})
		_ = guard(s.store.Close)
		s.store = nil
		if err := s.openStore(); err != nil {
			s.host.log.Error("store cannot be opened", "store", s.alias, "err", err)
			return
		}
	}
	s.publish(&messages.StoreRestarted{At: s.host.rt.Now(), Alias: s.alias, Err: fault})
}

// claim asks the Store for due runs. Until an answer has come a claim is
// repeated under the same number, so that runs which the Store has handed out
// without our hearing of it are handed out again.
//
// What has ended is recorded by the claim, which counts what is unfinished. If
// the claim fails it is recorded alone: it may be the claim that cannot be
// carried out.
func (s *store) claim(m *messages.ClaimDue) {
	for _, f := range m.Ended {
		s.take(f.Results)
	}
	claim := &stores.Claim{
		Node:  s.node,
		Seq:   s.claimed + 1,
		Now:   m.Now,
		Limit: m.Limit,
		Known: m.Known,
		Done:  s.recordable(),
		Plan: func(j *job.Job, live int, step *stores.Step) {
			s.plan(j, live, m.Now, step)
			switch {
			case step.Park != "":
				s.parkings.note(j, step.Park)
			case len(step.Skipped) > 0:
				s.skips(j, step)
			}
		},
	}
	s.told = time.Time{}
	again := s.unheard
	s.unheard = true // as long as there is no answer
	var claimed *stores.Claimed
	ask := func() (err error) {
		claimed, err = s.store.ClaimDue(s.ctx, claim)
		return err
	}
	err := s.call(ask)
	if _, panicked := errors.AsType[*job.PanicError](err); panicked {
		err = s.call(ask)
	}
	if errors.Is(err, job.ErrLeaseExpired) && s.store != nil {
		if err = s.renew(err); err == nil {
			claim.Node, claim.Seq, claim.Done = s.node, s.claimed+1, nil
			err = s.call(ask)
		}
	}
	if err != nil {
		err = &job.Error{Op: "claim due jobs", Store: s.alias, Err: err}
		s.send(s.host.scheduler, &messages.Claimed{Member: s.name, Err: err})
		s.publish(&messages.StoreFailed{At: s.host.rt.Now(), Alias: s.alias, Err: err})
		s.recorded(claim, nil)
		return
	}
	s.unheard = false
	if again { // it may be the old answer: the jobs have changed since
		claimed.More = true
	}
	for i := range claimed.Runs {
		claimed.Runs[i].Store = s.alias
		claimed.Runs[i].Lease = s.granted()
	}
	s.send(s.host.scheduler, &messages.Claimed{Member: s.name, Claimed: claimed, Skipped: s.skipped})
	s.skipped = nil
	maps.DeleteFunc(s.exited, func(_ string, parked bool) bool { return parked })
	s.claimed, s.told = claim.Seq, claimed.Next
	s.recorded(claim, claimed)
}

// plan is what becomes of a due job. One whose trigger calls runtime.Goexit, which
// nothing can stop, is parked when the claim is made again.
func (s *store) plan(j *job.Job, live int, now time.Time, step *stores.Step) {
	if _, exited := s.exited[j.ID]; exited {
		s.exited[j.ID] = true
		step.Park = "its trigger has ended its goroutine with runtime.Goexit"
		return
	}
	returned := false
	defer func() {
		if step.Park = brief(step.Park); !returned && step.Park == "" {
			if s.exited == nil {
				s.exited = make(map[string]bool)
			}
			s.exited[j.ID] = false
		}
	}()
	defer parkPanic(step)
	j.Trigger = s.resolved(j.Trigger)
	plan(j, live, now, step)
	returned = true
}

// skips takes note of a job whose run times a claim skips. The note is kept until
// there is an answer: that to an earlier try comes without planning again.
func (s *store) skips(j *job.Job, step *stores.Step) {
	if s.skipped == nil {
		s.skipped = make(map[string]messages.Skipped)
	}
	s.skipped[j.ID] = messages.Skipped{Name: j.Name, Call: j.Call, First: step.SkippedSince(0)}
}

// resolved returns t, decoded if it is of a kind that this scheduler knows and
// the Store did not.
func (s *store) resolved(t triggers.Trigger) triggers.Trigger {
	if resolved, err := triggers.Resolve(t, s.host.config.Triggers); err == nil {
		return resolved
	}
	return t
}

func (s *store) undo(ids []string) {
	if len(ids) == 0 {
		return
	}
	err := s.call(func() error {
		_, err := s.store.Delete(s.ctx, ids...)
		return err
	})
	if err != nil {
		s.host.log.Error("jobs of a failed start stay in the store", "store", s.alias, "jobs", ids, "err", err)
	}
}

// close records what has ended, even if the shutdown is out of patience, and
// closes the Store. If nothing runs any more that was claimed from it, the
// scheduler leaves no lease behind.
func (s *store) close(idle bool) {
	if s.ctx.Err() != nil {
		bounded, cancel := clock.WithTimeout(context.Background(), s.host.rt, grace)
		defer cancel()
		s.ctx = bounded
	}
	err := s.recordDone()
	if err != nil {
		err = s.recordDone() // there is no later
	}
	if idle && err == nil {
		s.resign()
	}
	s.shut(err)
}

// shut closes the Store, which has failed with err if that is not nil.
func (s *store) shut(err error) {
	if s.retry != nil {
		s.retry.Stop()
	}
	s.beat.stop()
	s.endInquiries()
	if s.store != nil {
		err = errors.Join(err, guard(s.store.Close))
	}
	if len(s.done) > 0 {
		err = errors.Join(err, fmt.Errorf("%d outcomes could not be recorded", len(s.done)))
	}
	if err != nil {
		err = fmt.Errorf("close store %q: %w", s.alias, err)
	}
	s.cancel(job.ErrShutdown)
	s.send(s.host.supervisor, &messages.Closed{Member: s.name, Err: err})
	s.leave()
}
