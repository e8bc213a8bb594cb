package mysql

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

func (s *store) recording() bool { return s.keep.Count > 0 }

const insertRecords = `
INSERT INTO @history (at, job, outcome, scheduled, first, run, attempt, node, started, finished, reason)
VALUES {(` + now + `, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)}`

// record adds to the history, if there is one.
func (s *store) record(b *batch, records []job.Record) {
	if !s.recording() {
		return
	}
	b.doEach(insertRecords, len(records), func(args []any, i int) []any {
		r := &records[i]
		return append(args, []byte(r.JobID), r.Outcome.String(), keptTime(r.Scheduled), keptTime(r.First),
			r.RunID, r.Attempt, []byte(r.Node), keptTime(r.Started), keptTime(r.Finished), text(r.Reason))
	})
}

// maxReason is how many bytes are kept of what a job has said. The server takes
// no more at once than its max_allowed_packet, and a text that it refuses would
// stand in the way of all outcomes.
const maxReason = 64 << 10

// text makes text of what a job has said: the database takes nothing that is no
// UTF-8.
func text(s string) string {
	if len(s) > maxReason {
		s = s[:maxReason] + "…"
	}
	return strings.ToValidUTF8(s, "\ufffd")
}

// History takes one round trip. The server looks at one record after the other,
// the newest first: of one job if the query names one.
func (s *store) History(ctx context.Context, query *stores.HistoryQuery) ([]job.Record, error) {
	if err := s.begin(ctx, "history"); err != nil {
		return nil, err
	}
	if !s.recording() {
		return nil, about("history", s.alias, "", errors.ErrUnsupported)
	}
	var records []job.Record
	text, args := s.selection(query)
	err := s.query(ctx, func(r *sql.Rows) error {
		record, err := scanRecord(r)
		records = append(records, record)
		return err
	}, text, args...)
	if err != nil {
		return nil, s.fail(ctx, "history", query.JobID, err)
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
	index := "PRIMARY"
	if query.JobID != "" {
		index = "history_job"
		add("job = ?", []byte(query.JobID))
	}
	if s.keep.Age > 0 {
		add("at >= "+now+" - ?", s.keep.Age.Microseconds())
	}
	if !query.From.IsZero() {
		add("IFNULL(scheduled, at) >= ?", rows.Micros(query.From))
	}
	if !query.To.IsZero() {
		add("IFNULL(first, at) < ?", rows.Micros(query.To))
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
FROM @history FORCE INDEX (` + index + `) WHERE TRUE` + where.String() + ` ORDER BY seq DESC LIMIT ?`, append(args, query.Limit)
}

func scanRecord(row *sql.Rows) (r job.Record, err error) {
	var at, scheduled, first, started, finished instant
	var outcome string
	if err := row.Scan(&r.Seq, &at, &r.JobID, &outcome, &scheduled, &first, &r.RunID, &r.Attempt, &r.Node, &started, &finished, &r.Reason); err != nil {
		return r, err
	}
	known := false
	if r.Outcome, known = outcomes[outcome]; !known {
		return r, fmt.Errorf("record %d has the outcome %q, which is unknown to this program", r.Seq, outcome)
	}
	r.At, r.Scheduled, r.First, r.Started, r.Finished = at.time(), scheduled.time(), first.time(), started.time(), finished.time()
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
