package mysql

import (
	"context"
	"database/sql"
	"time"
)

const (
	pruneEvery = 1000 // records
	pruneBatch = 4000 // rows, which is more than come in
)

// findOld finds the last of the oldest records that are not to be kept.
const findOld = `
SELECT MAX(seq) FROM (SELECT seq, at FROM @history ORDER BY seq LIMIT ?) AS oldest
WHERE (? AND at < ` + now + ` - ?) OR seq <= (SELECT MAX(seq) FROM @history) - ?`

const pruneHistory = "DELETE FROM @history WHERE seq <= ? ORDER BY seq LIMIT ?"

// findLeft finds settings that were left when a job ended while its last run
// did.
const findLeft = `
SELECT s.job, s.born FROM @spec AS s FORCE INDEX (spec_gone)
WHERE s.gone IN ('ended', 'deleted') AND NOT EXISTS (SELECT 1 FROM @run AS r WHERE r.job = s.job AND r.born = s.born) LIMIT ?`

// findOldNames finds names that nobody remembers.
const findOldNames = "SELECT name FROM @node WHERE state = 'buried' AND until < " + now + " - ? LIMIT ?"

const nameAge = 30 * 24 * time.Hour

const (
	forgetSpecs = "DELETE FROM @spec WHERE ({job = ? AND born = ? OR }) AND gone IS NOT NULL ORDER BY job, born LIMIT #"

	forgetNames = "DELETE FROM @node WHERE name IN ({?}) ORDER BY name LIMIT #"

	forgetAnswers = "DELETE FROM @answer WHERE node IN ({?}) ORDER BY node LIMIT #"
)

// wrote looks after the tables now and then; n more records have been written.
// What goes wrong with that is not the fault of the operation, and is tried
// again.
func (s *store) wrote(ctx context.Context, n int) {
	due, all := s.chores.Due(n, pruneEvery, s.Clock.Now())
	if !due {
		return
	}
	err := s.transact(ctx, func(t *transaction) error { return s.prune(t, all) })
	if err != nil && ctx.Err() == nil {
		s.Log.WarnContext(ctx, "old records could not be removed", "err", err)
	}
}

// prune removes a batch of everything that is not to be kept; all means that
// there may be more than records.
func (s *store) prune(t *transaction, all bool) error {
	var old sql.NullInt64
	var left []incarnation
	var names []string
	var b, last batch
	if s.recording() {
		b.find(func(r *sql.Rows) error { return r.Scan(&old) }, findOld, pruneBatch, s.keep.Age > 0, max(0, s.keep.Age.Microseconds()), s.keep.Count)
	}
	if all {
		b.find(func(r *sql.Rows) error {
			var j incarnation
			err := r.Scan(&j.id, &j.born)
			left = append(left, j)
			return err
		}, findLeft, pruneBatch)
		b.find(texts(&names), findOldNames, nameAge.Microseconds(), pruneBatch)
	}
	if len(b) == 0 {
		return nil
	}
	if err := t.send(&b); err != nil {
		return err
	}
	if old.Valid {
		last.do(pruneHistory, old.Int64, pruneBatch)
	}
	last.doEach(forgetSpecs, len(left), func(args []any, i int) []any { return append(args, []byte(left[i].id), left[i].born) })
	name := func(args []any, i int) []any { return append(args, []byte(names[i])) }
	last.doEach(forgetNames, len(names), name)
	last.doEach(forgetAnswers, len(names), name)
	return t.commit(&last)
}
