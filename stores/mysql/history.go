package mysql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

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
	if err := s.Begin(ctx, "history"); err != nil {
		return nil, err
	}
	if !s.recording() {
		return nil, s.Refuse(ctx, "history", "", errors.ErrUnsupported)
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

// selection is a query in SQL.
func (s *store) selection(query *stores.HistoryQuery) (text string, args []any) {
	search := rows.Search{
		HistoryQuery: query,
		Bind:         func(value any) string { args = append(args, value); return "?" },
		ID:           func(id string) any { return []byte(id) },
		Time:         func(t time.Time) any { return rows.Micros(t) },
	}
	index := "PRIMARY"
	if query.JobID != "" {
		index = "history_job"
	}
	where := search.Conditions()
	if s.keep.Age > 0 {
		where += " AND at >= " + now + " - " + search.Bind(s.keep.Age.Microseconds())
	}
	return `SELECT seq, at, job, outcome, scheduled, first, run, attempt, node, started, finished, reason
FROM @history FORCE INDEX (` + index + `) WHERE TRUE` + where + ` ORDER BY seq DESC LIMIT ` + search.Bind(query.Limit), args
}

func scanRecord(row *sql.Rows) (r job.Record, err error) {
	var at, scheduled, first, started, finished instant
	var outcome string
	if err := row.Scan(&r.Seq, &at, &r.JobID, &outcome, &scheduled, &first, &r.RunID, &r.Attempt, &r.Node, &started, &finished, &r.Reason); err != nil {
		return r, err
	}
	r.At, r.Scheduled, r.First, r.Started, r.Finished = at.time(), scheduled.time(), first.time(), started.time(), finished.time()
	if r.Outcome, err = rows.Outcome(outcome); err != nil {
		return r, fmt.Errorf("record %d: %w", r.Seq, err)
	}
	return r, nil
}
