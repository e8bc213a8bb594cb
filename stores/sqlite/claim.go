package sqlite

import (
	"context"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/internal/claim"
)

// ClaimDue takes one transaction, and O(log n) for each due job and each run of
// Done. If nothing is due, and nothing done, it writes nothing.
func (s *store) ClaimDue(ctx context.Context, c *stores.Claim) (*stores.Claimed, error) {
	if err := s.lock(ctx, "claim"); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	var claimed *stores.Claimed
	var decision *claim.Decision
	var finished *stores.Finished
	err := s.change(ctx, func() (written bool, err error) {
		if err := s.checkVersion(); err != nil {
			return false, err
		}
		now, err := s.now()
		if err != nil {
			return false, err
		}
		alive, last, err := s.node(c.Node, now)
		switch {
		case err != nil:
			return false, err
		case !alive:
			return false, job.ErrLeaseExpired
		}
		if len(c.Done) > 0 {
			f, err := s.finish(c.Node, c.Done)
			if err != nil {
				return false, err
			}
			finished, written = &f, f.Held > 0
		}
		if s.memory.Repeats(c) || c.Seq != 0 && c.Seq == last {
			claimed, err = s.again(c)
			return written, err
		}
		decision = s.memory.Begin(c, s.alias)
		claimed = decision.Claimed
		claims, err := s.claim(decision, now)
		return written || claims, err
	})
	if err != nil {
		s.calm = calm{until: begun}
		return nil, s.about("claim", "", err)
	}
	if decision != nil {
		s.memory.Keep(decision)
		s.lone.keep(decision)
	}
	claimed.Finished = finished
	return claimed, nil
}

// claim carries out a claim, and reports whether it has written anything.
func (s *store) claim(d *claim.Decision, now int64) (written bool, err error) {
	if err := s.bury(d, now); err != nil {
		return false, err
	}
	if err := s.handOut(d); err != nil {
		return false, err
	}
	if err := s.plan(d); err != nil {
		return false, err
	}
	if written = !d.Empty(); written {
		if err := s.write(d); err != nil {
			return false, err
		}
	}
	return written, s.wakeUp(d)
}
