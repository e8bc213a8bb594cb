package mysql

import (
	"context"

	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/internal/claim"
)

// ClaimDue takes three round trips, and two if nothing is due; some more if a
// scheduler has died or a run is handed out again. Done is recorded first, in a
// transaction of its own, so that nobody waits for its locks while jobs are
// planned.
func (s *store) ClaimDue(ctx context.Context, c *stores.Claim) (*stores.Claimed, error) {
	if err := s.Begin(ctx, "claim"); err != nil {
		return nil, err
	}
	if len(c.Done) > 0 {
		return stores.FinishFirst(ctx, s, c)
	}
	var claimed *stores.Claimed
	err := s.transact(ctx, func(t *transaction) (err error) {
		k := &claiming{store: s, transaction: t, Decision: s.memory.Begin(c, s.Alias), fit: fit(c.Known, "j"), unfinished: map[string][]int64{}}
		claimed, err = s.memory.CarryOut(k.Decision, k)
		return err
	})
	if err != nil {
		return nil, s.fail(ctx, "claim", "", err)
	}
	s.wrote(ctx, len(claimed.Lost)+len(claimed.Skipped)+len(claimed.Parked))
	return claimed, nil
}

// claiming is one ClaimDue. It is the [claim.Server] of it.
type claiming struct {
	*store
	*transaction
	*claim.Decision
	fit        condition
	unfinished map[string][]int64 // runs of the jobs of all pages
	number     int64              // a ticket, if it is not 0
}

// Held follows the rules of [claim.Server].
func (k *claiming) Held() ([]claim.Run, error) {
	return k.readRuns(heldRuns, []byte(k.Node), int64(k.Seq))
}

// Block follows the rules of [claim.Server]. Mostly Load has drawn a ticket.
func (k *claiming) Block() (number int64, err error) {
	if number, k.number = k.number, 0; number == 0 {
		var b batch
		b.ticket(&number)
		err = k.send(&b)
	}
	return number, err
}
