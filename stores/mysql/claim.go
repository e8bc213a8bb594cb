package mysql

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/internal/claim"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

// ClaimDue takes three round trips, and two if nothing is due; some more if a
// scheduler has died or a run is handed out again. Done is recorded first, in a
// transaction of its own, so that nobody waits for its locks while jobs are
// planned.
func (s *store) ClaimDue(ctx context.Context, c *stores.Claim) (*stores.Claimed, error) {
	if err := s.begin(ctx, "claim"); err != nil {
		return nil, err
	}
	if len(c.Done) > 0 {
		return stores.FinishFirst(ctx, s, c)
	}
	var k *claiming
	err := s.transact(ctx, func(t *transaction) error {
		k = &claiming{store: s, transaction: t, Decision: s.memory.Begin(c, s.alias), fit: fit(c.Known, "j"), everLive: map[string]*liveJob{}}
		return k.carryOut()
	})
	switch {
	case errors.Is(err, job.ErrLeaseExpired):
		return nil, about("claim", s.alias, "", err)
	case err != nil:
		return nil, s.fail(ctx, "claim", "", err)
	}
	s.wrote(ctx, k.recorded)
	return k.answer, nil
}

// claiming is one ClaimDue.
type claiming struct {
	*store
	*transaction
	*claim.Decision
	fit    condition
	answer *stores.Claimed

	alive      bool
	answered   sql.NullInt64 // the number of the node's last claim
	dead, free bool          // there are nodes that have died, runs that nobody holds
	buried     bool          // nodes

	schemaVersion int

	page     []claim.Job // locked
	size     int         // how many were asked for
	behind   claim.Job
	unfit    []claim.Job // that this process does not know
	settings map[string]*rows.Settings
	live     map[string]*liveJob
	everLive map[string]*liveJob // those of all pages
	met      []string            // the jobs of all pages
	born     map[string]int64    // of those
	stuck    int                 // those of them that are not to be planned
	number   int64               // the ticket
	ahead    time.Time           // when a job is due that is not yet
	left     time.Time           // when one was due that Limit has left
	missed   bool                // there are due jobs that somebody else has locked
	recorded int
}

// carryOut decides in a transaction.
func (k *claiming) carryOut() error {
	if err := k.look(true); err != nil {
		return err
	}
	if err := k.supports(k.schemaVersion); err != nil {
		return err
	}
	if !k.alive || !k.answered.Valid {
		return job.ErrLeaseExpired
	}
	if k.Seq != 0 && (k.memory.Repeats(k.Claim) || k.answered.Int64 == int64(k.Seq)) {
		return k.repeat()
	}
	if k.dead || k.free {
		if err := k.relieve(); err != nil {
			return err
		}
		if err := k.look(false); err != nil {
			return err
		}
	}
	if err := k.planPages(); err != nil {
		return err
	}
	if err := k.numberRuns(); err != nil {
		return err
	}
	if err := k.write(); err != nil {
		return err
	}
	k.doubt = nil
	k.memory.Keep(k.Decision)
	k.store.stuck = k.stuck
	k.answer = k.Claimed
	return nil
}

// repeat answers a claim that was carried out before.
func (k *claiming) repeat() error {
	held, err := k.readRuns(heldRuns, []byte(k.Node), int64(k.Seq))
	if err != nil {
		return err
	}
	if k.doubt != nil && k.doubt.Node == k.Node && k.doubt.Seq == k.Seq {
		k.memory.Keep(k.doubt) // it was committed, though the answer was lost
	}
	k.doubt = nil
	told := make([]job.Run, len(held))
	for i := range held {
		told[i] = held[i].Told(held[i].Spec, k.alias)
	}
	k.answer = k.memory.Again(k.Claim, told)
	return nil
}

// planPages plans due jobs until Limit is reached, or there are no more.
func (k *claiming) planPages() error {
	for {
		if err := k.load(); err != nil {
			return err
		}
		candidates := k.admit()
		if planned := k.Plan(candidates); planned < len(candidates) {
			k.left = candidates[planned].Next
		}
		switch {
		case k.Claimed.More:
			return nil
		case len(k.page) < k.size:
			return k.tellUnfit()
		}
		k.behind = k.page[len(k.page)-1]
		if err := k.look(false); err != nil {
			return err
		}
	}
}

// admit returns the jobs of the page that are to be planned.
func (k *claiming) admit() (candidates []claim.Job) {
	if k.born == nil {
		k.born = make(map[string]int64, len(k.page))
	}
	for i := range k.page {
		j := &k.page[i]
		k.met = append(k.met, j.ID)
		k.born[j.ID] = j.Born
		if !k.Admits(j) {
			k.stuck++
			continue
		}
		if l := k.live[j.ID]; l != nil {
			j.Live = l.Live
			k.everLive[j.ID] = l
		}
		candidates = append(candidates, *j)
	}
	return candidates
}

// tellUnfit tells of the due jobs that this process does not know.
func (k *claiming) tellUnfit() error {
	var b batch
	if k.loadSpecs(&b, k.unfit); len(b) > 0 {
		if err := k.send(&b); err != nil {
			return err
		}
	}
	k.settle(k.unfit)
	k.Meet(k.unfit)
	return nil
}

// numberRuns gives the new runs their IDs.
func (k *claiming) numberRuns() error {
	n := k.Unnumbered()
	if n == 0 {
		return nil
	}
	ids := make([]int64, n)
	for i := range ids {
		at := i & (1<<runBits - 1)
		if i > 0 && at == 0 { // one ticket is not enough
			var b batch
			b.ticket(&k.number)
			if err := k.send(&b); err != nil {
				return err
			}
		}
		ids[i] = k.number<<runBits + int64(at)
	}
	k.Number(ids)
	return nil
}
