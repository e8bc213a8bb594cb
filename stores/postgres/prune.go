package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
)

const (
	pruneBatch = 4 // times as many records are looked at as were written
)

// pruneEvery is after how many records the history is pruned: when there is a
// twentieth more than is kept.
func (t *tables) pruneEvery() int { return min(max(1000, t.keep.Count/20), 10_000) }

// pruneHistory goes no further than the oldest $3 records.
const pruneHistory = `
DELETE FROM @.history
WHERE seq <= (SELECT max(seq) FROM (SELECT seq FROM @.history ORDER BY seq LIMIT $3) AS oldest)
	AND (at < clock_timestamp() - $1::interval OR seq <= (SELECT max(seq) FROM @.history) - $2)`

// pruneSpecs removes what was left when a job ended while its last run did.
const pruneSpecs = `
DELETE FROM @.spec AS s WHERE gone IS NOT NULL AND NOT EXISTS (SELECT FROM @.run WHERE job = ANY (ARRAY[s.job]) AND born = s.born)`

// pruneNames removes names that nobody remembers.
const pruneNames = `
WITH old AS (DELETE FROM @.node WHERE state = 'buried' AND until < clock_timestamp() - interval '30 days' RETURNING name)
DELETE FROM @.answer USING old WHERE node = name`

// wrote looks after the tables now and then; n more records have been written.
// What goes wrong with that is not the fault of the operation, and is tried
// again.
func (s *store) wrote(ctx context.Context, n int) {
	due, all := s.chores.Due(n, s.pruneEvery(), s.Clock.Now())
	if !due {
		return
	}
	var b pgx.Batch
	if s.recording() {
		b.Queue(s.sql(pruneHistory), s.age(), s.keep.Count, pruneBatch*s.pruneEvery())
	}
	if all {
		b.Queue(s.sql(pruneSpecs))
		b.Queue(s.sql(pruneNames))
	}
	if err := s.pool.SendBatch(ctx, &b).Close(); err != nil && ctx.Err() == nil {
		s.Log.WarnContext(ctx, "old records could not be removed", "err", err)
	}
}
