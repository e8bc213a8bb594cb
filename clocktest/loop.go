package clocktest

import (
	"container/heap"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/carillon-go/carillon/actors"
)

// loop is the simulator's heart: one goroutine that makes one step after the
// other. Each step is one message of one actor, one stretch of one job, or one
// timer; which one, the seed decides. Time stands still while a step can be
// made.
//
// It has no locks, so that the race detector finds whoever comes from another
// goroutine.
type loop struct {
	sim    *Sim
	chance *rand.Rand
	choose chooser
	ids    *rand.Rand

	elapsed time.Duration
	wall    time.Time // when elapsed is 0

	ready  []readyTask
	timers timerHeap
	armed  uint64

	current  *coroutine // that carries the present step; nil if none does
	waiting  []*coroutine
	sleepers sleepers
	idle     []*coroutine
	all      []*coroutine
	closed   bool
	bubble   *bubble // nil: jobs are coroutines

	steps  uint64
	limit  uint64 // of steps at one instant
	yields bool   // between two sends
	log    *trace
}

// readyTask is a task that can make a step.
type readyTask struct {
	task *actors.Task
	node *node
}

func (t readyTask) name() string { return t.node.name + "/" + t.task.Name }

var (
	// errDeadlock means that somebody waits for what can't happen any more.
	errDeadlock = errors.New("simulation: nothing is left that could happen")

	// errClosed ends what is still blocked when a simulation is closed.
	errClosed = errors.New("simulation: closed")

	// errCrashed is the answer of a scheduler that has crashed.
	errCrashed = errors.New("simulation: the scheduler has crashed")
)

func (l *loop) now() time.Time { return l.wall.Add(l.elapsed) }

func (l *loop) arm(n *node, d, longest time.Duration, f func()) *simTimer {
	l.armed++
	t := &simTimer{node: n, at: l.elapsed + max(d, 0), order: l.armed, longest: longest, f: f}
	heap.Push(&l.timers, t)
	return t
}

// jump sets the wall clock. Alarms look at it within their longest sleep.
func (l *loop) jump(d time.Duration) {
	l.wall = l.wall.Add(d)
	for _, t := range l.timers {
		if t.longest > 0 {
			t.at = min(t.at, l.elapsed+time.Duration(l.chance.Int64N(int64(t.longest))))
		}
	}
	heap.Init(&l.timers)
}

// step makes one step; false: none can be made at the present time.
func (l *loop) step() bool {
	for len(l.ready) == 0 {
		if l.bubble != nil {
			l.bubble.rest()
		}
		if !l.wakeWaiting() && !l.releaseTimers() {
			return false
		}
	}
	t := l.take()
	l.steps++
	l.log.step()
	if t.node.crashed {
		return true
	}
	outer := l.current
	l.current = nil
	switch {
	case t.task.MayBlock || l.yields:
		l.coroutine().carry(t.node, t.task)
	case t.task.Step():
		t.node.Ready(t.task)
	}
	l.current = outer
	return true
}

// take takes one of the tasks that are ready.
func (l *loop) take() readyTask {
	n := len(l.ready)
	i := 0
	if n > 1 {
		i = l.choose(l.ready)
	}
	t := l.ready[i]
	l.ready[i] = l.ready[n-1]
	l.ready[n-1] = readyTask{}
	l.ready = l.ready[:n-1]
	return t
}

func (l *loop) coroutine() *coroutine {
	if n := len(l.idle); n > 0 {
		c := l.idle[n-1]
		l.idle = l.idle[:n-1]
		return c
	}
	c := newCoroutine()
	l.all = append(l.all, c)
	return c
}

// settle makes steps until none can be made.
func (l *loop) settle(ctx context.Context) error {
	for from := l.steps; l.step(); {
		if err := l.sim.Err(); err != nil {
			return err
		}
		if l.steps-from > l.limit {
			return fmt.Errorf("simulation: livelock: %d steps at %v", l.limit, l.now())
		}
	}
	return context.Cause(ctx)
}

// advance lets time pass up to the given moment.
func (l *loop) advance(ctx context.Context, to time.Duration) error {
	for {
		if err := l.settle(ctx); err != nil {
			return err
		}
		if at, ok := l.nextTimer(); ok && at <= to {
			l.tick()
		} else if l.pass(to) {
			return nil
		}
	}
}

// nextTimer returns when the next timer is due.
func (l *loop) nextTimer() (time.Duration, bool) {
	for len(l.timers) > 0 && l.timers[0].dead() {
		heap.Pop(&l.timers)
	}
	if len(l.timers) == 0 {
		return 0, false
	}
	return l.timers[0].at, true
}

// tick lets time pass until the next timer is due; false: there is none.
func (l *loop) tick() bool {
	at, ok := l.nextTimer()
	if !ok && l.bubble != nil && l.bubble.running > 0 {
		at, ok = l.elapsed+never, true
	}
	l.pass(at)
	if l.sim.Chance(WallJump) {
		l.jump(l.sim.fate.length(WallJump, 2*farthest) - farthest)
	}
	return ok
}

// pass lets time pass up to the given moment; false: something has happened
// before.
func (l *loop) pass(to time.Duration) bool {
	if l.bubble != nil && to > l.elapsed {
		l.elapsed = l.bubble.pass(to)
	} else {
		l.elapsed = max(l.elapsed, to)
	}
	return l.elapsed >= to
}

// farthest is by how much a fault sets the wall clock at the most.
const farthest = time.Hour

// releaseTimers makes all timers that are due ready, so that their order among
// each other and among everything else is the seed's choice.
func (l *loop) releaseTimers() (some bool) {
	for at, ok := l.nextTimer(); ok && at <= l.elapsed; at, ok = l.nextTimer() {
		t := heap.Pop(&l.timers).(*simTimer)
		if c := t.sleeper; c != nil {
			c.rested = true
			l.sleepers.wake(c)
		} else {
			t.node.Ready(&actors.Task{Name: "timer", Step: t.fire})
		}
		some = true
	}
	return some
}

// wakeWaiting makes the coroutines ready that have waited long enough.
func (l *loop) wakeWaiting() (some bool) {
	some = l.sleepers.wakeEnded()
	still := l.waiting[:0]
	for _, c := range l.waiting {
		switch {
		case c.node.crashed:
		case c.due():
			c.node.Ready(c.task)
			some = true
		default:
			still = append(still, c)
		}
	}
	clear(l.waiting[len(still):])
	l.waiting = still
	return some
}

// close ends what is still blocked. What goes on then must not block again.
func (l *loop) close() {
	l.closed = true
	for _, c := range l.all {
		c.stop()
	}
	l.waiting, l.sleepers, l.idle, l.all = nil, sleepers{}, nil, nil
}
