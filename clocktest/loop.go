package clocktest

import (
	"container/heap"
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"time"

	"github.com/carillon-go/carillon/actors"
	"github.com/carillon-go/carillon/clock"
)

// loop is the simulator's heart: one goroutine that makes one step after the
// other. Each step is one message of one actor, one stretch of one job, or one
// timer; which one, the seed decides. Time stands still while a step can be
// made.
//
// It implements [actors.Loop]. It has no locks, so that the race detector
// finds whoever comes from another goroutine.
type loop struct {
	choice *rand.Rand
	ids    *rand.Rand

	elapsed time.Duration
	wall    time.Time // when elapsed is 0

	ready   []*actors.Task
	waiting []*coroutine
	timers  timerHeap
	armed   uint64
	living  map[*coroutine]struct{}
	current *coroutine // whose stretch the present step is; nil for the others

	steps uint64
	limit uint64 // of steps at one instant
	log   *trace
}

var _ actors.Loop = (*loop)(nil)

// errDeadlock means that somebody waits for what can't happen any more.
var errDeadlock = errors.New("simulation: nothing is left that could happen")

// errClosed ends the jobs that are still running when a simulation is closed.
var errClosed = errors.New("simulation: closed")

// Now returns the time on the simulated wall.
func (l *loop) Now() time.Time { return l.wall.Add(l.elapsed) }

// Elapsed returns the time that has passed, however the wall clock was set.
func (l *loop) Elapsed() time.Duration { return l.elapsed }

// AfterFunc has f called as a step of its own once d has passed.
func (l *loop) AfterFunc(d time.Duration, f func()) clock.Timer {
	return l.arm(&simTimer{at: l.elapsed + max(d, 0), f: f})
}

// Alarm is AfterFunc, but brought forward when the wall clock is set.
func (l *loop) Alarm(d, longest time.Duration, f func()) clock.Timer {
	return l.arm(&simTimer{at: l.elapsed + max(d, 0), longest: longest, f: f})
}

func (l *loop) arm(t *simTimer) clock.Timer {
	l.armed++
	t.order = l.armed
	heap.Push(&l.timers, t)
	return t
}

// jump sets the wall clock. Alarms look at it within their longest sleep.
func (l *loop) jump(d time.Duration) {
	l.wall = l.wall.Add(d)
	for _, t := range l.timers {
		if t.longest > 0 {
			t.at = min(t.at, l.elapsed+time.Duration(l.choice.Int64N(int64(t.longest))))
		}
	}
	heap.Init(&l.timers)
}

// Ready puts a task among those from which the next step is chosen.
func (l *loop) Ready(t *actors.Task) { l.ready = append(l.ready, t) }

// NewID returns a number from the seed.
func (l *loop) NewID() string { return fmt.Sprintf("%016x", l.ids.Uint64()) }

// Handling writes the message into the log.
func (l *loop) Handling(actor string, message any) {
	l.log.message(l.steps, l.Now(), actor, message)
}

// step makes one step; false: none can be made at the present time.
func (l *loop) step() bool {
	if len(l.ready) == 0 && !l.wakeWaiting() && !l.releaseTimers() {
		return false
	}
	n := len(l.ready)
	i := 0
	if n > 1 {
		i = l.choice.IntN(n)
	}
	t := l.ready[i]
	l.ready[i] = l.ready[n-1]
	l.ready[n-1] = nil
	l.ready = l.ready[:n-1]
	l.steps++
	outer := l.current
	l.current = nil
	if t.Step() {
		l.Ready(t)
	}
	l.current = outer
	return true
}

// Settle makes steps until none can be made.
func (l *loop) Settle(ctx context.Context) error {
	for from := l.steps; l.step(); {
		if l.steps-from > l.limit {
			return fmt.Errorf("simulation: livelock: %d steps at %v", l.limit, l.Now())
		}
	}
	return context.Cause(ctx)
}

// advance lets time pass up to the given moment.
func (l *loop) advance(ctx context.Context, to time.Duration) error {
	for {
		if err := l.Settle(ctx); err != nil {
			return err
		}
		if len(l.timers) == 0 || l.timers[0].at > to {
			l.elapsed = max(l.elapsed, to)
			return nil
		}
		l.elapsed = max(l.elapsed, l.timers[0].at)
	}
}

// NextTimer returns when the next timer is due, on the wall.
func (l *loop) NextTimer() (time.Time, bool) {
	if len(l.timers) == 0 {
		return time.Time{}, false
	}
	return l.wall.Add(l.timers[0].at), true
}

// releaseTimers makes all timers that are due ready, so that their order among
// each other and among everything else is the seed's choice.
func (l *loop) releaseTimers() (some bool) {
	for len(l.timers) > 0 && l.timers[0].at <= l.elapsed {
		t := heap.Pop(&l.timers).(*simTimer)
		l.Ready(&actors.Task{Name: "timer", Step: t.fire})
		some = true
	}
	return some
}

// Go makes f a coroutine: it runs in stretches, from one Wait or Sleep to the
// next.
func (l *loop) Go(f func()) {
	c := &coroutine{loop: l}
	c.task = &actors.Task{Name: "go", Step: c.step}
	c.next, c.stop = iter.Pull(func(yield func(struct{}) bool) {
		c.yield = yield
		f()
	})
	l.living[c] = struct{}{}
	l.Ready(c.task)
}

// Wait lets everybody else go on until ready is closed or ctx ends. Whoever is
// no coroutine (the program around the simulation, a listener, a job of an
// inline executor) makes the steps itself, and lets time pass when there are
// none.
func (l *loop) Wait(ctx context.Context, ready <-chan struct{}) error {
	for {
		select {
		case <-ready:
			return nil
		default:
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err := l.pass(ctx, ready); err != nil {
			return err
		}
	}
}

func (l *loop) pass(ctx context.Context, ready <-chan struct{}) error {
	if c := l.current; c != nil {
		c.ctx, c.ready = ctx, ready
		l.waiting = append(l.waiting, c)
		if !c.yield(struct{}{}) {
			return errClosed
		}
		return nil
	}
	if l.step() {
		return nil
	}
	if len(l.timers) == 0 {
		return errDeadlock
	}
	l.elapsed = max(l.elapsed, l.timers[0].at)
	return nil
}

// Sleep lets d pass.
func (l *loop) Sleep(ctx context.Context, d time.Duration) error {
	over := make(chan struct{})
	timer := l.AfterFunc(d, func() { close(over) })
	defer timer.Stop()
	return l.Wait(ctx, over)
}

// wakeWaiting makes the coroutines ready that have waited long enough.
func (l *loop) wakeWaiting() (some bool) {
	still := l.waiting[:0]
	for _, c := range l.waiting {
		if c.due() {
			l.Ready(c.task)
			some = true
		} else {
			still = append(still, c)
		}
	}
	clear(l.waiting[len(still):])
	l.waiting = still
	return some
}

// close ends the coroutines that are still waiting for something.
func (l *loop) close() {
	for c := range l.living {
		c.stop()
	}
	clear(l.living)
}

// coroutine is a goroutine of the simulated scheduler: a pool's worker with
// the job that it executes, a shutdown.
type coroutine struct {
	loop *loop
	task *actors.Task

	next  func() (struct{}, bool)
	stop  func()
	yield func(struct{}) bool

	ctx   context.Context // what it waits for
	ready <-chan struct{}
}

// step runs it up to its next Wait, which sees to it that it becomes ready
// again.
func (c *coroutine) step() (more bool) {
	c.loop.current = c
	if _, waits := c.next(); !waits {
		delete(c.loop.living, c)
	}
	return false
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
