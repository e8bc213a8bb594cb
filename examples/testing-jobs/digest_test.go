package main

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
	"github.com/carillon-go/carillon/examples/internal/golden"
	"github.com/carillon-go/carillon/messages"
)

// A scheduler that has been shut down has left nothing behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestOutput(t *testing.T) { golden.Check(t, run) }

// world is what each test begins with: Friday, 2 May 2025, seven o'clock in
// Berlin, a running scheduler, and a digest that remembers what it sends.
type world struct {
	*testing.T
	clock  *clocktest.Clock
	s      *carillon.Scheduler
	digest *digest
	sent   []string // when, and what
	failed []error
	broken int // how many more attempts to send will fail
}

func begin(t *testing.T) *world {
	w := &world{T: t, clock: clocktest.NewClock(time.Date(2025, 5, 2, 5, 0, 0, 0, time.UTC))}
	w.digest = &digest{send: w.send}
	s, err := carillon.New(carillon.Config{Clock: w.clock})
	if err != nil {
		t.Fatal(err)
	}
	w.s = s
	_, err = carillon.On(s, func(e *messages.JobError) { w.failed = append(w.failed, e.Err) })
	if err := errors.Join(err, w.digest.schedule(s), s.Start(t.Context())); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// t.Context() has ended by now, and an ended context would mean: do not wait.
		// The clock is moved, should the job be asleep.
		if err := clocktest.Shutdown(context.Background(), s, w.clock); err != nil {
			t.Error(err)
		}
	})
	return w
}

func (w *world) send(_ context.Context, news []string) error {
	if w.broken > 0 {
		w.broken--
		return errors.New("mail server is down")
	}
	w.sent = append(w.sent, append([]string{w.clock.Now().Format("Mon 15:04")}, news...)...)
	return nil
}

// pass lets time pass. When it returns, all that was due has been done: what
// jobs and listeners have written may be read.
func (w *world) pass(d time.Duration) {
	w.Helper()
	if err := clocktest.Advance(w.Context(), w.s, w.clock, d); err != nil {
		w.Fatal(err)
	}
}

func (w *world) wantSent(want ...string) {
	w.Helper()
	if !slices.Equal(w.sent, want) {
		w.Errorf("sent %q, want %q", w.sent, want)
	}
}

// A schedule is tested by living through it.
func TestSentOnWeekdays(t *testing.T) {
	w := begin(t)
	w.digest.add("first")
	w.pass(24 * time.Hour) // until Saturday
	w.digest.add("second")
	w.pass(24 * time.Hour) // until Sunday
	w.wantSent("Fri 06:00", "first")
	w.pass(24 * time.Hour)
	w.pass(24 * time.Hour)
	w.wantSent("Fri 06:00", "first", "Mon 06:00", "second") // 06:00 UTC is 08:00 in Berlin
}

// A job that waits with carillon.Sleep waits on the fake clock.
func TestTriesAgain(t *testing.T) {
	w := begin(t)
	w.broken = 1
	w.digest.add("news")
	w.pass(time.Hour)
	w.wantSent() // not yet: it is asleep
	w.pass(time.Minute)
	w.wantSent("Fri 06:01", "news")
}

// Errors of jobs are events.
func TestFailureIsReported(t *testing.T) {
	w := begin(t)
	w.broken = 2
	w.digest.add("news")
	w.pass(2 * time.Hour)
	w.wantSent()
	if len(w.failed) != 1 {
		t.Errorf("there were the errors %v, want one", w.failed)
	}
	w.pass(3 * 24 * time.Hour)
	w.wantSent("Mon 06:00", "news") // nothing is lost
}

// What happens on a machine that was asleep: the clock jumps, and nothing was
// done in between.
func TestNotInTheAfternoon(t *testing.T) {
	w := begin(t)
	w.digest.add("news")
	w.clock.Set(w.clock.Now().Add(8 * time.Hour))
	w.pass(0)
	w.wantSent() // missed by seven hours
	w.pass(3 * 24 * time.Hour)
	w.wantSent("Mon 06:00", "news")
}
