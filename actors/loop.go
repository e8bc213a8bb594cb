package actors

import (
	"context"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"github.com/carillon-go/carillon/clock"
)

// Loop runs a whole scheduler step by step on one goroutine: a simulator. A
// scheduler whose Config.Clock is a Loop runs on it; everything that it does
// then happens in steps of tasks, in an order that the Loop chooses.
type Loop interface {
	clock.Monotonic

	// Alarm is AfterFunc for who wants to know when the wall clock shows a
	// certain time, d from now. f is called early, at the latest when longest
	// has elapsed after the wall clock was set.
	Alarm(d, longest time.Duration, f func()) clock.Timer

	// Ready says that a task has something to do. The Loop calls its Step
	// later, once for each time that it finds it ready; Step tells whether
	// the task still is.
	Ready(task *Task)

	// Go makes f a task of its own. f may block in Wait and Sleep only.
	Go(f func())

	// Wait and Sleep are as in executors.Host; Wait is called by the program
	// around the simulation as well.
	Wait(ctx context.Context, ready <-chan struct{}) error
	Sleep(ctx context.Context, d time.Duration) error

	// Settle makes steps until no task is ready.
	Settle(ctx context.Context) error

	// NextTimer returns when the next timer is due.
	NextTimer() (at time.Time, ok bool)

	// Context is what the contexts of runs derive from.
	Context() context.Context

	// Handling is called with every message before an actor handles it. A
	// panic in it strikes the actor.
	Handling(actor string, message any)

	// Sent is called after each message that an actor sends.
	Sent()

	// NewID returns a new unique ID, the same one in every run of a seed.
	NewID() string
}

// Task is something that makes steps: an actor handling its messages.
type Task struct {
	Name string
	Step func() (more bool)

	// MayBlock means that a step may come to a Wait or a Sleep in its middle.
	MayBlock bool
}

// looped is the runtime on a [Loop].
type looped struct{ Loop }

func (l looped) rest(ctx context.Context, ready <-chan struct{}) error { return l.Wait(ctx, ready) }

// Here there is no goroutine to pass on.
func (l looped) alarm(d, longest time.Duration, f func(*relay)) clock.Timer {
	return l.Loop.Alarm(d, longest, func() { f(nil) })
}

func (l looped) send(root *actor.RootContext, to *actor.PID, message any, _ *relay) {
	root.Send(to, message)
	l.Sent()
}

// Whoever is not part of the Loop does nothing while it makes a step.
func (l looped) begin() {}
func (l looped) end()   {}

func (l looped) watchdog() clock.Clock { return l.Loop }

func (l looped) props(c *cell, produce actor.Producer) *actor.Props {
	mailbox := func() actor.Mailbox { return newStepMailbox(l.Loop, c) }
	return actor.PropsFromProducer(produce, c.strict(mailbox))
}
