package postgres

import (
	"github.com/jackc/pgx/v5"

	"github.com/carillon-go/carillon/stores/internal/claim"
)

const runColumns = `
SELECT r.job, r.id, r.instance, r.born, coalesce(r.node, ''), r.attempt, r.scheduled, r.first,
	coalesce(s.gone = 'deleted', s.job IS NULL), coalesce(s.task, ''), coalesce(s.executor, ''), coalesce(s.kind, ''),
	coalesce(s.max_instances, 1), coalesce(s.delivery, ''), s.spec::text
FROM @.run AS r LEFT JOIN @.spec AS s ON s.job = r.job AND s.born = r.born
`

// heldRuns are those that a claim has handed out and that are unfinished.
const heldRuns = runColumns + "WHERE r.node = $1 AND r.claim = $2 ORDER BY r.id"

// buryNodes leaves alone those whose claim is just being written.
const buryNodes = `
UPDATE @.node SET state = 'buried' WHERE name IN (
	SELECT name FROM @.node WHERE state <> 'buried' AND until <= clock_timestamp() FOR UPDATE SKIP LOCKED)
RETURNING name`

const deadRuns = runColumns + "WHERE r.node = ANY($1) ORDER BY r.id FOR UPDATE OF r"

const deleteRuns = `
WITH ended AS (
	DELETE FROM @.run AS r USING unnest($1::text[], $2::bigint[]) AS u (job, id) WHERE r.job = ANY (ARRAY[u.job]) AND r.id = u.id
	RETURNING r.job, r.born, r.last)` + forgetLast

const orphanRuns = "UPDATE @.run AS r SET node = NULL FROM unnest($1::text[], $2::bigint[]) AS u (job, id) WHERE r.job = ANY (ARRAY[u.job]) AND r.id = u.id"

// deleteOrphans ends the runs that were released while their job was deleted.
const deleteOrphans = `
DELETE FROM @.run AS r USING @.spec AS s
WHERE r.node IS NULL AND s.job = r.job AND s.born = r.born AND s.gone = 'deleted'`

// freeInstances are the runs of the first instances that nobody holds and that
// this process knows.
const freeInstances = runColumns + `
WHERE r.node IS NULL AND r.instance <= (
	SELECT max(instance) FROM (
		SELECT DISTINCT r.instance FROM @.run AS r JOIN @.spec AS s ON s.job = r.job AND s.born = r.born
		WHERE r.node IS NULL AND ($1::text[] IS NULL OR task = ANY($1)) AND ($2::text[] IS NULL OR executor = ANY($2))
			AND ($3::text[] IS NULL OR kind = '' OR kind = ANY($3))
		ORDER BY r.instance LIMIT $4) AS first)
	AND ($1::text[] IS NULL OR task = ANY($1)) AND ($2::text[] IS NULL OR executor = ANY($2))
	AND ($3::text[] IS NULL OR kind = '' OR kind = ANY($3))
ORDER BY r.id FOR UPDATE OF r SKIP LOCKED`

// Relieve follows the rules of [claim.Server].
func (k *claiming) Relieve() error {
	if k.Entry.Dead {
		if err := k.bury(); err != nil {
			return err
		}
	}
	if _, err := k.conn.Exec(k.ctx, k.sql(deleteOrphans)); err != nil {
		return err
	}
	known := k.known()
	free, err := k.runs(freeInstances, known.Tasks, known.Executors, known.Triggers, k.Limit+1)
	if err != nil {
		return err
	}
	k.HandOut(free)
	return nil
}

// bury writes at once what becomes of the runs of the dead, since that ends
// waits and makes room for new instances.
func (k *claiming) bury() error {
	found, err := k.conn.Query(k.ctx, k.sql(buryNodes))
	if err != nil {
		return err
	}
	names, err := pgx.CollectRows(found, pgx.RowTo[string])
	if err != nil || len(names) == 0 {
		return err
	}
	held, err := k.runs(deadRuns, names)
	if err != nil {
		return err
	}
	k.Bury(held)
	var b pgx.Batch
	ids, run, _ := runKeys(k.Lost)
	b.Queue(k.sql(deleteRuns), ids, run)
	b.Queue(k.sql(settleJobs), ids)
	ids, run, _ = runKeys(k.Freed)
	b.Queue(k.sql(orphanRuns), ids, run)
	return k.conn.SendBatch(k.ctx, &b).Close()
}

// runs reads runs and what is known of their jobs.
func (k *claiming) runs(query string, arguments ...any) (list []claim.Run, err error) {
	found, err := k.conn.Query(k.ctx, k.sql(query), arguments...)
	if err != nil {
		return nil, err
	}
	for found.Next() {
		var r claim.Run
		var scheduled, first instant
		var s putSettings
		into := []any{&r.JobID, &r.ID, &r.Instance, &r.Born, &r.Node, &r.Attempt, &scheduled, &first, &r.Deleted}
		if err := found.Scan(append(into, s.into()...)...); err != nil {
			return nil, err
		}
		r.JobID, r.Scheduled, r.First = toID(r.JobID), timeOf(scheduled), timeOf(first)
		r.Spec = k.cache.Decode(r.JobID, s.rows())
		list = append(list, r)
	}
	return list, found.Err()
}
