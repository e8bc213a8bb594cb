package mysql

import (
	"cmp"
	"database/sql"
	"slices"
	"time"

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

// Write follows the rules of [claim.Server], in one round trip.
func (k *claiming) Write() (missed bool, err error) {
	var b batch
	seq := int64(k.Seq)
	b.doEach(insertRuns, len(k.Started), func(args []any, i int) []any {
		r := &k.Started[i]
		return append(args, r.ID, []byte(r.JobID), r.Instance, r.Born, []byte(r.Node), seq, r.Attempt, rows.Micros(r.Scheduled), rows.Micros(r.First))
	})
	b.doEach(takeRuns, len(k.Taken), func(args []any, i int) []any { return append(args, k.Taken[i].ID) }, []byte(k.Node), seq)
	k.writeMoves(&b)
	k.record(&b, k.Records(time.Time{}))
	if !k.Claimed.More {
		k.findMissed(&b, &missed)
	}
	if k.Empty() {
		err = k.rollback(&b)
	} else {
		b.do(putNumber, seq, []byte(k.Node))
		err = k.commit(&b)
	}
	return missed, err
}

// findMissed reports whether more than StillDue jobs are due.
func (k *claiming) findMissed(b *batch, missed *bool) {
	still, found := k.StillDue(), 0
	b.find(func(*sql.Rows) error {
		found++
		*missed = found > still
		return nil
	}, "SELECT 1 "+due+" AND "+k.fit.text+" LIMIT ?", append(append([]any{k.Now.UnixMicro()}, k.fit.args...), still+1)...)
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
			runs = append(runs, k.unfinished[m.ID]...)
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
	var needed, unneeded []*claim.Move
	for _, m := range ended {
		if m.Runs > 0 || m.Job.Live.Instances > 0 {
			needed = append(needed, m)
		} else {
			unneeded = append(unneeded, m)
		}
		b.raise(m.Version, m.Job.Born)
	}
	each := func(list []*claim.Move) func([]any, int) []any {
		return func(args []any, i int) []any { return append(args, []byte(list[i].ID), list[i].Job.Born) }
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
