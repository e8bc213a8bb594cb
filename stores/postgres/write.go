package postgres

import (
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/carillon-go/carillon/stores/internal/claim"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

const insertRuns = `
INSERT INTO @.run (job, id, instance, born, node, claim, attempt, scheduled, first, last)
SELECT unnest($3::text[]), unnest($4::bigint[]), unnest($5::bigint[]), unnest($6::bigint[]), $1, $2, 1,
	unnest($7::timestamptz[]), unnest($8::timestamptz[]), unnest($9::boolean[])`

// moveJobs finds the rows where they were when they were locked, and fails the
// transaction if one of them is not there.
const moveJobs = `
WITH moved AS (
	UPDATE @.job AS j SET version = u.version, next = u.next
	FROM unnest($1::text[], $2::bigint[], $3::timestamptz[], $4::tid[]) AS u (id, version, next, place)
	WHERE j.ctid = u.place AND j.id = ANY (ARRAY[u.id]) RETURNING 1)
SELECT 1 / (count(*) = cardinality($1))::integer FROM moved`

// holdJobs moves jobs that wait. It comes after lockRuns, so that nobody ends a
// run between that is waited for.
const holdJobs = `
UPDATE @.job AS j SET version = u.version, next = u.next,
	waiting = (SELECT count(DISTINCT instance) FROM @.run WHERE job = j.id)
FROM unnest($1::text[], $2::bigint[], $3::timestamptz[]) AS u (id, version, next) WHERE j.id = ANY (ARRAY[u.id])`

// dropJobs is for jobs that end with the one unfinished run that they have. It
// finds them as moveJobs does.
const dropJobs = `
WITH dropped AS (DELETE FROM @.job WHERE ctid = ANY($1::tid[]) RETURNING 1)
SELECT 1 / (count(*) = cardinality($1::tid[]))::integer FROM dropped`

const endJobs = `
WITH gone AS (DELETE FROM @.job WHERE id = ANY($1) RETURNING id, born)
UPDATE @.spec AS s SET gone = 'ended' FROM gone WHERE s.job = ANY (ARRAY[gone.id]) AND s.born = gone.born`

const takeRuns = `
UPDATE @.run AS r SET node = $1, claim = $2, attempt = u.attempt
FROM unnest($3::text[], $4::bigint[], $5::integer[]) AS u (job, id, attempt) WHERE r.job = ANY (ARRAY[u.job]) AND r.id = u.id`

const putNumber = "UPDATE @.answer SET claim = $2 WHERE node = $1"

// findMissed reports whether more than $5 jobs are due.
const findMissed = "SELECT count(*) > $5 FROM (SELECT FROM @.job WHERE " + due + " AND " + fit + " LIMIT $5::bigint + 1) AS found"

// Write follows the rules of [claim.Server], in one round trip.
func (k *claiming) Write() (missed bool, err error) {
	var b pgx.Batch
	k.writeRuns(&b)
	k.writeMoves(&b)
	k.record(&b, k.Records(time.Time{}))
	if !k.Claimed.More {
		known := k.known()
		b.Queue(k.sql(findMissed), instantOf(k.Now), known.Tasks, known.Executors, known.Triggers, k.StillDue()).
			QueryRow(func(row pgx.Row) error { return row.Scan(&missed) })
	}
	if k.Empty() && k.finished.Held == 0 {
		b.Queue("rollback")
	} else {
		b.Queue(k.sql(putNumber), k.Node, int64(k.Seq))
		b.Queue("commit")
	}
	err = k.conn.SendBatch(k.ctx, &b).Close()
	return missed, err
}

func (k *claiming) writeRuns(b *pgx.Batch) {
	if n := len(k.Started); n > 0 {
		ids, run, instance, born := make([]string, n), make([]int64, n), make([]int64, n), make([]int64, n)
		scheduled, first, last := make([]instant, n), make([]instant, n), make([]bool, n)
		for i := range k.Started {
			r := &k.Started[i]
			ids[i], run[i], instance[i], born[i] = toText(r.JobID), r.ID, r.Instance, r.Born
			scheduled[i], first[i] = instantOf(r.Scheduled), instantOf(r.First)
		}
		at := 0
		for i := range k.Moves {
			if k.Moves[i].LeavesLast() {
				last[at] = true
			}
			at += k.Moves[i].Runs
		}
		b.Queue(k.sql(insertRuns), k.Node, int64(k.Seq), ids, run, instance, born, scheduled, first, last)
	}
	if n := len(k.Taken); n > 0 {
		ids, run, attempt := runKeys(k.Taken)
		b.Queue(k.sql(takeRuns), k.Node, int64(k.Seq), ids, run, attempt)
	}
}

func runKeys(runs []rows.Run) (ids []string, run []int64, attempt []int) {
	ids, run, attempt = make([]string, len(runs)), make([]int64, len(runs)), make([]int, len(runs))
	for i := range runs {
		ids[i], run[i], attempt[i] = toText(runs[i].JobID), runs[i].ID, runs[i].Attempt
	}
	return ids, run, attempt
}

func (k *claiming) writeMoves(b *pgx.Batch) {
	var moved, held moves
	var dropped []pgtype.TID
	var ended []string
	var floor int64
	for i := range k.Moves {
		m := &k.Moves[i]
		if m.Ended {
			k.cache.Drop(m.ID)
		}
		switch {
		case m.LeavesLast():
			dropped = append(dropped, k.places[m.Job.Row])
			floor = max(floor, m.Version)
		case m.Ended:
			ended = append(ended, toText(m.ID))
			floor = max(floor, m.Version)
		case m.Waiting:
			held.add(m, k.places[m.Job.Row])
		default:
			moved.add(m, k.places[m.Job.Row])
		}
	}
	if len(moved.ids) > 0 {
		b.Queue(k.sql(moveJobs), moved.ids, moved.versions, moved.nexts, moved.places)
	}
	if len(held.ids) > 0 {
		lock := lockRuns
		if len(k.Done) > 0 {
			lock += " NOWAIT" // for those who wait for the runs that have been ended
		}
		b.Queue(k.sql(lock), held.ids)
		b.Queue(k.sql(holdJobs), held.ids, held.versions, held.nexts)
	}
	if len(ended) > 0 {
		b.Queue(k.sql(endJobs), ended)
		b.Queue(k.sql(forgetSpecs), ended)
	}
	if len(dropped) > 0 {
		b.Queue(k.sql(dropJobs), dropped)
	}
	if floor > 0 {
		b.Queue(k.sql(raiseFloor), floor)
	}
}

// moves are columns of Moves.
type moves struct {
	ids      []string
	versions []int64
	nexts    []instant
	places   []pgtype.TID
}

func (c *moves) add(m *claim.Move, place pgtype.TID) {
	c.ids = append(c.ids, toText(m.ID))
	c.versions = append(c.versions, m.Version)
	c.nexts = append(c.nexts, instantOf(m.Next))
	c.places = append(c.places, place)
}
