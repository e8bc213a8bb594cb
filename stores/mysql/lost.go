package mysql

import (
	"database/sql"

	"github.com/carillon-go/carillon/stores/internal/claim"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

const runColumns = `
SELECT r.id, r.job, r.instance, r.born, IFNULL(r.node, ''), r.attempt, r.scheduled, r.first,
	IFNULL(s.gone = 'deleted', s.job IS NULL), s.task, s.executor, s.kind, s.max_instances, s.delivery, s.spec
FROM @run AS r FORCE INDEX (run_node) LEFT JOIN @spec AS s ON s.job = r.job AND s.born = r.born
`

// heldRuns are those that a claim has handed out and that are unfinished.
const heldRuns = runColumns + "WHERE r.node = ? AND r.claim = ? ORDER BY r.id"

const findDead = "SELECT name FROM @node WHERE state IN ('alive', 'dead') AND until <= " + now

// lockDead leaves alone those whose claim is just being written.
const lockDead = "SELECT node FROM @answer FORCE INDEX (PRIMARY) WHERE node IN ({?}) FOR UPDATE SKIP LOCKED"

const (
	lockDeadRuns = "SELECT id FROM @run FORCE INDEX (run_node) WHERE node IN ({?}) FOR UPDATE"

	deadRuns = runColumns + "WHERE r.node IN ({?})"

	buryNodes = "UPDATE @node FORCE INDEX (PRIMARY) SET state = 'buried' WHERE name IN ({?})"
)

// freeInstances are the runs of the first instances that nobody holds and that
// this process knows.
func freeInstances(fit condition, limit int) condition {
	return condition{
		runColumns + `WHERE r.node IS NULL AND ` + fit.text + ` AND r.instance <= (
	SELECT MAX(early.instance) FROM (
		SELECT DISTINCT r.instance FROM @run AS r FORCE INDEX (run_node) JOIN @spec AS s ON s.job = r.job AND s.born = r.born
		WHERE r.node IS NULL AND ` + fit.text + ` ORDER BY r.instance LIMIT ?) AS early)
ORDER BY r.id`,
		append(append(append([]any{}, fit.args...), fit.args...), limit),
	}
}

const lockFree = "SELECT id FROM @run FORCE INDEX (PRIMARY) WHERE id IN ({?}) AND node IS NULL FOR UPDATE"

// Relieve follows the rules of [claim.Server].
func (k *claiming) Relieve() error {
	if k.Entry.Dead {
		if err := k.bury(); err != nil {
			return err
		}
	}
	free := freeInstances(fit(k.Known, "s"), k.Limit+1)
	found, err := k.readRuns(free.text, free.args...)
	if err != nil || len(found) == 0 {
		return err
	}
	still := map[int64]bool{}
	var b batch
	b.findEach(func(r *sql.Rows) error {
		var id int64
		err := r.Scan(&id)
		still[id] = true
		return err
	}, lockFree, len(found), func(args []any, i int) []any { return append(args, found[i].ID) })
	if err := k.send(&b); err != nil {
		return err
	}
	var mine []claim.Run
	for i := range found {
		if still[found[i].ID] && !found[i].Deleted {
			mine = append(mine, found[i])
		}
	}
	k.HandOut(mine)
	return nil
}

// bury writes at once what becomes of the runs of the dead, since that ends
// waits and makes room for new instances.
func (k *claiming) bury() error {
	var dead, names []string
	var b batch
	b.find(texts(&dead), findDead)
	if err := k.send(&b); err != nil || len(dead) == 0 {
		return err
	}
	b = nil
	b.findEach(texts(&names), lockDead, len(dead), func(args []any, i int) []any { return append(args, []byte(dead[i])) })
	if err := k.send(&b); err != nil || len(names) == 0 {
		return err
	}
	name := func(args []any, i int) []any { return append(args, []byte(names[i])) }
	var held []claim.Run
	b = nil
	b.findEach(ignore, lockDeadRuns, len(names), name)
	b.findEach(k.intoRuns(&held), deadRuns, len(names), name)
	if err := k.send(&b); err != nil {
		return err
	}
	k.Bury(sorted(held))
	b = nil
	b.doEach(buryNodes, len(names), name)
	b.doEach(freeRuns, len(k.Freed), func(args []any, i int) []any { return append(args, k.Freed[i].ID) })
	b.lose(k.Lost)
	return k.send(&b)
}

// lose ends runs, and the waits for their instances. What is left of their jobs
// is forgotten later.
func (b *batch) lose(runs []rows.Run) {
	b.doEach(endRuns, len(runs), func(args []any, i int) []any { return append(args, runs[i].ID) })
	b.doEach(wakeJobs, len(runs), func(args []any, i int) []any { return append(args, []byte(runs[i].JobID)) })
}

// readRuns reads runs and what is known of their jobs.
func (k *claiming) readRuns(query string, args ...any) (list []claim.Run, err error) {
	var b batch
	b.find(k.intoRuns(&list), query, args...)
	return list, k.send(&b)
}

func (k *claiming) intoRuns(list *[]claim.Run) func(*sql.Rows) error {
	return func(row *sql.Rows) error {
		var r claim.Run
		var scheduled, first instant
		var s putSettings
		into := []any{&r.ID, &r.JobID, &r.Instance, &r.Born, &r.Node, &r.Attempt, &scheduled, &first, &r.Deleted}
		if err := row.Scan(append(into, s.into()...)...); err != nil {
			return err
		}
		r.Scheduled, r.First = scheduled.time(), first.time()
		r.Spec = k.cache.Decode(r.JobID, s.rows())
		*list = append(*list, r)
		return nil
	}
}
