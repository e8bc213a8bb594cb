package actors

import (
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
)

// The restart policy. An actor that panics goes on where it was, always: its
// parent resumes it (see [cell]). It tries its message again, at first at once
// and then after a pause, before it gives the message up, so that whatever an
// actor does it costs a bounded number of panics. Proto.Actor's own strategies
// are of no use here: they count in real time, which means nothing under a fake
// clock, and a restart stops the actor's children.
var pauses = [maxTries]time.Duration{0, 10 * time.Millisecond, 100 * time.Millisecond}

// failure is what an actor panics with when handling a message has panicked.
type failure struct {
	*job.PanicError
	tries int // how often handling the message has panicked
}

// HandleFailure implements actor.SupervisorStrategy for the children of c.
// Proto.Actor calls it on the goroutine of c, with the child suspended.
func (c *cell) HandleFailure(_ *actor.ActorSystem, parent actor.Supervisor, child *actor.PID, _ *actor.RestartStatistics, reason, _ any) {
	f := failureOf(reason)
	c.host.report(child.Id[len(c.self.Id)+1:], f)
	resume := func() {
		c.host.post(child, &again{})
		parent.ResumeChildren(child)
	}
	if pause := pauses[f.tries-1]; pause > 0 {
		c.host.rt.AfterFunc(pause, resume)
		return
	}
	resume()
}

// failureOf returns what an actor has panicked with. Anything but a failure is
// a bug of this package.
func failureOf(reason any) *failure {
	if f, ok := reason.(*failure); ok {
		return f
	}
	return &failure{&job.PanicError{Value: reason}, maxTries}
}

// report tells of an actor's failure.
func (h *host) report(actor string, f *failure) {
	h.log.Error("actor panicked", "actor", actor, "err", f.PanicError, "stack", string(f.Stack))
	h.post(h.events, &messages.Publish{Events: []messages.Event{
		&messages.ActorRestarted{At: h.rt.Now(), Name: actor, Err: f.PanicError},
	}})
}
