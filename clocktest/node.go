package clocktest

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/carillon-go/carillon/actors"
	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/job"
)

// node is the part of a simulation that one scheduler lives in. It implements
// [actors.Loop]. When it has crashed nothing of the scheduler moves any more.
type node struct {
	loop    *loop
	name    string
	crashed bool
	frozen  bool
	held    []*actors.Task // that have become ready while it is frozen
	skew    time.Duration  // by how much its wall clock differs from the others'
	told    *history
}

var _ actors.Loop = (*node)(nil)

// Now returns the time on the node's wall.
func (n *node) Now() time.Time { return n.loop.now().Add(n.skew) }

// Elapsed returns the time that has passed, however the wall clock was set.
func (n *node) Elapsed() time.Duration { return n.loop.elapsed }

// AfterFunc has f called as a step of its own once d has passed.
func (n *node) AfterFunc(d time.Duration, f func()) clock.Timer { return n.loop.arm(n, d, 0, f) }

// Alarm is AfterFunc, but brought forward when the wall clock is set.
func (n *node) Alarm(d, longest time.Duration, f func()) clock.Timer {
	return n.loop.arm(n, d, longest, f)
}

// Ready puts a task among those from which the next step is chosen.
func (n *node) Ready(t *actors.Task) {
	switch {
	case n.crashed:
	case n.frozen:
		n.held = append(n.held, t)
	default:
		n.loop.log.ready(n.name, t.Name)
		n.loop.ready = append(n.loop.ready, readyTask{t, n})
	}
}

func (n *node) freeze() {
	n.frozen = true
	n.loop.ready = slices.DeleteFunc(n.loop.ready, func(t readyTask) bool {
		if t.node == n {
			n.held = append(n.held, t.task)
		}
		return t.node == n
	})
}

func (n *node) thaw() {
	held := n.held
	n.frozen, n.held = false, nil
	for _, t := range held {
		n.Ready(t)
	}
}

// Go makes f a task of its own, which may block.
func (n *node) Go(f func()) {
	n.Ready(&actors.Task{Name: "go", MayBlock: true, Step: func() bool { f(); return false }})
}

// Wait lets everybody else go on until ready is closed or ctx ends. The program
// around the simulation makes the steps itself, and lets time pass when there
// are none.
func (n *node) Wait(ctx context.Context, ready <-chan struct{}) error {
	for {
		select {
		case <-ready:
			return nil
		default:
		}
		switch {
		case n.loop.closed:
			return errClosed
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case n.crashed && n.loop.current == nil:
			return errCrashed
		}
		if err := n.pass(ctx, ready); err != nil {
			return err
		}
	}
}

func (n *node) pass(ctx context.Context, ready <-chan struct{}) error {
	if c := n.loop.current; c != nil {
		return c.wait(ctx, ready)
	}
	if n.loop.step() || n.loop.tick() {
		return nil
	}
	return errDeadlock
}

// Sleep lets d pass.
func (n *node) Sleep(ctx context.Context, d time.Duration) error {
	switch c := n.loop.current; {
	case d <= 0 || ctx.Err() != nil:
		return context.Cause(ctx)
	case n.loop.closed:
		return errClosed
	case c != nil:
		return c.sleep(ctx, d)
	}
	over := make(chan struct{})
	timer := n.AfterFunc(d, func() { close(over) })
	defer timer.Stop()
	return n.Wait(ctx, over)
}

// Settle makes steps until none can be made.
func (n *node) Settle(ctx context.Context) error { return n.loop.settle(ctx) }

// NextTimer returns when the next timer is due, on the node's wall.
func (n *node) NextTimer() (time.Time, bool) {
	at, ok := n.loop.nextTimer()
	return n.Now().Add(at - n.loop.elapsed), ok
}

// Handling writes the message into the log.
func (n *node) Handling(actor string, message any) {
	n.loop.log.handling(n.loop, n.name, actor, message)
	n.told.handling(message)
	if n.loop.sim.Chance(ActorPanic) {
		panic(errFault)
	}
	n.loop.sim.strikeListener(message)
}

// Sent lets others go on between two messages of one step.
func (n *node) Sent() {
	if c := n.loop.current; c != nil && n.loop.yields {
		c.pause()
	}
}

// NewID returns a number from the seed.
func (n *node) NewID() string { return fmt.Sprintf("%016x", n.loop.ids.Uint64()) }

// Context is what the contexts of the node's runs derive from.
func (n *node) Context() context.Context {
	return job.WithTimeouts(job.WithSleeper(context.WithValue(context.Background(), nodeKey{}, n), n.Sleep), n.withTimeout)
}

// withTimeout is job.WithTimeout.
func (n *node) withTimeout(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	return clock.WithTimeout(ctx, n, d)
}

type nodeKey struct{}

// nodeOf returns the node whose clock c is, as a scheduler passes it on.
func nodeOf(c clock.Clock) *node {
	return c.(actors.Loop).Context().Value(nodeKey{}).(*node)
}
