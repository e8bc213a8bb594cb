package clocktest

import (
	"context"
	"fmt"
	"time"

	"github.com/carillon-go/carillon"
)

// Mover is a fake clock: a [*Clock], a *clockwork.FakeClock, or, through
// [ByAdd], a *clock.Mock of github.com/benbjohnson/clock.
type Mover interface {
	Now() time.Time
	Advance(d time.Duration)
}

// Adder is a fake clock that calls it Add.
type Adder interface {
	Now() time.Time
	Add(d time.Duration)
}

// ByAdd makes a Mover of a clock that is moved by Add.
func ByAdd(c Adder) Mover { return byAdd{c} }

type byAdd struct{ Adder }

func (b byAdd) Advance(d time.Duration) { b.Add(d) }

// Advance moves a scheduler's clock forward by d, from one time at which the
// scheduler acts to the next, and lets it do at each all that there is to do:
// when Advance returns, every run that has come due has ended and every event
// is delivered, as if the time had really passed. It returns the cause of
// ctx's end if that comes first, for instance because a job waits for
// something else than carillon.Sleep.
//
// The clock must be the scheduler's own, and be moved by nobody else meanwhile. If
// the scheduler sees another time, the error says so. Others on the same clock
// are not waited for, and lose their leases on stores that outlive them: several
// schedulers on one store are for [Run].
func Advance(ctx context.Context, s *carillon.Scheduler, c Mover, d time.Duration) error {
	return AdvanceTo(ctx, s, c, c.Now().Add(d))
}

// AdvanceTo is [Advance] up to the time t. A t that has passed only lets the
// scheduler settle.
func AdvanceTo(ctx context.Context, s *carillon.Scheduler, c Mover, t time.Time) error {
	for {
		if err := s.Settle(ctx); err != nil {
			return err
		}
		now := c.Now()
		if seen := s.Now(); !seen.Equal(now) {
			return &carillon.FieldError{Field: "Config.Clock", Reason: fmt.Sprintf(
				"shows %s, and the clock that is moved %s; give the scheduler the clock that you move",
				seen.Format(time.RFC3339Nano), now.Format(time.RFC3339Nano))}
		}
		if !t.After(now) {
			return nil
		}
		next, ok := s.NextTimer()
		if !ok || next.After(t) {
			next = t
		}
		if d := next.Sub(now); d > 0 {
			c.Advance(d)
		}
	}
}
