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

// hairbreadth is how far a clock may move while it is read and armed. A fake
// clock can get further than that, or a machine that is very busy.
const hairbreadth = time.Millisecond

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

// check looks at the clock: it tells the scheduler of a jump, or wakes it if the
// alarm is due, and arms the clock timer for what remains.
func (t *timer) check() {
	now := read(t.host.config.Clock)
	if t.pending != nil {
		if by := now.jump(t.armed, t.sleep); by != 0 {
			t.send(t.host.scheduler, &messages.Jumped{By: by})
		}
	}
	for !t.wait(now) {
		now = read(t.host.config.Clock)
	}
}

// wait arms the clock timer for what remains of the wait for the alarm. It
// reports false if somebody has moved the clock meanwhile.
func (t *timer) wait(now reading) bool {
	if t.pending != nil {
		t.pending.Stop()
		t.pending = nil
	}
	if t.alarm.IsZero() {
		return true
	}
	d := t.alarm.Sub(now.at)
	if d <= 0 {
		t.alarm = time.Time{}
		t.send(t.host.scheduler, &messages.Wakeup{})
		return true
	}
	t.arm(now, d)
	return read(t.host.config.Clock).at.Sub(now.at).Abs() < hairbreadth
}

func (t *timer) arm(now reading, d time.Duration) {
	t.round++
	round, self, host := t.round, t.self, t.host
	t.armed, t.sleep = now, d
	t.pending = host.rt.alarm(d, longestSleep, func(by *relay) { host.postBy(by, self, &ring{round}) })
}
