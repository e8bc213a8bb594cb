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
	})
}

// Alarm looks at the clock every so often, since nobody tells when it is set. A
// clock that only knows the time on the wall needs no looking after: its timers
// follow it.
func (l *live) Alarm(d, longest time.Duration, f func()) clock.Timer {
	if read(l.clock).steady() {
		d = min(d, longest)
	}
	return l.AfterFunc(d, f)
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

// Sent does nothing: the others go on as it is.
func (l *live) Sent() {}

func (l *live) watchdog() clock.Clock { return clock.Real() }

func (l *live) Context() context.Context {
	return job.WithSleeper(context.Background(), l.Sleep)
}

func (l *live) props(c *cell, produce actor.Producer) *actor.Props {
	mailbox := actor.Unbounded()
	if c.errand != nil {
		mailbox = func() actor.Mailbox { return newErrandMailbox(l, c.errand) }
	}
	return actor.PropsFromProducer(produce, actor.WithDispatcher(l), c.strict(mailbox))
}

// Schedule makes live the dispatcher of its actors. An actor whose goroutine
// was ended by runtime.Goexit, in a listener for instance, goes on with another.
func (l *live) Schedule(run func()) {
	l.busy.begin()
	go l.run(run)
}

func (l *live) run(run func()) {
	deepen()
	returned := false
	defer func() {
		if !returned {
			l.Schedule(run)
		}
		l.busy.end()
	}()
	run()
	returned = true
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

// Throughput is how many messages an actor handles before it offers its
// processor to others.
func (l *live) Throughput() int { return 300 }
