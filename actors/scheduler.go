package actors

import (
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/stores"
)

// scheduler decides when which store is asked for due runs, and gives the runs
// to their executors. What becomes of a due job is decided by [plan], inside
// the store's claim.
//
//	Accepts:       Jobs (facade); SetMode, PutPending, Join, Leave (supervisor); Wakeup,
//	               Jumped (timer); Claimed, Applied, Due (stores); Finished (executors);
//	               Interest (events)
//	Sends:         ModeSet, PendingPut -> supervisor; SetAlarm -> timer; ClaimDue, Apply,
//	               undo, Finish, CloseStore -> stores; Execute -> executors; Publish -> events
//	Owns:          what it knows of each store, the jobs that wait for the start
//	Supervised by: the supervisor; a panic loses nothing
type scheduler struct {
	cell
	state    messages.State // as the supervisor says
	starting bool           // the pending jobs are being put
	settings messages.Settings

	stores    []*shelf
	executors map[string]*actor.PID
	known     *stores.Known
	alarm     time.Time // what the timer is set to

	pending  waitlist
	deferred []messages.Jobs // requests that came while starting
	gathered map[messages.Jobs]*gathering

	interest messages.Mask
}

// shelf is what the scheduler knows of a store.
type shelf struct {
	alias, member string
	actor         *actor.PID

	next       time.Time // when to claim from it; zero: never
	claiming   bool      // an answer is awaited
	asked      time.Time // when it was asked for the answer
	unheard    bool      // the last claim has failed, and may have happened all the same
	unfinished int       // runs claimed and not finished
	held       bool      // more is due, and waits until some of them are

	ended []*messages.Finish // while an answer is awaited: for the next claim

	fleeting     bool // it is gone when it is closed
	leaving, now bool // it is to be closed, without waiting for its runs
}

// claimLimit is how many runs are claimed at a time.
const claimLimit = 1000

// With more than lead runs of a store unfinished, what else is due there is not
// claimed before some of them have ended or hold has passed. Runs that only wait
// for a processor fill the caches and are a burden to the collector; those that
// take long do not keep others from being started.
const (
	lead = 2 * claimLimit
	hold = time.Millisecond
)

func newScheduler(h *host) *scheduler {
	s := &scheduler{
		cell:      cell{name: "scheduler", host: h},
		settings:  h.config.Settings,
		executors: make(map[string]*actor.PID),
		gathered:  make(map[messages.Jobs]*gathering),
	}
	s.actor = s
	return s
}

func (s *scheduler) handle(message any) bool {
	switch m := message.(type) {
	case *messages.Wakeup:
		s.alarm = time.Time{}
		s.wake()
	case *messages.Jumped:
		if m.By < 0 {
			s.host.log.Warn("clock was set back; jobs wait until it shows their next run times again", "by", m.By)
		}
		s.publish(&messages.ClockJumped{At: s.host.rt.Now(), By: m.By})
		s.askAll()
	case *messages.Claimed:
		s.claimed(m, s.dispose)
	case *messages.Finished:
		s.finished(m.From, m.Results)
		s.goOn(s.shelf(m.From))
	case *messages.Due:
		s.due(m)
	case messages.Jobs:
		s.request(m)
	case *messages.Applied:
		s.applied(m)
	case *messages.SetMode:
		s.setMode(m.State)
	case *messages.PutPending:
		s.settings = m.Settings
		s.putPending()
	case *messages.Join:
		s.join(m)
		s.answerAsker(m.Asker)
	case *messages.Leave:
		s.leaveMember(m)
		s.answerAsker(m.Asker)
	case *messages.Interest:
		s.interest = m.Mask
		s.setOut()
		if m.Added != nil {
			m.Added.Answer(m.ID, nil)
		}
	default:
		return false
	}
	return true
}

func (s *scheduler) abandon(message any, err error) {
	switch m := message.(type) {
	case messages.Refusable:
		m.Refuse(err)
	case *messages.Applied:
		refused := *m
		refused.Err = errors.Join(m.Err, err)
		s.applied(&refused)
	case *messages.Claimed:
		s.claimed(m, func(shelf *shelf, claimed *stores.Claimed) {
			s.finished(shelf.member, lostRuns(claimed.Runs, err))
		})
	case *messages.PutPending:
		s.pendingPut(err)
	default: // it cannot be refused, and there is no doing less
		s.handle(message)
	}
}

func (s *scheduler) setMode(state messages.State) {
	s.state, s.starting = state, false
	s.setOut()
	s.wake()
	s.send(s.host.supervisor, &messages.ModeSet{State: state})
	s.requestDeferred()
}

func (s *scheduler) join(m *messages.Join) {
	pid := s.host.child(m.Member)
	if m.Kind == messages.ExecutorMember {
		s.executors[m.Alias] = pid
		s.executorsChanged()
		return
	}
	s.stores = append(s.stores, &shelf{alias: m.Alias, member: m.Member, actor: pid, next: s.host.rt.Now(), fleeting: m.Fleeting})
	s.setOut()
	s.wake()
}

// answerAsker answers who has asked for a member to be added or removed.
func (s *scheduler) answerAsker(asker messages.Request[messages.None]) {
	if asker != nil {
		s.cell.answer(func() { asker.Answer(messages.None{}, nil) })
	}
}

func (s *scheduler) leaveMember(m *messages.Leave) {
	pid := s.host.child(m.Member)
	if m.Kind == messages.ExecutorMember {
		maps.DeleteFunc(s.executors, func(_ string, p *actor.PID) bool { return p.Equal(pid) })
		s.executorsChanged()
		s.send(pid, &messages.CloseExecutor{})
		return
	}
	shelf := s.shelf(m.Member)
	if shelf == nil { // it has never joined, or is being closed
		s.send(pid, &messages.CloseStore{Idle: true})
		return
	}
	shelf.leaving, shelf.now = true, shelf.now || m.Now
	s.setOut()
	s.closeWhenDone(shelf)
}

// closeWhenDone closes a store that is to leave once nothing is to be stored
// in it any more. If it may have handed out runs unheard, it is asked for them
// first, and for nothing new.
func (s *scheduler) closeWhenDone(shelf_ *shelf) {
	if !shelf_.leaving || shelf_.claiming {
		return
	}
	if shelf_.unheard {
		shelf_.unheard = false
		s.ask(shelf_, &messages.ClaimDue{Limit: 1, Known: s.known})
		return
	}
	if !shelf_.now && shelf_.unfinished > 0 {
		return
	}
	s.send(shelf_.actor, &messages.CloseStore{Idle: shelf_.unfinished == 0})
	s.stores = slices.DeleteFunc(s.stores, func(o *shelf) bool { return o == shelf_ })
}

// executorsChanged asks every store again: jobs that were parked may be
// runnable now.
func (s *scheduler) executorsChanged() {
	s.known = &stores.Known{
		Tasks:     keys(s.host.config.Tasks),
		Executors: keys(s.executors),
		Triggers:  s.host.config.Triggers.Names(),
	}
	s.setOut()
	s.askAll()
}

// keys returns the keys of a map in order, never nil: to a store a nil list
// means every name.
func keys[V any](m map[string]V) []string {
	list := slices.AppendSeq(make([]string, 0, len(m)), maps.Keys(m))
	slices.Sort(list)
	return list
}

// askAll asks every store for due runs, whatever is known of it.
func (s *scheduler) askAll() {
	for _, shelf := range s.stores {
		shelf.next = s.host.rt.Now()
	}
	s.wake()
}

func (s *scheduler) shelf(member string) *shelf {
	for _, shelf := range s.stores {
		if shelf.member == member {
			return shelf
		}
	}
	return nil
}

func (s *scheduler) shelfByAlias(alias string) *shelf {
	for _, shelf := range s.stores {
		if shelf.alias == alias && !shelf.leaving {
			return shelf
		}
	}
	return nil
}

// wake claims from every store that may have due jobs, and sets the alarm for
// the next time that one may.
func (s *scheduler) wake() {
	now := s.host.rt.Now()
	var alarm time.Time
	for _, shelf := range s.stores {
		switch {
		case s.state != messages.Running || shelf.claiming || shelf.leaving || shelf.next.IsZero():
		case shelf.next.After(now):
			alarm = earlier(alarm, shelf.next)
		default:
			shelf.held, shelf.next, shelf.asked = false, time.Time{}, now
			s.ask(shelf, &messages.ClaimDue{Now: now, Limit: claimLimit, Known: s.known})
		}
	}
	if !alarm.Equal(s.alarm) {
		s.alarm = alarm
		s.send(s.host.timer, &messages.SetAlarm{At: alarm})
	}
}

// ask has a store claim. What ends until it answers has to wait for it in any
// case, and is recorded by the next claim if that follows at once: a store
// waits for its disk once, then, and not twice.
func (s *scheduler) ask(shelf *shelf, m *messages.ClaimDue) {
	m.Ended, shelf.ended = shelf.ended, nil
	shelf.claiming = true
	s.send(shelf.actor, m)
}

// answered is what follows when a store has answered.
func (s *scheduler) answered(shelf *shelf) {
	shelf.claiming = false
	s.wake()
	if shelf.claiming {
		return
	}
	for _, m := range shelf.ended {
		s.send(shelf.actor, m)
	}
	shelf.ended = nil
	s.closeWhenDone(shelf)
}

func (s *scheduler) due(m *messages.Due) {
	if shelf := s.shelf(m.Member); shelf != nil {
		shelf.next = earlier(shelf.next, m.At)
		s.wake()
	}
}

// claimed goes on with what a store has handed out; dispose takes the runs.
func (s *scheduler) claimed(m *messages.Claimed, dispose func(*shelf, *stores.Claimed)) {
	shelf := s.shelf(m.Member)
	if shelf == nil {
		s.host.log.Error("claimed from a store that is gone", "store", m.Member)
		return
	}
	now := s.host.rt.Now()
	if m.Err != nil {
		s.host.log.Error("store failed", "store", shelf.alias, "err", m.Err, "retry", s.host.config.RetryInterval)
		shelf.unheard = !shelf.leaving
		shelf.next = earlier(shelf.next, now.Add(s.host.config.RetryInterval))
	} else {
		shelf.unheard = false
		shelf.unfinished += len(m.Claimed.Runs)
		dispose(shelf, m.Claimed)
		s.publishClaimed(shelf, m.Claimed, m.Skipped)
		shelf.next = earlier(shelf.next, s.nextClaim(shelf, m.Claimed))
		if m.Claimed.More {
			shelf.next = now
			if shelf.held = shelf.unfinished > lead && s.ticks(); shelf.held {
				shelf.next = now.Add(hold)
			}
		}
	}
	s.answered(shelf)
}

// nextClaim returns when to claim again, after a claim. Where runs follow each
// other more closely than the clock can tell, those of one resolution are
// claimed together: each claim costs the same few messages.
func (s *scheduler) nextClaim(shelf *shelf, claimed *stores.Claimed) time.Time {
	soonest := shelf.asked.Add(clock.Resolution(s.host.config.Clock))
	if next := claimed.Next; next.IsZero() || next.After(soonest) {
		return next
	}
	return soonest
}

// goOn claims what was held back in a store, if enough of its runs have ended.
func (s *scheduler) goOn(shelf *shelf) {
	if shelf != nil && shelf.held && shelf.unfinished <= lead {
		shelf.next = s.host.rt.Now()
		s.wake()
	}
}

// ticks reports whether time passes by itself. Under a fake clock nobody would
// move it for runs that are held back.
func (s *scheduler) ticks() bool { return clock.Resolution(s.host.config.Clock) > 0 }

// earlier returns the earlier of two times, of which the zero time is none.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
