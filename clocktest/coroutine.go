package clocktest

import (
	"context"
	"iter"
	"time"

	"github.com/carillon-go/carillon/actors"
)

// coroutine carries steps that may block: it can be left in the middle of one
// and be gone on with later. One that has come to the end of its step carries
// the next.
type coroutine struct {
	node *node
	task *actors.Task // "go on with the step", for the loop

	next  func() (struct{}, bool)
	stop  func()
	yield func(struct{}) bool

	carried *actors.Task // the step that it is in; nil between two
	more    bool         // what the step has returned

	ctx   context.Context // what it waits for
	ready <-chan struct{}

	bed    bed // where it sleeps
	rested bool
}

func newCoroutine() *coroutine {
	c := &coroutine{}
	c.task = &actors.Task{Step: func() bool { c.resume(); return false }}
	c.next, c.stop = iter.Pull(c.live)
	return c
}

func (c *coroutine) live(yield func(struct{}) bool) {
	c.yield = yield
	for {
		c.more = c.carried.Step()
		c.carried = nil
		if !yield(struct{}{}) {
			return
		}
	}
}

// carry begins a step of one of the node's tasks.
func (c *coroutine) carry(n *node, t *actors.Task) {
	c.node, c.carried, c.task.Name = n, t, t.Name
	c.resume()
}

// resume goes on with the step, up to its end or to where it blocks.
func (c *coroutine) resume() {
	l := c.node.loop
	outer := l.current
	l.current = c
	t := c.carried
	c.next()
	l.current = outer
	if c.carried != nil {
		return // it waits or sleeps
	}
	l.idle = append(l.idle, c)
	if c.more {
		c.node.Ready(t)
	}
}

// wait leaves the step until ready is closed or ctx has ended.
func (c *coroutine) wait(ctx context.Context, ready <-chan struct{}) error {
	l := c.node.loop
	c.ctx, c.ready = ctx, ready
	l.waiting = append(l.waiting, c)
	if !c.leave() {
		return errClosed
	}
	return nil
}

// sleep leaves the step until d has passed or ctx has ended.
func (c *coroutine) sleep(ctx context.Context, d time.Duration) error {
	l := c.node.loop
	c.rested = false
	timer := l.arm(c.node, d, 0, nil)
	timer.sleeper = c
	defer timer.Stop()
	l.sleepers.add(c, ctx.Done())
	switch {
	case !c.leave():
		return errClosed
	case c.rested:
		return nil
	}
	return context.Cause(ctx)
}

// pause leaves the step for others to go on, if they can.
func (c *coroutine) pause() {
	c.node.Ready(c.task)
	c.leave()
}

// leave leaves the step; false: it was not gone on with, but ended.
func (c *coroutine) leave() bool {
	log := c.node.loop.log
	now := log.now
	defer func() { log.now = now }()
	return c.yield(struct{}{})
}

func (c *coroutine) due() bool {
	select {
	case <-c.ready:
		return true
	case <-c.ctx.Done():
		return true
	default:
		return false
	}
}
