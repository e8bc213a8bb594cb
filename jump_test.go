package carillon_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/clocktest"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/stores/memory"
)

// wallClock is a machine's clock: its wall clock can be set, and its timers go by
// the time that has elapsed, whatever the wall clock shows. It checks what it is
// asked for.
type wallClock struct {
	t       testing.TB
	steady  *clocktest.Clock // never set
	born    time.Time
	ahead   atomic.Int64 // of the wall clock, in nanoseconds
	longest atomic.Int64 // timer that was asked for, in nanoseconds
}

var _ clock.Monotonic = (*wallClock)(nil)

func newWallClock(t testing.TB) *wallClock {
	born := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	return &wallClock{t: t, steady: clocktest.NewClock(born), born: born}
}

func (c *wallClock) Now() time.Time { return c.steady.Now().Add(time.Duration(c.ahead.Load())) }

func (c *wallClock) Elapsed() time.Duration { return c.steady.Now().Sub(c.born) }

func (c *wallClock) AfterFunc(d time.Duration, f func()) clock.Timer {
	if d <= 0 {
		c.t.Errorf("a timer of %v", d)
	}
	c.longest.Store(max(c.longest.Load(), int64(d)))
	return c.steady.AfterFunc(d, f)
}

// Advance lets time pass.
func (c *wallClock) Advance(d time.Duration) { c.steady.Advance(d) }

// step sets the wall clock forward or back; so it is after the machine has slept.
func (c *wallClock) step(d time.Duration) { c.ahead.Add(int64(d)) }

// onWallClock runs a test on a wallClock.
func onWallClock(t *testing.T, config carillon.Config, test func(c *wallClock, r *rig)) {
	c := newWallClock(t)
	test(c, newFakeRig(t, c, c, config))
	if longest := time.Duration(c.longest.Load()); longest > 30*time.Second {
		t.Errorf("a timer of %v", longest)
	}
}

// jumps returns by how much the clock has jumped, as far as it was noticed.
func (l *ledger) jumps() (list []time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, event := range l.events {
		if e, ok := event.(*messages.ClockJumped); ok {
			list = append(list, e.By)
		}
	}
	return list
}

// TestClockSteps sets the wall clock while a job waits for its next minute. It is
// noticed in half a minute, and told. What was passed over is due; what has
// moved away is waited for.
func TestClockSteps(t *testing.T) {
	for _, by := range []time.Duration{time.Hour, -time.Hour, 30 * 24 * time.Hour, 2 * time.Second} {
		t.Run(by.String(), func(t *testing.T) {
			onWallClock(t, carillon.Config{}, func(c *wallClock, r *rig) {
				_, err := r.Every(time.Minute, nothing, carillon.Job{ID: "job"})
				r.must(err)
				r.start()
				r.pass(90 * time.Second)
				if n := len(r.results("job")); n != 1 {
					t.Fatalf("%d runs in 90 s", n)
				}
				next := c.Now().Add(30 * time.Second)

				c.step(by)
				r.pass(30 * time.Second)
				if got := fmt.Sprint(r.jumps()); got != fmt.Sprint([]time.Duration{by}) {
					t.Errorf("jumps %v, want %v", got, by)
				}
				if by < 0 {
					r.pass(-by - time.Second)
					if n := len(r.results("job")); n != 1 {
						t.Errorf("%d runs before the time came again", n)
					}
					r.pass(2 * time.Second)
				}
				results := r.results("job")
				if len(results) != 2 {
					t.Fatalf("%d runs in the end, want 2", len(results))
				}
				if by > 0 && by < time.Minute || by < 0 {
					if run := results[1].Run; !run.Scheduled.Equal(next) {
						t.Errorf("the run was for %v, want %v", run.Scheduled, next)
					}
				}
				if late := results[1].Started.Sub(results[1].Run.Scheduled); late > time.Minute || late < 0 {
					t.Errorf("the run began %v late", late)
				}

				before := len(results)
				r.pass(10 * time.Minute)
				if n := len(r.results("job")) - before; n != 10 {
					t.Errorf("%d runs in 10 min", n)
				}
				r.shutdown()
			})
		})
	}
}

// TestClockStepsOverThousands sets the clock ahead, past many run times of jobs
// that coalesce and of one that does not.
func TestClockStepsOverThousands(t *testing.T) {
	onWallClock(t, carillon.Config{}, func(c *wallClock, r *rig) {
		_, err := r.Every(time.Second, nothing, carillon.Job{ID: "latest"})
		r.must(err)
		r.add("all", nothing)
		r.start()
		r.pass(time.Second)
		c.step(2 * time.Hour)
		r.pass(time.Second)
		if n := r.checkOutcomes("all", time.Second, carillon.Executed); n != 7202 {
			t.Errorf("%d run times have had their outcome, want 7202", n)
		}
		results := r.results("latest")
		if n := len(results); n != 2 {
			t.Errorf("%d runs, want 2", n)
		}
		if run := results[1].Run; run.Scheduled.Sub(run.First) != 2*time.Hour {
			t.Errorf("the run was for what came due in %v", run.Scheduled.Sub(run.First))
		}
		r.shutdown()
	})
}

// TestClockStepsBackDuringRetry sets the clock back while a store that has failed
// is left alone: it is asked again when the step is noticed, not an hour later.
func TestClockStepsBackDuringRetry(t *testing.T) {
	tr := &trouble{op: "claim", make: func() error { return errOutOfOrder }}
	config := carillon.Config{Stores: carillon.Stores{"default": hookedStore(memory.Open(), tr.hook)}}
	onWallClock(t, config, func(c *wallClock, r *rig) {
		_, err := r.At(c.Now().Add(-2*time.Hour), nothing, carillon.Job{ID: "job"})
		r.must(err)
		tr.begin()
		r.start()
		r.settle()
		tr.end()
		c.step(-time.Hour)
		r.pass(30 * time.Second)
		r.result("job")
		r.shutdown()
	})
}

// TestClockStepsAtRandom lets time pass and sets the clock, in a random order: no
// run time is lost, and none comes twice.
func TestClockStepsAtRandom(t *testing.T) {
	for seed := range uint64(20) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			onWallClock(t, carillon.Config{}, func(c *wallClock, r *rig) {
				random := rand.New(rand.NewPCG(seed, 0))
				r.add("seconds", nothing)
				job := steady("minutes")
				_, err := r.Crontab("* * * * *", nothing, job)
				r.must(err)
				r.start()
				for range 50 {
					r.pass(time.Duration(random.Int64N(int64(time.Minute))))
					switch random.IntN(5) {
					case 0:
						c.step(time.Duration(random.Int64N(int64(20 * time.Minute))))
					case 1:
						c.step(-time.Duration(random.Int64N(int64(20 * time.Minute))))
					case 2:
						r.must(r.Pause(patience(t)))
					case 3:
						r.must(r.Resume(patience(t)))
					}
				}
				r.must(r.Resume(patience(t)))
				r.pass(2 * time.Minute)
				r.shutdown()
				r.checkOutcomes("seconds", time.Second, carillon.Executed)
				r.checkOutcomes("minutes", time.Minute, carillon.Executed)
				for _, result := range r.results("seconds") {
					if result.Started.Before(result.Run.Scheduled) {
						t.Errorf("the run for %v began at %v", result.Run.Scheduled, result.Started)
					}
				}
			})
		})
	}
}

// TestSteadyClock sets the wall clock back by years under a scheduler that does not
// look at it: its jobs go on, and there is no jump to be told of.
func TestSteadyClock(t *testing.T) {
	c := newWallClock(t)
	r := newFakeRig(t, clock.Steady(c), c.steady, carillon.Config{})
	_, err := r.Every(time.Minute, nothing, carillon.Job{ID: "job"})
	r.must(err)
	r.start()
	r.pass(10 * time.Minute)
	c.step(-4 * 365 * 24 * time.Hour)
	r.pass(10 * time.Minute)
	if n := len(r.results("job")); n != 20 {
		t.Errorf("%d runs in 20 min", n)
	}
	if jumps := r.jumps(); len(jumps) > 0 {
		t.Errorf("jumps %v", jumps)
	}
	r.shutdown()
}

// TestSetBackIsLogged sets the wall clock: back is what keeps jobs waiting.
func TestSetBackIsLogged(t *testing.T) {
	for by, want := range map[time.Duration]string{
		time.Hour:  "",
		-time.Hour: "level=WARN msg=\"clock was set back; jobs wait until it shows their next run times again\" by=-1h0m0s\n",
	} {
		var log bytes.Buffer
		text := slog.NewTextHandler(&log, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		}})
		onWallClock(t, carillon.Config{Logger: slog.New(text)}, func(c *wallClock, r *rig) {
			_, err := r.Every(time.Minute, nothing)
			r.must(err)
			r.start()
			r.pass(time.Second) // or the clock may be set before the scheduler has looked at it
			c.step(by)
			r.pass(30 * time.Second)
			r.shutdown()
		})
		if log.String() != want {
			t.Errorf("set by %v: logged %q, want %q", by, log.String(), want)
		}
	}
}
