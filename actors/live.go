package actors

import (
	"context"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/executors"
	"github.com/carillon-go/carillon/job"
)

// live runs actors on goroutines. It counts what is going on, so that Settle can
// tell when nothing is: an actor with a message always has a scheduled mailbox,
// and a mailbox schedules those that it sends to before it ends.
type live struct {
	clock  clock.Clock
	busy   busy
	timers timers
	rests  rests
}

func newLive(c clock.Clock) *live { return &live{clock: c, timers: timers{clock: c}} }

func (l *live) Now() time.Time { return l.clock.Now() }

func (l *live) AfterFunc(d time.Duration, f func()) clock.Timer {
	return l.timers.start(d, func() {
		l.busy.begin()
		defer l.busy.end()
		f()
	}, nil)
}

// alarm looks at the clock every so often, since nobody tells when it is set. A
// clock that only knows the time on the wall needs no looking after: its timers
// follow it.
func (l *live) alarm(d, longest time.Duration, f func(*relay)) clock.Timer {
	if read(l.clock).steady() {
		d = min(d, longest)
	}
	var by relay
	return l.timers.start(d, func() {
		l.busy.begin()
		defer l.busy.end()
		f(&by)
	}, func() { l.run(by.take()) })
}

func (l *live) begin() { l.busy.begin() }
func (l *live) end()   { l.busy.end() }

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

func (l *live) rest(ctx context.Context, ready <-chan struct{}) error {
	r := l.rests.begin(ctx, ready)
	defer l.rests.end(r)
	l.busy.end()
	defer l.busy.begin()
	return l.Wait(ctx, ready)
}

// Sleep is a rest, unless a goroutine sleeps that a job has started by itself:
// that does not count in the first place.
func (l *live) Sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 || ctx.Err() != nil {
		return context.Cause(ctx)
	}
	wait := l.Wait
	if executors.InRun() {
		wait = l.rest
	}
	over := make(chan struct{})
	timer := l.AfterFunc(d, func() { close(over) })
	defer timer.Stop()
	return wait(ctx, over)
}

// Settle waits until nothing goes on and nothing is about to: no timer is
// overdue, that is, one that a fake clock has let go off but whose goroutine has
// not begun; and no rest is over whose goroutine does not count again yet.
// While nothing goes on and the clock stands still, neither changes. So it is
// enough to find all of it true in a time in which nothing has begun.
func (l *live) Settle(ctx context.Context) error {
	for {
		if err := l.busy.wait(ctx); err != nil {
			return err
		}
		then := l.busy.now()
		coming := l.timers.overdue()
		if coming == nil {
			coming = l.rests.ending()
		}
		if coming != nil {
			if err := l.Wait(ctx, coming); err != nil {
				return err
			}
		} else if then.idle() && then == l.busy.now() {
			return nil
		}
	}
}

func (l *live) NextTimer() (time.Time, bool) { return l.timers.next() }

// send puts the relay around the message.
func (l *live) send(root *actor.RootContext, to *actor.PID, message any, by *relay) {
	by.message = message
	root.Send(to, by)
	by.message = nil
}

func (l *live) watchdog() clock.Clock { return clock.Real() }

func (l *live) Context() context.Context {
	return job.WithTimeouts(job.WithSleeper(context.Background(), l.Sleep), l.withTimeout)
}

// withTimeout is job.WithTimeout.
func (l *live) withTimeout(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	return clock.WithTimeout(ctx, l, d)
}

func (l *live) props(c *cell, produce actor.Producer) *actor.Props {
	mailbox := func() actor.Mailbox { return &liveMailbox{live: l, cell: c} }
	return actor.PropsFromProducer(produce, c.strict(mailbox))
}

// wake has an actor handle its messages: on the relay's goroutine if it is the
// first there, or else on one of its own.
func (l *live) wake(m *liveMailbox, by *relay) {
	l.busy.begin()
	if by != nil && by.next == nil {
		by.next = m
		return
	}
	l.start(m)
}

// start gives an actor that was woken a goroutine; nil: there is none.
func (l *live) start(m *liveMailbox) {
	if m != nil {
		go l.run(m)
	}
}

// run lends the goroutine to an actor that was woken, and then to what is next.
func (l *live) run(m *liveMailbox) {
	deepen()
	for m != nil {
		m = l.lend(m)
	}
}

// lend lends the goroutine to one actor. If runtime.Goexit ends it, in a listener
// for instance, the actor goes on with another.
func (l *live) lend(m *liveMailbox) (next *liveMailbox) {
	returned := false
	defer func() {
		if !returned {
			l.wake(m, nil)
		}
		l.busy.end()
	}()
	next = m.drain()
	returned = true
	return next
}

// deepen makes the stack of a new goroutine as deep as an actor mostly needs.
// While it is all but empty that costs next to nothing; when it is found to be
// too small in the depth of a store, all of it has to be adjusted, which takes
// longer than to put a job there.
//
//go:noinline
func deepen() {
	var room [6 << 10]byte
	_ = use(&room)
}

//go:noinline
func use(room *[6 << 10]byte) byte { return room[len(room)-1] }
