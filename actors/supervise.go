package actors

import (
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
)

// The restart policy. An actor that panics is restarted, always: it is the
// same cell before and after (see [cell]), so it goes on where it was. The
// first failure in a while is answered at once, further ones with growing
// delay, so that one that cannot help panicking does not take the machine.
// Proto.Actor's own strategies count in real time, and so are of no use under
// a fake clock.
const (
	firstBackoff = 100 * time.Millisecond
	maxBackoff   = 10 * time.Second
	forgetAfter  = time.Minute // without a failure
)

// failures is an actor's record of failing in a row.
type failures struct {
	count int
	last  time.Time
}

// next notes a failure and returns how long to wait with the restart.
func (f *failures) next(now time.Time) time.Duration {
	if now.Sub(f.last) > forgetAfter {
		f.count = 0
	}
	f.last = now
	f.count++
	if f.count == 1 {
		return 0
	}
	return min(firstBackoff<<min(f.count-2, 16), maxBackoff)
}

// HandleFailure implements actor.SupervisorStrategy for the supervisor's
// children. Proto.Actor calls it on the supervisor's goroutine.
func (s *supervisor) HandleFailure(_ *actor.ActorSystem, sup actor.Supervisor, child *actor.PID, _ *actor.RestartStatistics, reason, _ any) {
	name := child.Id[len(s.self.Id)+1:]
	s.reportFailure(name, reason)
	record := s.failures[name]
	delay := record.next(s.host.rt.Now())
	s.failures[name] = record
	if delay == 0 {
		sup.RestartChildren(child)
		return
	}
	s.host.rt.AfterFunc(delay, func() { sup.RestartChildren(child) })
}

func (s *supervisor) reportFailure(name string, reason any) {
	err, ok := reason.(*job.PanicError)
	if !ok {
		err = &job.PanicError{Value: reason}
	}
	s.host.log.Error("actor panicked", "actor", name, "err", err, "stack", string(err.Stack))
	s.host.post(s.host.events, &messages.Publish{Events: []messages.Event{
		&messages.ActorRestarted{At: s.host.rt.Now(), Name: name, Err: err},
	}})
}
