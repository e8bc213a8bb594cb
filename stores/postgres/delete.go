package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

// Delete takes five round trips. Of many jobs it takes one of them for all.
func (s *store) Delete(ctx context.Context, ids ...string) ([]string, error) {
	found, err := s.delete(ctx, "delete", lockIDs, toTexts(ids))
	if err != nil {
		return nil, err
	}
	return rows.Missing(ids, found), nil
}

// DeleteAll takes five round trips.
func (s *store) DeleteAll(ctx context.Context) (int, error) {
	found, err := s.delete(ctx, "delete all", lockAllIDs)
	return len(found), err
}

// delete deletes the jobs that the query finds, and returns their IDs.
func (s *store) delete(ctx context.Context, op, query string, arguments ...any) (found []string, err error) {
	if err := s.Begin(ctx, op); err != nil {
		return nil, err
	}
	err = again(func() error {
		return s.transact(ctx, func(tx pgx.Tx) (err error) {
			found, err = s.deleteFound(ctx, tx, query, arguments...)
			return err
		})
	})
	if err != nil {
		return nil, s.fail(ctx, op, "", err)
	}
	s.wrote(ctx, len(found))
	return found, nil
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

func (t *tables) deleteFound(ctx context.Context, tx pgx.Tx, query string, arguments ...any) (found []string, err error) {
	locked, err := tx.Query(ctx, t.sql(query), arguments...)
	if err != nil {
		return nil, err
	}
	ids, err := pgx.CollectRows(locked, pgx.RowTo[string])
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	var floor int64
	var b pgx.Batch
	b.Queue(t.sql(lockRuns), ids)
	b.Queue(t.sql(deleteJobs), ids).QueryRow(func(row pgx.Row) error { return row.Scan(&floor) })
	b.Queue(t.sql(forgetSpecs), ids)
	records := make([]job.Record, len(ids))
	for i := range ids {
		found = append(found, toID(ids[i]))
		records[i] = job.Record{JobID: found[i], Outcome: job.Removed}
	}
	t.record(&b, records)
	t.notify(&b)
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return nil, err
	}
	_, err = tx.Exec(ctx, t.sql(raiseFloor), floor)
	return found, err
}
