package actors

import (
	"time"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/messages"
)

// timer wakes the scheduler.
//
//	Accepts:       SetAlarm (scheduler), ring (its clock timer)
//	Sends:         Wakeup, Jumped -> scheduler
//	Owns:          the one alarm, the one clock timer
//	Supervised by: the supervisor; a restart loses neither
type timer struct {
	cell

	alarm   time.Time // zero: none
	pending clock.Timer
	armed   reading // when pending was armed
	sleep   time.Duration
	round   uint64 // counts the armings: a ring of an earlier one is stale
}

// ring says that the clock timer has gone off.
type ring struct{ round uint64 }

// longestSleep bounds how late a wall clock that was set, or a machine that
// has slept, is noticed. A clock that only knows the time on the wall needs no
// bound: its timers follow it.
const longestSleep = 30 * time.Second

// smallestJump is what a difference between the wall clock and the elapsed
// time must exceed to count as a jump.
const smallestJump = time.Second

func newTimer(h *host) *timer {
	t := &timer{cell: cell{name: "timer", host: h}}
	t.actor = t
	return t
}

func (t *timer) handle(message any) bool {
	switch m := message.(type) {
	case *messages.SetAlarm:
		t.alarm = m.At
		t.check()
	case *ring:
		if m.round == t.round {
			t.check()
		}
	default:
		return false
	}
	return true
}

func (t *timer) abandon(any, error) {}

// check looks at the clock: it wakes the scheduler if the alarm is due, tells
// it of a jump, and arms the clock timer for what remains.
func (t *timer) check() {
	now := t.read()
	if by := t.jump(now); by != 0 {
		t.send(t.host.scheduler, &messages.Jumped{By: by})
	}
	t.disarm()
	if t.alarm.IsZero() {
		return
	}
	wait := t.alarm.Sub(t.host.rt.Now())
	if wait <= 0 {
		t.alarm = time.Time{}
		t.send(t.host.scheduler, &messages.Wakeup{})
		return
	}
	if now.steady {
		wait = min(wait, longestSleep)
	}
	t.arm(now, wait)
}

func (t *timer) arm(now reading, d time.Duration) {
	t.round++
	round, self, host := t.round, t.self, t.host
	t.armed, t.sleep = now, d
	t.pending = host.rt.AfterFunc(d, func() { host.post(self, &ring{round}) })
}

func (t *timer) disarm() {
	if t.pending != nil {
		t.pending.Stop()
		t.pending = nil
	}
}

// reading is what a clock shows: the time on the wall and, if it is known,
// the time that has really elapsed since some fixed moment.
type reading struct {
	wall    time.Time
	elapsed time.Duration
	steady  bool // elapsed is known
}

func (t *timer) read() reading {
	now := t.host.rt.Now()
	if c, ok := t.host.config.Clock.(clock.Monotonic); ok {
		return reading{now, c.Elapsed(), true}
	}
	return reading{now.Round(0), now.Sub(t.host.born), now != now.Round(0)}
}

// jump returns by how much the wall clock has jumped since the clock timer was
// armed, 0 if it has not. A clock that cannot tell what has elapsed has jumped
// if it went backward, or further than to where it was to ring.
func (t *timer) jump(now reading) (by time.Duration) {
	wall := now.wall.Sub(t.armed.wall)
	switch {
	case t.pending == nil:
		return 0
	case now.steady:
		by = wall - (now.elapsed - t.armed.elapsed)
	case wall < 0:
		by = wall
	case wall > t.sleep:
		by = wall - t.sleep
	}
	if by.Abs() <= smallestJump {
		return 0
	}
	return by
}
