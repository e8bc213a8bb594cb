package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

const alive = "EXISTS (SELECT FROM @.node WHERE name = $1 AND state = 'alive' AND until > clock_timestamp())"

// forgetLast deletes the settings of jobs that have ended with one of the runs
// that were ended.
const forgetLast = `
DELETE FROM @.spec AS s USING ended AS e WHERE e.last AND s.job = ANY (ARRAY[e.job]) AND s.born = e.born`

// endRuns deletes the runs that the node still holds.
const endRuns = `
WITH ended AS (
	DELETE FROM @.run AS r USING unnest($2::text[], $3::bigint[], $4::integer[]) AS d (job, id, attempt)
	WHERE r.job = ANY (ARRAY[d.job]) AND r.id = d.id AND r.attempt = d.attempt AND r.node = $1 AND ` + alive + `
	RETURNING r.job, r.born, r.last),
forgotten AS (` + forgetLast + `)
SELECT FROM ended`

// recordRuns does so, and writes the history. Lists in a SELECT list are walked
// together; in a FROM each of them would be copied first.
const recordRuns = `
WITH ended AS (
	DELETE FROM @.run AS r
	USING (SELECT unnest($2::text[]) AS job, unnest($3::bigint[]) AS id, unnest($4::integer[]) AS attempt, unnest($5::text[]) AS outcome,
		unnest($6::timestamptz[]) AS started, unnest($7::timestamptz[]) AS finished, unnest($8::text[]) AS reason) AS d
	WHERE r.job = ANY (ARRAY[d.job]) AND r.id = d.id AND r.attempt = d.attempt AND r.node = $1 AND ` + alive + `
	RETURNING r.job, r.id, r.attempt, r.scheduled, r.first, r.born, r.last, d.outcome, d.started, d.finished, d.reason),
forgotten AS (` + forgetLast + `)
INSERT INTO @.history (job, outcome, scheduled, first, run, attempt, node, started, finished, reason)
SELECT job, outcome, scheduled, first, id, attempt, $1, started, finished, reason FROM ended`

// freeRuns gives back runs, of which those of deleted jobs end. Each is returned
// with its time if it is to be handed out again.
const freeRuns = `
WITH given AS (
	SELECT r.job, r.id, r.scheduled, EXISTS (
		SELECT FROM @.spec AS s WHERE s.job = r.job AND s.born = r.born AND s.gone = 'deleted') AS deleted
	FROM unnest($2::text[], $3::bigint[], $4::integer[]) AS d (job, id, attempt)
	JOIN @.run AS r ON r.job = ANY (ARRAY[d.job]) AND r.id = d.id AND r.attempt = d.attempt AND r.node = $1
	WHERE ` + alive + ` FOR UPDATE OF r),
ended AS (DELETE FROM @.run AS r USING given AS g WHERE r.job = ANY (ARRAY[g.job]) AND r.id = g.id AND g.deleted),
free AS (UPDATE @.run AS r SET node = NULL FROM given AS g WHERE r.job = ANY (ARRAY[g.job]) AND r.id = g.id AND NOT g.deleted)
SELECT CASE WHEN NOT deleted THEN scheduled END FROM given`

// wakeJobs ends the wait of jobs of which an instance has ended. Mostly no job
// waits at all: then it looks for none of these.
const wakeJobs = `
UPDATE @.job AS j SET waiting = 0
WHERE EXISTS (SELECT FROM @.job WHERE waiting > 0) AND waiting > 0 AND id = ANY($1) AND (SELECT count(DISTINCT instance) FROM @.run WHERE job = j.id) < waiting
RETURNING next`

// forgetSpecs deletes settings that nobody needs any more. Mostly there are
// none of jobs that are gone: then it looks for none of these.
const forgetSpecs = `
DELETE FROM @.spec AS s
WHERE EXISTS (SELECT FROM @.spec WHERE gone IS NOT NULL) AND gone IS NOT NULL AND job = ANY($1) AND NOT EXISTS (SELECT FROM @.run WHERE job = ANY (ARRAY[s.job]) AND born = s.born)`

// settleJobs is what follows for jobs when runs of theirs have ended.
const settleJobs = "WITH forgotten AS (" + forgetSpecs + ")" + wakeJobs

// Finish takes one round trip.
func (s *store) Finish(ctx context.Context, node string, done []stores.Done) (f stores.Finished, err error) {
	if err := s.Begin(ctx, "finish"); err != nil {
		return f, err
	}
	if len(done) == 0 {
		return f, nil
	}
	b := s.batch()
	s.finish(b, node, done, &f)
	if err := s.pool.SendBatch(ctx, b).Close(); err != nil {
		return stores.Finished{}, s.fail(ctx, "finish", "", err)
	}
	s.wrote(ctx, len(done))
	return f, nil
}

// finish adds to a batch what Finish does.
func (s *store) finish(b *pgx.Batch, node string, done []stores.Done, f *stores.Finished) {
	ids := make([]string, len(done))
	var ended, released []stores.Done
	for i := range done {
		ids[i] = toText(done[i].JobID)
		if done[i].Outcome == job.Released {
			released = append(released, done[i])
		}
	}
	if ended = done; len(released) > 0 {
		ended = unreleased(done)
	}
	s.end(b, node, ended, f)
	s.free(b, node, released, f)
	b.Queue(s.sql(settleJobs), ids).Query(wakes(&f.Next))
}

func unreleased(done []stores.Done) (ended []stores.Done) {
	for i := range done {
		if done[i].Outcome != job.Released {
			ended = append(ended, done[i])
		}
	}
	return ended
}

// end reports runs.
func (s *store) end(b *pgx.Batch, node string, done []stores.Done, f *stores.Finished) {
	n := len(done)
	if n == 0 {
		return
	}
	ids, run, attempt := attempts(done)
	held := func(tag pgconn.CommandTag) error {
		f.Held += int(tag.RowsAffected())
		return nil
	}
	if !s.recording() {
		b.Queue(s.sql(endRuns), node, ids, run, attempt).Exec(held)
		return
	}
	outcome, reason := make([]string, n), make([]string, n)
	started, finished := make([]instant, n), make([]instant, n)
	for i := range done {
		d := &done[i]
		outcome[i], reason[i], started[i], finished[i] = d.Outcome.String(), text(d.Err), exact(d.Started), exact(d.Finished)
	}
	b.Queue(s.sql(recordRuns), node, ids, run, attempt, outcome, started, finished, reason).Exec(held)
}

// attempts are columns of what is done.
func attempts(done []stores.Done) (ids []string, run []int64, attempt []int) {
	n := len(done)
	ids, run, attempt = make([]string, n), make([]int64, n), make([]int, n)
	for i := range done {
		ids[i], run[i], attempt[i] = toText(done[i].JobID), done[i].RunID, done[i].Attempt
	}
	return ids, run, attempt
}

// free gives runs back.
func (s *store) free(b *pgx.Batch, node string, done []stores.Done, f *stores.Finished) {
	if len(done) == 0 {
		return
	}
	ids, run, attempt := attempts(done)
	b.Queue(s.sql(freeRuns), node, ids, run, attempt).Query(func(given pgx.Rows) error {
		for given.Next() {
			f.Held++
			var due instant
			if err := given.Scan(&due); err != nil {
				return err
			}
			f.Next = rows.Earlier(f.Next, timeOf(due))
		}
		return given.Err()
	})
	s.notify(b)
}

// wakes makes next the earliest of the times that are read, unless it is
// earlier.
func wakes(next *time.Time) func(pgx.Rows) error {
	return func(woken pgx.Rows) error {
		for woken.Next() {
			var due instant
			if err := woken.Scan(&due); err != nil {
				return err
			}
			*next = rows.Earlier(*next, timeOf(due))
		}
		return woken.Err()
	}
}
