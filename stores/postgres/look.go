package postgres

import (
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/internal/claim"
)

// beginClaim says what it needs, whatever the database's defaults are.
const beginClaim = "begin isolation level read committed read write"

// enter finds the node alive, and has its claims and what ends it wait for each
// other. Heartbeats do not wait.
const enter = `
SELECT a.claim FROM @.node AS n JOIN @.answer AS a ON a.node = n.name
WHERE n.name = $1 AND n.state = 'alive' AND n.until > clock_timestamp()
FOR NO KEY UPDATE OF a FOR KEY SHARE OF n`

const findTrouble = `
SELECT EXISTS (SELECT FROM @.node WHERE state <> 'buried' AND until <= clock_timestamp()),
	EXISTS (SELECT FROM @.run WHERE node IS NULL),
	(SELECT coalesce(max(version), 0) FROM @.meta)`

// due are the jobs that a claim is about; fit those of them that this process
// knows.
const (
	due = "waiting = 0 AND next IS NOT NULL AND next <= $1"
	fit = "($2::text[] IS NULL OR task = ANY($2)) AND ($3::text[] IS NULL OR executor = ANY($3)) AND ($4::text[] IS NULL OR kind = '' OR kind = ANY($4))"
)

// findPage locks due jobs. It leaves a note for the statements that are sent
// with it: which ones these are, and whether there may be more. It does not
// sort them, since they are in order, unless they were changed just before they
// were locked.
const findPage = `
WITH page AS MATERIALIZED (
	SELECT id, version, born, put, next, ctid AS place FROM @.job
	WHERE ` + due + ` AND ` + fit + ` AND (next, id) > ($5, $6)
	ORDER BY next, id LIMIT $7 FOR NO KEY UPDATE SKIP LOCKED),
note AS MATERIALIZED (
	SELECT set_config('carillon.page', coalesce(array_agg(id), '{}')::text, true),
		set_config('carillon.full', (count(*) >= $7)::text, true) FROM page)
SELECT coalesce(id, ''), coalesce(version, 0), coalesce(born, 0), coalesce(put, 0), next, place FROM note LEFT JOIN page ON true`

// findLive is a statement of its own, since it has to see what was committed
// while findPage waited for nothing but the locks.
const findLive = `
SELECT job, count(DISTINCT instance), min(id), (array_agg(scheduled ORDER BY id))[1]
FROM @.run WHERE job = ANY (current_setting('carillon.page')::text[]) GROUP BY job`

// findUnfit finds due jobs that this process does not know: those that are due
// since $5, and some of the others.
const findUnfit = `
(SELECT id, version, born, put, next, ctid FROM @.job
WHERE current_setting('carillon.full') = 'false' AND ` + due + ` AND NOT (` + fit + `) AND next <= $5 AND (next, id) > ($6, $7)
ORDER BY next, id LIMIT $8) UNION ALL
(SELECT id, version, born, put, next, ctid FROM @.job
WHERE current_setting('carillon.full') = 'false' AND ` + due + ` AND NOT (` + fit + `) AND next > $5)`

const findAhead = `
SELECT next FROM @.job WHERE waiting = 0 AND next IS NOT NULL AND next > $1 AND ` + fit + ` ORDER BY next LIMIT 1`

const nextBlock = "SELECT nextval('@.claims')"

const nextBlockIfNeeded = nextBlock + " WHERE current_setting('carillon.page') <> '{}'"

// Look follows the rules of [claim.Server], in one round trip. The first time it
// records what is done too.
func (k *claiming) Look(first bool) error {
	b := &pgx.Batch{}
	version := 0
	if first {
		b.Queue(beginClaim)
		if k.pooled {
			b.Queue(setSession)
		}
		b.Queue(k.sql(enter), k.Node).Query(func(r pgx.Rows) error {
			for r.Next() {
				var seq int64
				if err := r.Scan(&seq); err != nil {
					return err
				}
				k.Entry.Alive, k.Entry.Answered = true, uint64(seq)
			}
			return r.Err()
		})
		if len(k.Done) > 0 {
			k.finish(b, k.Node, k.Done, &k.finished)
		}
		b.Queue(k.sql(findTrouble)).QueryRow(func(r pgx.Row) error { return r.Scan(&k.Entry.Dead, &k.Entry.Free, &version) })
	}
	k.lookForJobs(b)
	if err := k.conn.SendBatch(k.ctx, b).Close(); err != nil {
		return err
	}
	return k.supports(version)
}

// known are the names that this process knows, nil lists for all.
func (k *claiming) known() *stores.Known {
	if k.Known == nil {
		return &stores.Known{}
	}
	return k.Known
}

// lookForJobs reads the page of due jobs that comes next.
func (k *claiming) lookForJobs(b *pgx.Batch) {
	known := k.known()
	now := instantOf(k.Now)
	p := &k.Page
	b.Queue(k.sql(findPage), now, known.Tasks, known.Executors, known.Triggers, since(p.Behind.Next), toText(p.Behind.ID), p.Size).
		Query(k.readJobs(&p.Jobs))
	clear(k.live)
	b.Queue(k.sql(findLive)).Query(k.readLive)
	if known.Tasks != nil || known.Executors != nil || known.Triggers != nil {
		next, id := k.Behind()
		b.Queue(k.sql(findUnfit), now, known.Tasks, known.Executors, known.Triggers,
			since(k.Front()), since(next), toText(id), claim.Strangers).
			Query(k.readJobs(&p.Strangers))
	}
	b.Queue(k.sql(findAhead), now, known.Tasks, known.Executors, known.Triggers).Query(wakes(&p.Ahead))
	if k.block == 0 {
		b.Queue(k.sql(nextBlockIfNeeded)).Query(func(found pgx.Rows) error {
			for found.Next() {
				if err := found.Scan(&k.block); err != nil {
					return err
				}
			}
			return found.Err()
		})
	}
}

// since is a time that others are compared with; the zero time comes before all.
func since(t time.Time) instant {
	if t.IsZero() {
		return instant{InfinityModifier: pgtype.NegativeInfinity, Valid: true}
	}
	return instantOf(t)
}

func (k *claiming) readLive(found pgx.Rows) error {
	for found.Next() {
		var id string
		var live claim.Live
		var since instant
		if err := found.Scan(&id, &live.Instances, &live.Oldest, &since); err != nil {
			return err
		}
		live.Since = timeOf(since)
		k.live[toID(id)] = live
	}
	return found.Err()
}
