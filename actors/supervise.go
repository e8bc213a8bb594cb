package actors

import (
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
)

// The restart policy. An actor that panics goes on where it was, always: its
// parent resumes it (see [cell]). The first failure in a while is answered at
// once, further ones with growing delay, so that one that cannot help panicking
// does not take the machine. Proto.Actor's own strategies count in real time,
// and so are of no use under a fake clock; and its restart stops the actor's
// children.
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

// HandleFailure implements actor.SupervisorStrategy for the children of c.
// Proto.Actor calls it on the goroutine of c, with the child suspended.
func (c *cell) HandleFailure(_ *actor.ActorSystem, parent actor.Supervisor, child *actor.PID, _ *actor.RestartStatistics, reason, _ any) {
	name := child.Id[len(c.self.Id)+1:]
	c.reportFailure(name, reason)
	if c.failures == nil {
		c.failures = make(map[string]failures)
	}
	record := c.failures[name]
	delay := record.next(c.host.rt.Now())
	c.failures[name] = record
	resume := func() {
		c.host.post(child, &again{})
		parent.ResumeChildren(child)
	}
	if delay == 0 {
		resume()
		return
	}
	c.host.rt.AfterFunc(delay, resume)
}

func (c *cell) reportFailure(name string, reason any) {
	err, ok := reason.(*job.PanicError)
	if !ok {
		err = &job.PanicError{Value: reason}
	}
	c.host.log.Error("actor panicked", "actor", name, "err", err, "stack", string(err.Stack))
	c.host.post(c.host.events, &messages.Publish{Events: []messages.Event{
		&messages.ActorRestarted{At: c.host.rt.Now(), Name: name, Err: err},
	}})
}
