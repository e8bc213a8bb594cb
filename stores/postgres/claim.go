package postgres

import (
	"context"

	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/internal/claim"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

// ClaimDue takes two round trips, with Done too; a further one for jobs whose
// settings were not seen before, and some if a scheduler has died or a run is
// handed out again.
func (s *store) ClaimDue(ctx context.Context, c *stores.Claim) (*stores.Claimed, error) {
	if err := s.Begin(ctx, "claim"); err != nil {
		return nil, err
	}
	claimed, err := s.claim(ctx, c)
	if c.Seq != 0 && s.distrust(ctx, err) {
		claimed, err = s.claim(ctx, c) // which repeats it, if it has been carried out
	}
	if len(c.Done) > 0 && (is(err, lockNotAvailable) || is(err, deadlockDetected)) {
		return stores.FinishFirst(ctx, s, c) // others have waited for what this has ended
	}
	if err != nil {
		return nil, s.fail(ctx, "claim", "", err)
	}
	s.wrote(ctx, len(c.Done)+len(claimed.Lost)+len(claimed.Skipped)+len(claimed.Parked))
	return claimed, nil
}

func (s *store) claim(ctx context.Context, c *stores.Claim) (*stores.Claimed, error) {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Release() // which closes it, if the transaction is not over
	k := &claiming{store: s, Decision: s.memory.Begin(c, s.Alias), ctx: ctx, conn: conn, live: map[string]claim.Live{}}
	claimed, err := s.memory.CarryOut(k.Decision, k)
	if err != nil {
		k.giveUp()
		return nil, err
	}
	if len(c.Done) > 0 {
		claimed.Finished = &k.finished
	}
	return claimed, nil
}

// claiming is one ClaimDue. It is the [claim.Server] of it.
type claiming struct {
	*store
	*claim.Decision
	ctx  context.Context
	conn *pgxpool.Conn

	finished stores.Finished // the answer to Done
	places   []pgtype.TID    // of the rows on all pages, by the Row of their jobs
	live     map[string]claim.Live
	block    int64 // of run IDs, if it is not 0
}

// giveUp ends the transaction without an effect.
func (k *claiming) giveUp() {
	if conn := k.conn.Conn(); !conn.IsClosed() {
		_, _ = conn.Exec(k.ctx, "rollback") // if it fails, Release closes the connection
	}
}

// Held follows the rules of [claim.Server].
func (k *claiming) Held() ([]claim.Run, error) {
	held, err := k.runs(heldRuns, k.Node, int64(k.Seq))
	if err == nil {
		_, err = k.conn.Exec(k.ctx, "commit") // of what has become of Done
	}
	return held, err
}

const findSpecs = `
SELECT s.job, s.task, s.executor, s.kind, s.max_instances, s.delivery, s.spec::text
FROM unnest($1::text[], $2::bigint[]) AS u (job, born) JOIN @.spec AS s ON s.job = ANY (ARRAY[u.job]) AND s.born = u.born`

// Load follows the rules of [claim.Server]. Settings that were seen before need
// not be read.
func (k *claiming) Load() error {
	for i := range k.Page.Jobs {
		j := &k.Page.Jobs[i]
		j.Live = k.live[j.ID]
	}
	missing := claim.Fill(k.cache, k.Page.Jobs, k.Page.Strangers)
	if len(missing) == 0 {
		return nil
	}
	ids, born := make([]string, len(missing)), make([]int64, len(missing))
	for i, j := range missing {
		ids[i], born[i] = toText(j.ID), j.Born
	}
	found, err := k.conn.Query(k.ctx, k.sql(findSpecs), ids, born)
	if err != nil {
		return err
	}
	read := make(map[string]*rows.Settings, len(ids))
	for found.Next() {
		var id string
		var s putSettings
		if err := found.Scan(append([]any{&id}, s.into()...)...); err != nil {
			return err
		}
		read[toID(id)] = s.rows()
	}
	if err := found.Err(); err != nil {
		return err
	}
	missing.Settle(k.cache, read)
	return nil
}

// Block follows the rules of [claim.Server]. Mostly Look has asked for one.
func (k *claiming) Block() (block int64, err error) {
	if block, k.block = k.block, 0; block == 0 {
		err = k.conn.QueryRow(k.ctx, k.sql(nextBlock)).Scan(&block)
	}
	return block, err
}
