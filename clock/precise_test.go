package clock_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carillon-go/carillon/clock"
)

func TestPreciseIsNeverEarly(t *testing.T) {
	c := clock.Precise()
	for _, d := range []time.Duration{time.Microsecond, time.Millisecond, 2 * time.Millisecond, 20 * time.Millisecond} {
		begin, fired := c.Now(), make(chan time.Time)
		c.AfterFunc(d, func() { fired <- c.Now() })
		if took := (<-fired).Sub(begin); took < d {
			t.Errorf("a timer of %v has gone off after %v", d, took)
		}
	}
}

func TestPreciseStop(t *testing.T) {
	c := clock.Precise()
	stopped := c.AfterFunc(time.Hour, func() { t.Error("it was stopped") })
	if !stopped.Stop() || stopped.Stop() {
		t.Error("a pending timer can be stopped, once")
	}
	fired := make(chan struct{})
	gone := c.AfterFunc(time.Microsecond, func() { close(fired) })
	<-fired
	if gone.Stop() {
		t.Error("a timer that has gone off was stopped")
	}
}

func BenchmarkLateness(b *testing.B) {
	for name, c := range map[string]clock.Clock{"real": clock.Real(), "precise": clock.Precise()} {
		b.Run(name, func(b *testing.B) {
			var late []time.Duration
			fired := make(chan time.Time)
			for b.Loop() {
				due := c.Now().Add(5 * time.Millisecond)
				c.AfterFunc(5*time.Millisecond, func() { fired <- c.Now() })
				late = append(late, (<-fired).Sub(due))
			}
			slices.Sort(late)
			b.ReportMetric(float64(late[len(late)/2].Nanoseconds())/1e3, "p50-us")
			b.ReportMetric(float64(late[len(late)*99/100].Nanoseconds())/1e3, "p99-us")
		})
	}
}

// In a bubble of testing/synctest, time passes for the machine's clocks as it
// does for package time, however short a timer is.
func TestShortTimersInABubble(t *testing.T) {
	for name, c := range map[string]clock.Clock{"real": clock.Real(), "precise": clock.Precise()} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				for _, d := range []time.Duration{time.Nanosecond, time.Millisecond, time.Hour} {
					begin, fired := c.Now(), make(chan struct{})
					c.AfterFunc(d, func() { close(fired) })
					<-fired
					if took := c.Now().Sub(begin); took != d {
						t.Errorf("a timer of %v has gone off after %v", d, took)
					}
				}
			})
		})
	}
}
