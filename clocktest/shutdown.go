package clocktest

import (
	"context"
	"runtime"

	"github.com/carillon-go/carillon"
)

// Shutdown shuts a scheduler down, as its method of this name does, and moves
// its clock meanwhile, for as long as jobs sleep or pause: so these come to
// their ends. The method alone waits for them until somebody moves the clock,
// which in a test nobody does. The clock is that of [Advance].
func Shutdown(ctx context.Context, s *carillon.Scheduler, c Mover) error {
	ended := make(chan error, 1)
	go func() { ended <- s.Shutdown(ctx) }()
	for {
		select {
		case err := <-ended:
			return err
		default:
			runtime.Gosched()
		}
		if s.State() != carillon.Stopped {
			continue // it has not begun: moving the clock would begin more runs
		}
		if s.Settle(ctx) != nil {
			return <-ended
		}
		if next, ok := s.NextTimer(); ok && next.After(c.Now()) {
			c.Advance(next.Sub(c.Now()))
		}
	}
}
