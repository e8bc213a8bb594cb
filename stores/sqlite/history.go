package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

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
// that are kept at the worst: some ten milliseconds for 100,000. What was done to
// a job, and what became of it at one instant, it finds by index.
func (s *store) History(ctx context.Context, query *stores.HistoryQuery) (records []job.Record, err error) {
	if s.keep.Count < 0 {
		return nil, s.about("history", "", errors.ErrUnsupported)
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
		return nil, s.about("history", query.JobID, err)
	}
	return records, nil
}

// selection is a query in SQL.
func (s *store) selection(query *stores.HistoryQuery) (text string, args []any) {
	search := rows.Search{
		HistoryQuery: query,
		Bind:         func(value any) string { args = append(args, value); return "?" },
		ID:           func(id string) any { return id },
		Time:         func(t time.Time) any { return rows.Micros(t) },
	}
	where := search.Conditions() + byIndex(&search)
	if oldest := s.oldest(); oldest != rows.Never {
		where += " AND at >= " + search.Bind(oldest)
	}
	return `SELECT seq, at, job, outcome, scheduled, first, run, attempt, node, started, finished, reason
		FROM history WHERE true` + where + ` ORDER BY seq DESC LIMIT ` + search.Bind(query.Limit), args
}

// byIndex has indexes used for what is asked in order to explain a time of a
// job: what covers one instant, and what was done to the job. It excludes nothing
// that the query selects.
func byIndex(q *rows.Search) string {
	from, to := rows.Micros(q.From), rows.Micros(q.To)
	switch {
	case q.JobID == "":
		return ""
	case ofChanges(q.Outcomes):
		return " AND scheduled IS NULL"
	case q.From.IsZero() || to != from+1:
		return ""
	}
	return ` AND seq IN (SELECT seq FROM history WHERE scheduled = ` + q.Bind(from) + `
		UNION ALL SELECT seq FROM history WHERE first < scheduled AND job = ` + q.Bind(q.JobID) + ` AND scheduled > ` + q.Bind(from) + `
		UNION ALL SELECT seq FROM history WHERE scheduled IS NULL AND job = ` + q.Bind(q.JobID) + `)`
}

// ofChanges reports whether all of the outcomes are changes of jobs, and there
// are any.
func ofChanges(outcomes []job.Outcome) bool {
	return len(outcomes) > 0 && !slices.ContainsFunc(outcomes, func(o job.Outcome) bool { return o < job.Paused })
}

func scanRecord(row *sql.Rows) (r job.Record, err error) {
	var at, scheduled, first, started, finished sql.NullInt64
	var outcome string
	if err := row.Scan(&r.Seq, &at, &r.JobID, &outcome, &scheduled, &first, &r.RunID, &r.Attempt, &r.Node, &started, &finished, &r.Reason); err != nil {
		return r, err
	}
	r.At, r.Scheduled, r.First = rows.Time(micros(at)), rows.Time(micros(scheduled)), rows.Time(micros(first))
	r.Started, r.Finished = rows.Time(micros(started)), rows.Time(micros(finished))
	if r.Outcome, err = rows.Outcome(outcome); err != nil {
		return r, fmt.Errorf("record %d: %w", r.Seq, err)
	}
	return r, nil
}
