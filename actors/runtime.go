package actors

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"github.com/carillon-go/carillon/clock"
)

// runtime decides how everything that a scheduler sets in motion is run: its
// actors, its goroutines, its timers, its waiting. There are two: live, on
// goroutines, and looped, on a [Loop]. Nothing else in this package knows
// which one it is.
type runtime interface {
	clock.Clock

	// Go runs f beside everything else.
	Go(f func())

	// Wait blocks the caller, who is no actor, until ready is closed or ctx
	// ends, whose cause it returns.
	Wait(ctx context.Context, ready <-chan struct{}) error

	// Settle waits until no actor has a message and nothing that was started
	// by Go is left.
	Settle(ctx context.Context) error

	// watchdog is the clock that goes on when everything else is stuck.
	watchdog() clock.Clock

	// props are the properties with which an actor is spawned.
	props(name string, produce actor.Producer, options ...actor.PropsOption) *actor.Props
}

// live runs actors on stock mailboxes and goroutines. It counts what is going
// on, so that Settle can tell when nothing is: an actor with a message always
// has a scheduled mailbox, and a mailbox schedules those that it sends to
// before it ends.
type live struct {
	clock.Clock
	busy busy
}

func newLive(c clock.Clock) *live { return &live{Clock: c} }

func (l *live) AfterFunc(d time.Duration, f func()) clock.Timer {
	return l.Clock.AfterFunc(d, func() {
		l.busy.begin()
		defer l.busy.end()
		f()
	})
}

func (l *live) Go(f func()) {
	l.busy.begin()
	go func() {
		defer l.busy.end()
		f()
	}()
}

func (l *live) Wait(ctx context.Context, ready <-chan struct{}) error {
	select {
	case <-ready:
		return nil
	default:
	}
	select {
	case <-ready:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (l *live) Settle(ctx context.Context) error { return l.busy.wait(ctx) }

func (l *live) watchdog() clock.Clock { return clock.Real() }

func (l *live) props(name string, produce actor.Producer, options ...actor.PropsOption) *actor.Props {
	return actor.PropsFromProducer(produce, append(options, actor.WithDispatcher(l))...)
}

// Schedule makes live the dispatcher of its actors.
func (l *live) Schedule(run func()) { l.Go(run) }

// Throughput is how many messages an actor handles before it offers its
// processor to others.
func (l *live) Throughput() int { return 300 }

// busy counts what is going on and tells when nothing is.
type busy struct {
	count atomic.Int64

	mu   sync.Mutex
	idle chan struct{} // closed when count reaches 0; nil while nobody waits
}

func (b *busy) begin() { b.count.Add(1) }

func (b *busy) end() {
	if b.count.Add(-1) > 0 {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.idle != nil && b.count.Load() == 0 {
		close(b.idle)
		b.idle = nil
	}
}

func (b *busy) wait(ctx context.Context) error {
	b.mu.Lock()
	if b.count.Load() == 0 {
		b.mu.Unlock()
		return nil
	}
	if b.idle == nil {
		b.idle = make(chan struct{})
	}
	idle := b.idle
	b.mu.Unlock()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
