package clock_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/carillon-go/carillon/clock"
)

// settable is a clock that can be set, and tells what has elapsed.
type settable struct {
	clock.Clock
	born  time.Time
	ahead time.Duration
}

func (s *settable) Now() time.Time         { return s.Clock.Now().Add(s.ahead) }
func (s *settable) Elapsed() time.Duration { return s.Clock.Now().Sub(s.born) }

func TestSteadyIsNotSet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &settable{Clock: clock.Real(), born: time.Now(), ahead: time.Hour}
		time.Sleep(time.Minute)
		steady := clock.Steady(c)
		start := c.Now()
		for _, by := range []time.Duration{-4 * 365 * 24 * time.Hour, time.Hour, 200 * 365 * 24 * time.Hour} {
			c.ahead += by
			time.Sleep(time.Minute)
		}
		if elapsed := steady.Now().Sub(start); elapsed != 3*time.Minute {
			t.Errorf("%v have elapsed, want 3 min", elapsed)
		}
	})
}

// TestSteadyOfOthers has clocks that are not set: it shows the same.
func TestSteadyOfOthers(t *testing.T) {
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, advance := kind.make()
				steady := clock.Steady(c)
				advance(time.Minute)
				if got, want := steady.Now(), c.Now(); !got.Equal(want) {
					t.Errorf("shows %v, want %v", got, want)
				}
				rung := make(chan struct{})
				steady.AfterFunc(time.Second, func() { close(rung) })
				advance(time.Second)
				<-rung
			})
		})
	}
}

func TestSteadyResolution(t *testing.T) {
	for _, c := range []clock.Clock{clock.Real(), clock.Precise(), &settable{Clock: clock.Real()}} {
		if got, want := clock.Resolution(clock.Steady(c)), clock.Resolution(c); got != want {
			t.Errorf("%v, want %v", got, want)
		}
	}
}
