package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/carillon-go/carillon/job"
)

// Delete takes five round trips. Of many jobs it takes one of them for all.
func (s *store) Delete(ctx context.Context, ids ...string) (int, error) {
	if err := s.begin(ctx, "delete"); err != nil {
		return 0, err
	}
	var n int
	err := again(func() error {
		return s.transact(ctx, func(tx pgx.Tx) (err error) {
			n, err = s.delete(ctx, tx, ids)
			return err
		})
	})
	if err != nil {
		return 0, s.fail(ctx, "delete", "", err)
	}
	s.wrote(ctx, n)
	return n, nil
}

const lockIDs = "SELECT id FROM @.job WHERE id = ANY($1) ORDER BY id FOR UPDATE"

const lockAllIDs = "SELECT id FROM @.job ORDER BY id FOR UPDATE"

// lockRuns waits until whoever reports or releases runs of these jobs has done
// so.
const lockRuns = "SELECT id FROM @.run WHERE job = ANY($1) ORDER BY job, id FOR UPDATE"

// deleteJobs ends the runs that nobody holds, and marks the settings of the
// others.
const deleteJobs = `
WITH gone AS (DELETE FROM @.job WHERE id = ANY($1) RETURNING id, born, version),
ended AS (DELETE FROM @.run AS r USING gone WHERE r.job = ANY (ARRAY[gone.id]) AND r.born = gone.born AND r.node IS NULL),
kept AS (UPDATE @.spec AS s SET gone = 'deleted' FROM gone WHERE s.job = ANY (ARRAY[gone.id]) AND s.born = gone.born)
SELECT coalesce(max(version), 0) FROM gone`

// raiseFloor sees to it that new jobs begin with greater versions than those
// had that are gone.
const raiseFloor = "SELECT setval('@.version', $1) WHERE $1 > (SELECT last_value FROM @.version)"

// delete returns how many jobs there were.
func (t *tables) delete(ctx context.Context, tx pgx.Tx, ids []string) (int, error) {
	query, arguments := lockIDs, []any{toTexts(ids)}
	if len(ids) == 0 {
		query, arguments = lockAllIDs, nil
	}
	found, err := tx.Query(ctx, t.sql(query), arguments...)
	if err != nil {
		return 0, err
	}
	if ids, err = pgx.CollectRows(found, pgx.RowTo[string]); err != nil || len(ids) == 0 {
		return 0, err
	}
	var floor int64
	var b pgx.Batch
	b.Queue(t.sql(lockRuns), ids)
	b.Queue(t.sql(deleteJobs), ids).QueryRow(func(row pgx.Row) error { return row.Scan(&floor) })
	b.Queue(t.sql(forgetSpecs), ids)
	records := make([]job.Record, len(ids))
	for i := range ids {
		records[i] = job.Record{JobID: toID(ids[i]), Outcome: job.Removed}
	}
	t.record(&b, records)
	t.notify(&b)
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return 0, err
	}
	_, err = tx.Exec(ctx, t.sql(raiseFloor), floor)
	return len(ids), err
}
