package clock_test

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	bclock "github.com/benbjohnson/clock"
	"github.com/jonboulle/clockwork"

	"github.com/carillon-go/carillon/clock"
)

// real is the shape of Source, with the machine's time behind it.
type real struct{}

func (real) Now() time.Time                                  { return time.Now() }
func (real) AfterFunc(d time.Duration, f func()) *time.Timer { return time.AfterFunc(d, f) }

// kinds are the clocks that the tests go through, each with the way to move it.
// They are made inside a bubble, where the machine's time is fake as well.
var kinds = []struct {
	name string
	make func() (c clock.Clock, advance func(time.Duration))
}{
	{"Real", func() (clock.Clock, func(time.Duration)) { return clock.Real(), time.Sleep }},
	{"From time", func() (clock.Clock, func(time.Duration)) { return clock.From(real{}), time.Sleep }},
	{"From clockwork", func() (clock.Clock, func(time.Duration)) {
		fake := clockwork.NewFakeClock()
		return clock.From(fake), fake.Advance
	}},
	{"From benbjohnson", func() (clock.Clock, func(time.Duration)) {
		mock := bclock.NewMock()
		return clock.From(mock), mock.Add
	}},
}

// eachClock calls test with each kind of clock, in a bubble of its own. Its
// advance returns when everything that the new time has set off is at rest.
func eachClock(t *testing.T, test func(t *testing.T, c clock.Clock, advance func(time.Duration))) {
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, advance := kind.make()
				test(t, c, func(d time.Duration) {
					advance(d)
					synctest.Wait()
				})
			})
		})
	}
}

func TestNow(t *testing.T) {
	eachClock(t, func(t *testing.T, c clock.Clock, advance func(time.Duration)) {
		before := c.Now()
		advance(90 * time.Minute)
		if passed := c.Now().Sub(before); passed != 90*time.Minute {
			t.Errorf("Now moved by %v, want 1h30m", passed)
		}
	})
}

func TestAfterFunc(t *testing.T) {
	eachClock(t, func(t *testing.T, c clock.Clock, advance func(time.Duration)) {
		var calls atomic.Int32
		timer := c.AfterFunc(time.Minute, func() { calls.Add(1) })

		advance(time.Minute - time.Nanosecond)
		if calls.Load() != 0 {
			t.Fatal("f was called before its time")
		}
		advance(time.Nanosecond)
		if n := calls.Load(); n != 1 {
			t.Fatalf("f was called %d times at its time, want once", n)
		}
		if timer.Stop() {
			t.Error("Stop reports that it prevented a call that has been made")
		}
	})
}

func TestTimerStop(t *testing.T) {
	eachClock(t, func(t *testing.T, c clock.Clock, advance func(time.Duration)) {
		timer := c.AfterFunc(time.Minute, func() { t.Error("f was called after Stop") })
		if !timer.Stop() {
			t.Error("Stop reports that the call was not pending")
		}
		if timer.Stop() {
			t.Error("the second Stop reports that it prevented the call")
		}
		advance(time.Hour)
	})
}
