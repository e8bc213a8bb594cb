package mysql

import (
	"cmp"
	"database/sql"
	"errors"
	"slices"
	"time"

	"github.com/go-sql-driver/mysql"

	"github.com/carillon-go/carillon/stores/internal/claim"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

const insertRuns = `
INSERT INTO @run (id, job, instance, born, node, claim, attempt, scheduled, first) VALUES {(?, ?, ?, ?, ?, ?, ?, ?, ?)}`

const takeRuns = "UPDATE @run FORCE INDEX (PRIMARY) SET node = ?, claim = ?, attempt = attempt + 1 WHERE id IN ({?})"

// moveJobs never inserts: the jobs are there, and are locked.
const moveJobs = `
INSERT INTO @job (id, version, next) VALUES {(?, ?, ?)} ON DUPLICATE KEY UPDATE version = VALUES(version), next = VALUES(next)`

// holdJobs comes after lockRuns, so that nobody ends a run between that is
// waited for.
const holdJobs = `
UPDATE @job AS j FORCE INDEX (PRIMARY) SET j.waiting = (SELECT COUNT(DISTINCT r.instance) FROM @run AS r WHERE r.job = j.id)
WHERE j.id IN ({?})`

const (
	markEnded   = "UPDATE @spec FORCE INDEX (PRIMARY) SET gone = 'ended' WHERE ({job = ? AND born = ? OR })"
	deleteSpecs = "DELETE FROM @spec WHERE ({job = ? AND born = ? OR }) ORDER BY job, born LIMIT #"
)

const putNumber = "UPDATE @answer SET claim = ? WHERE node = ?"

// patience is how long a claim waits for what another one has locked, before it
// looks again.
const patience = 20 * time.Millisecond

// write writes what was decided, in one round trip.
func (k *claiming) write() error {
	var b batch
	seq := int64(k.Seq)
	b.doEach(insertRuns, len(k.Started), func(args []any, i int) []any {
		r := &k.Started[i]
		return append(args, r.ID, []byte(r.JobID), r.Instance, r.Born, []byte(r.Node), seq, r.Attempt, rows.Micros(r.Scheduled), rows.Micros(r.First))
	})
	b.doEach(takeRuns, len(k.Taken), func(args []any, i int) []any { return append(args, k.Taken[i].ID) }, []byte(k.Node), seq)
	k.writeMoves(&b)
	records := k.Records(time.Time{})
	k.recorded = len(records)
	k.record(&b, records)
	if !k.Claimed.More {
		k.findMissed(&b)
	}
	if err := k.finish(&b); err != nil {
		return err
	}
	k.Claimed.Next = earlier(k.left, k.ahead)
	if k.missed {
		k.Claimed.Next = earlier(k.Claimed.Next, k.Now.Add(patience))
	}
	for i := range k.Moves {
		if m := &k.Moves[i]; !m.Waiting && !m.Ended {
			k.Claimed.Next = earlier(k.Claimed.Next, rows.Time(rows.Micros(m.Next)))
		}
	}
	return nil
}

// finish ends the transaction.
func (k *claiming) finish(b *batch) error {
	if k.Empty() && !k.buried {
		return k.rollback(b)
	}
	b.do(putNumber, int64(k.Seq), []byte(k.Node))
	err := k.commit(b)
	if _, told := errors.AsType[*mysql.MySQLError](err); err != nil && !told {
		k.doubt = k.Decision
	}
	return err
}

// findMissed looks for due jobs that this claim has not met: somebody else has
// locked them.
func (k *claiming) findMissed(b *batch) {
	mine := len(k.met) - len(k.Moves)
	for i := range k.Moves {
		if m := &k.Moves[i]; !m.Ended && !m.Waiting && !m.Next.IsZero() && rows.Micros(m.Next) <= k.Now.UnixMicro() {
			mine++
		}
	}
	found := 0
	b.find(func(*sql.Rows) error {
		found++
		k.missed = found > mine
		return nil
	}, "SELECT 1 "+due+" AND "+k.fit.text+" LIMIT ?", append(append([]any{k.Now.UnixMicro()}, k.fit.args...), mine+1)...)
}

func (k *claiming) writeMoves(b *batch) {
	var moved, held, ended []*claim.Move
	var runs []int64
	for i := range k.Moves {
		m := &k.Moves[i]
		switch {
		case m.Ended:
			ended = append(ended, m)
			k.cache.Drop(m.ID)
			continue
		case m.Waiting:
			held = append(held, m)
			if l := k.everLive[m.ID]; l != nil {
				runs = append(runs, l.runs...)
			}
		}
		moved = append(moved, m)
	}
	slices.Sort(runs)
	b.doEach(moveJobs, len(moved), func(args []any, i int) []any {
		return append(args, []byte(moved[i].ID), moved[i].Version, keptTime(moved[i].Next))
	})
	b.findEach(ignore, lockRuns, len(runs), func(args []any, i int) []any { return append(args, runs[i]) })
	b.doEach(holdJobs, len(held), func(args []any, i int) []any { return append(args, []byte(held[i].ID)) })
	k.endJobs(b, ended)
}

// endJobs removes jobs, and their settings if no run needs them.
func (k *claiming) endJobs(b *batch, ended []*claim.Move) {
	started := map[string]bool{}
	for i := range k.Started {
		started[k.Started[i].JobID] = true
	}
	var needed, unneeded []incarnation
	for _, m := range ended {
		j := incarnation{m.ID, k.born[m.ID]}
		if started[m.ID] || k.everLive[m.ID] != nil {
			needed = append(needed, j)
		} else {
			unneeded = append(unneeded, j)
		}
		b.raise(m.Version, j.born)
	}
	each := func(list []incarnation) func([]any, int) []any {
		return func(args []any, i int) []any { return append(args, []byte(list[i].id), list[i].born) }
	}
	b.doEach(markEnded, len(needed), each(needed))
	b.doEach(deleteSpecs, len(unneeded), each(unneeded))
	b.doEach(deleteJobs, len(ended), func(args []any, i int) []any { return append(args, []byte(ended[i].ID)) })
}

// sorted returns runs in order of ID.
func sorted(runs []claim.Run) []claim.Run {
	slices.SortFunc(runs, func(a, b claim.Run) int { return cmp.Compare(a.ID, b.ID) })
	return runs
}
