package actors

import (
	"context"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"github.com/carillon-go/carillon/clock"
)

// runtime decides how everything that a scheduler sets in motion is run: its
// actors, its goroutines, its timers, its waiting. Nothing else in this package
// knows whether it runs live or step by step in a simulation.
type runtime interface {
	clock.Clock

	// alarm is AfterFunc for the time at which the wall clock shows a certain
	// time, d from now. f is called early, at the latest when longest
	// has elapsed after the wall clock was set.
	alarm(d, longest time.Duration, f func(by *relay)) clock.Timer

	// Go runs f beside everything else.
	Go(f func())

	// Wait blocks the caller, which is no actor, until ready is closed or ctx
	// ends, whose cause it returns.
	Wait(ctx context.Context, ready <-chan struct{}) error

	// rest is Wait for a goroutine that Go has started. It does not count as
	// something that is left to do.
	rest(ctx context.Context, ready <-chan struct{}) error

	// Sleep blocks the caller, a goroutine that Go has started, until d has
	// elapsed or ctx ends, whose cause it returns.
	Sleep(ctx context.Context, d time.Duration) error

	// begin and end enclose something that is done by somebody who is no
	// actor and was not started by Go, and that is to count as something that
	// is left to do.
	begin()
	end()

	// Settle waits until there is nothing left to do at the present time.
	Settle(ctx context.Context) error

	// NextTimer returns when the next timer is due, if that is known.
	NextTimer() (at time.Time, ok bool)

	// send sends a message of an actor's, by its relay.
	send(root *actor.RootContext, to *actor.PID, message any, by *relay)

	// watchdog is the clock that goes on when everything else is stuck.
	watchdog() clock.Clock

	// Context is what the contexts of runs derive from.
	Context() context.Context

	// props are the properties with which the actor of a cell is spawned.
	props(c *cell, produce actor.Producer) *actor.Props
}
