package actors

import (
	"fmt"
	"runtime/debug"
	"slices"

	"github.com/asynkron/protoactor-go/actor"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
)

// cell is an actor's body: what Proto.Actor sees of it. An actor that panics
// goes on with the same cell, and so forgets nothing.
//
// A message takes effect once or not at all. While it is handled it is the
// first in the inbox, and what the handler sends is kept in out; both are let
// go when the handler has returned. If it panics instead, nothing has been
// sent, and the message is handled again, before any other, when the parent has
// the actor go on. A message that panics every time is abandoned.
//
// Owned by its actor; touched only in Receive.
type cell struct {
	name    string
	actor   behaviour
	host    *host
	context actor.Context
	self    *actor.PID

	// mayBlock is set for actors that call code which is not the scheduler's.
	mayBlock bool

	// errand, if not nil, reports whether a message may be handled on the
	// goroutine of its sender, who waits for the answer. Anybody may call it.
	errand func(message any) bool

	inbox   []any // of several messages the first one has panicked
	tries   int   // of the first
	out     []letter
	relay   relay // of what it sends
	leaving bool
}

// again has an actor that panicked go on with its inbox.
type again struct{}

// behaviour is what an actor does with its messages.
type behaviour interface {
	// handle handles one message and reports whether it is one that this actor
	// knows. It must be repeatable: before the first change of the actor's
	// state, or with changes that do no harm when made again.
	handle(message any) (known bool)

	// abandon is told of a message that cannot be handled. It does the least
	// that lets everything else go on: nothing waits for this message in vain,
	// no run is without an outcome, and the state fits what others believe.
	abandon(message any, err error)
}

type letter struct {
	to      *actor.PID
	message any
	answer  func() // in place of both
}

// maxTries is how often a message is tried before it is abandoned.
const maxTries = 3

// Receive implements actor.Actor.
func (c *cell) Receive(ctx actor.Context) {
	switch message := ctx.Message().(type) {
	case *actor.Started:
		c.context, c.self = ctx, ctx.Self()
	case *actor.Stopping, *actor.Stopped, *actor.Restarting, *actor.Terminated:
	case *again:
		c.drain()
	default:
		c.inbox = append(c.inbox, message)
		c.drain()
	}
}

func (c *cell) drain() {
	for len(c.inbox) > 0 && !c.leaving {
		c.process(c.inbox[0])
		c.inbox, c.tries = slices.Delete(c.inbox, 0, 1), 0
	}
	for ; len(c.inbox) > 0; c.inbox = c.inbox[1:] {
		c.host.stray(c.self, c.inbox[0])
	}
}

func (c *cell) process(message any) {
	ended := false
	defer func() {
		if r := recover(); r != nil {
			panic(&failure{&job.PanicError{Value: r, Stack: debug.Stack()}, c.tries})
		}
		if !ended { // but by runtime.Goexit: the actor goes on with another goroutine
			c.host.post(c.self, &again{})
		}
	}()
	c.out = c.out[:0]
	c.tries++
	switch {
	case c.tries <= maxTries:
		c.host.inject(c.name, message)
		if !c.actor.handle(message) {
			c.unexpected(message)
		}
	case c.tries == maxTries+1:
		c.abandon(message)
	default: // runtime.Goexit has ended that, too
		c.host.log.Error("message dropped", "actor", c.name, "message", fmt.Sprintf("%T", message))
	}
	for _, l := range c.out {
		if l.answer != nil {
			l.answer()
			continue
		}
		c.host.rt.send(c.host.system.Root, l.to, l.message, &c.relay)
	}
	clear(c.out)
	if c.leaving {
		c.context.Stop(c.self)
	}
	ended = true
}

func (c *cell) abandon(message any) {
	reason := fmt.Errorf("actor %s panicked %d times on %T", c.name, maxTries, message)
	c.host.log.Error("message abandoned", "actor", c.name, "message", fmt.Sprintf("%T", message))
	if err := guard(func() error { c.actor.abandon(message, reason); return nil }); err != nil {
		c.host.log.Error("message dropped", "actor", c.name, "message", fmt.Sprintf("%T", message), "err", err)
	}
}

// unexpected is where messages end that no actor of this kind should get.
func (c *cell) unexpected(message any) {
	c.host.log.Warn("unexpected message", "actor", c.name, "message", fmt.Sprintf("%T", message), "sender", c.context.Sender())
	if request, ok := message.(messages.Refusable); ok {
		request.Refuse(fmt.Errorf("%s does not understand %T", c.name, message))
	}
}

// send has message sent when the current one has been handled.
func (c *cell) send(to *actor.PID, message any) {
	c.out = append(c.out, letter{to: to, message: message})
}

// answer has f called, which answers a caller, behind what was sent before.
func (c *cell) answer(f func()) { c.out = append(c.out, letter{answer: f}) }

// publish has events delivered to the listeners, behind those that were
// published before.
func (c *cell) publish(events ...messages.Event) {
	if n := len(c.out); n > 0 {
		if p, ok := c.out[n-1].message.(*messages.Publish); ok {
			p.Events = append(p.Events, events...)
			return
		}
	}
	c.send(c.host.events, &messages.Publish{Events: events})
}

// leave stops the actor when the current message has been handled.
func (c *cell) leave() { c.leaving = true }

// guard calls f and turns a panic into an error. It is for user code that has
// to be called on an actor's goroutine.
func guard(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &job.PanicError{Value: r, Stack: debug.Stack()}
		}
	}()
	return f()
}
