package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

var (
	insertRecords = newBulk(`INSERT INTO history (at, job, outcome, scheduled, first, run, attempt, node, started, finished, reason)
		SELECT * FROM (VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)) WHERE column1 IS NOT NULL`)

	insertEnds = newBulk(`WITH done (run, attempt, outcome, started, finished, reason) AS (VALUES (?, ?, ?, ?, ?, ?))
		INSERT INTO history (at, job, outcome, scheduled, first, run, attempt, node, started, finished, reason)
		SELECT ?, job, outcome, scheduled, first, run.id, run.attempt, node, started, finished, reason
		FROM done CROSS JOIN run ON run.id = done.run WHERE +run.attempt = done.attempt AND +node = ?`)
)

// record adds to the history, if one is kept, in the transaction of what it is
// about.
func (s *store) record(records []job.Record) error {
	if s.keep.Count < 0 || len(records) == 0 {
		return nil
	}
	if err := s.bulk(insertRecords, len(records), func(args []any, i int) []any {
		r := &records[i]
		return append(args, rows.Micros(r.At), r.JobID, r.Outcome.String(), nullTime(r.Scheduled), nullTime(r.First),
			r.RunID, r.Attempt, r.Node, nullTime(r.Started), nullTime(r.Finished), r.Reason)
	}, nil); err != nil {
		return err
	}
	return s.prune(len(records))
}

// recordRuns records the ends of runs that the node still holds, in their order.
func (s *store) recordRuns(node string, over []*stores.Done) error {
	if s.keep.Count < 0 || len(over) == 0 {
		return nil
	}
	if err := s.bulk(insertEnds, len(over), func(args []any, i int) []any {
		d := over[i]
		return append(args, d.RunID, d.Attempt, d.Outcome.String(), nullTime(d.Started), nullTime(d.Finished), d.Err)
	}, nil, rows.Micros(s.clock.Now()), node); err != nil {
		return err
	}
	return s.prune(len(over))
}

// History reads the records from the newest on until it has found enough, all
// that are kept at the worst: some ten milliseconds for 100,000.
func (s *store) History(ctx context.Context, query *stores.HistoryQuery) (records []job.Record, err error) {
	if s.keep.Count < 0 {
		return nil, about("history", s.alias, "", errors.ErrUnsupported)
	}
	text, args := s.selection(query)
	err = s.reader.use(ctx, func(c *connection) error {
		return c.rowsUntil(ctx, func(r *sql.Rows) error {
			record, err := scanRecord(r)
			records = append(records, record)
			return err
		}, text, args...)
	})
	if err != nil {
		return nil, about("history", s.alias, query.JobID, err)
	}
	return records, nil
}

// selection is a query in SQL. It selects what [stores.HistoryQuery.Matches]
// does.
func (s *store) selection(query *stores.HistoryQuery) (text string, args []any) {
	var where strings.Builder
	add := func(condition string, values ...any) {
		where.WriteString(" AND " + condition)
		args = append(args, values...)
	}
	if oldest := s.oldest(); oldest != rows.Never {
		add("at >= ?", oldest)
	}
	if query.JobID != "" {
		add("job = ?", query.JobID)
	}
	if !query.From.IsZero() {
		add("ifnull(scheduled, at) >= ?", rows.Micros(query.From))
	}
	if !query.To.IsZero() {
		add("ifnull(first, at) < ?", rows.Micros(query.To))
	}
	if query.Before != 0 {
		add("seq < ?", query.Before)
	}
	if n := len(query.Outcomes); n > 0 {
		names := make([]any, n)
		for i, o := range query.Outcomes {
			names[i] = o.String()
		}
		add("outcome IN (?"+strings.Repeat(", ?", n-1)+")", names...)
	}
	return `SELECT seq, at, job, outcome, scheduled, first, run, attempt, node, started, finished, reason
		FROM history WHERE true` + where.String() + ` ORDER BY seq DESC LIMIT ?`, append(args, query.Limit)
}

func scanRecord(row *sql.Rows) (r job.Record, err error) {
	var at, scheduled, first, started, finished sql.NullInt64
	var outcome string
	if err := row.Scan(&r.Seq, &at, &r.JobID, &outcome, &scheduled, &first, &r.RunID, &r.Attempt, &r.Node, &started, &finished, &r.Reason); err != nil {
		return r, err
	}
	known := false
	if r.Outcome, known = outcomes[outcome]; !known {
		return r, fmt.Errorf("record %d has the outcome %q, which is unknown to this program", r.Seq, outcome)
	}
	r.At, r.Scheduled, r.First = rows.Time(micros(at)), rows.Time(micros(scheduled)), rows.Time(micros(first))
	r.Started, r.Finished = rows.Time(micros(started)), rows.Time(micros(finished))
	return r, nil
}

// outcomes are the outcomes by the names under which they are kept.
var outcomes = func() map[string]job.Outcome {
	names := map[string]job.Outcome{}
	for o := job.Executed; o <= job.Removed; o++ {
		names[o.String()] = o
	}
	return names
}()
