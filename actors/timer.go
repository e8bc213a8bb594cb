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
//	Supervised by: the supervisor; a panic loses neither
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
// has slept, is noticed.
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

// abandon has the scheduler look what is due. It sets the alarm anew when it has.
func (t *timer) abandon(any, error) {
	t.alarm = time.Time{}
	t.send(t.host.scheduler, &messages.Wakeup{})
}

// check looks at the clock: it wakes the scheduler if the alarm is due, tells
// it of a jump, and arms the clock timer for what remains.
func (t *timer) check() {
	now := read(t.host.config.Clock)
	if t.pending != nil {
		if by := now.jump(t.armed, t.sleep); by != 0 {
			t.send(t.host.scheduler, &messages.Jumped{By: by})
		}
		t.pending.Stop()
		t.pending = nil
	}
	if t.alarm.IsZero() {
		return
	}
	wait := t.alarm.Sub(now.at)
	if wait <= 0 {
		t.alarm = time.Time{}
		t.send(t.host.scheduler, &messages.Wakeup{})
		return
	}
	t.arm(now, wait)
}

func (t *timer) arm(now reading, d time.Duration) {
	t.round++
	round, self, host := t.round, t.self, t.host
	t.armed, t.sleep = now, d
	t.pending = host.rt.Alarm(d, longestSleep, func() { host.post(self, &ring{round}) })
}
