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
// has slept, is noticed. Clocks without a monotonic reading need no bound:
// their timers follow their wall clock.
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
			t.pending = nil
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
	now := t.host.rt.Now()
	if by := t.jump(now); by != 0 {
		t.send(t.host.scheduler, &messages.Jumped{By: by})
	}
	t.disarm()
	if t.alarm.IsZero() {
		return
	}
	wait := t.alarm.Sub(now)
	if wait <= 0 {
		t.alarm = time.Time{}
		t.send(t.host.scheduler, &messages.Wakeup{})
		return
	}
	if hasMonotonic(now) {
		wait = min(wait, longestSleep)
	}
	t.arm(now, wait)
}

func (t *timer) arm(now time.Time, d time.Duration) {
	t.round++
	round, self, host := t.round, t.self, t.host
	t.armed, t.sleep = reading{now}, d
	t.pending = host.rt.AfterFunc(d, func() { host.post(self, &ring{round}) })
}

func (t *timer) disarm() {
	if t.pending != nil {
		t.pending.Stop()
		t.pending = nil
	}
	t.armed = reading{}
}

// jump returns by how much the wall clock has jumped since the clock timer was
// armed, 0 if it has not.
func (t *timer) jump(now time.Time) time.Duration {
	if t.armed.IsZero() {
		return 0
	}
	by := t.armed.jumped(now, t.sleep)
	if by > smallestJump || by < -smallestJump {
		return by
	}
	return 0
}

// reading is a reading of the clock, with the monotonic part if it has one.
type reading struct{ time.Time }

// jumped compares what has elapsed on the wall with what has elapsed in fact.
// A clock without a monotonic part is known to have jumped if it went backward,
// or if it went further than the timer that was armed to go off after sleep.
func (r reading) jumped(now time.Time, sleep time.Duration) time.Duration {
	wall := now.Round(0).Sub(r.Round(0))
	if elapsed := now.Sub(r.Time); elapsed != wall {
		return wall - elapsed
	}
	switch {
	case wall < 0:
		return wall
	case wall > sleep && !hasMonotonic(now):
		return wall - sleep
	}
	return 0
}

func hasMonotonic(t time.Time) bool { return t != t.Round(0) }
