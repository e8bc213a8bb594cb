package postgres

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

func (t *tables) recording() bool { return t.keep.Count > 0 }

const insertRecords = `
INSERT INTO @.history (job, outcome, scheduled, first, run, attempt, node, reason)
SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::bigint[], $6::integer[], $7::text[], $8::text[])`

// record adds to the history, if there is one.
func (t *tables) record(b *pgx.Batch, records []job.Record) {
	n := len(records)
	if n == 0 || !t.recording() {
		return
	}
	id, outcome, node, reason := make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	scheduled, first, run, attempt := make([]instant, n), make([]instant, n), make([]int64, n), make([]int, n)
	for i := range records {
		r := &records[i]
		id[i], outcome[i], node[i], reason[i] = toText(r.JobID), r.Outcome.String(), r.Node, text(r.Reason)
		scheduled[i], first[i], run[i], attempt[i] = exact(r.Scheduled), exact(r.First), r.RunID, r.Attempt
	}
	b.Queue(t.sql(insertRecords), id, outcome, scheduled, first, run, attempt, node, reason)
}

// text makes text of what a job has said: the database takes neither zero bytes
// nor what is no UTF-8.
func text(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "\ufffd")
}

// History takes one round trip. The server looks at one record after the other,
// the newest first: of one job if the query names one.
func (s *store) History(ctx context.Context, query *stores.HistoryQuery) (records []job.Record, err error) {
	if err := s.Begin(ctx, "history"); err != nil {
		return nil, err
	}
	if !s.recording() {
		return nil, s.Refuse(ctx, "history", "", errors.ErrUnsupported)
	}
	text, args := s.selection(query)
	err = s.twice(ctx, func() error {
		found, err := s.pool.Query(ctx, s.schema.in(text), args...)
		if err == nil {
			records, err = pgx.AppendRows(records[:0], found, readRecord)
		}
		return err
	})
	if err != nil {
		return nil, s.fail(ctx, "history", "", err)
	}
	return records, nil
}

// selection is a query in SQL.
func (t *tables) selection(query *stores.HistoryQuery) (text string, args []any) {
	search := rows.Search{
		HistoryQuery: query,
		Bind:         func(value any) string { args = append(args, value); return "$" + strconv.Itoa(len(args)) },
		ID:           func(id string) any { return toText(id) },
		Time:         func(t time.Time) any { return exact(t) },
	}
	where := search.Conditions()
	if age := t.age(); age != nil {
		where += " AND at >= clock_timestamp() - " + search.Bind(*age) + "::interval"
	}
	return `SELECT seq, at, job, outcome, scheduled, first, run, attempt, node, started, finished, reason
FROM @.history WHERE TRUE` + where + ` ORDER BY seq DESC LIMIT ` + search.Bind(query.Limit), args
}

func readRecord(row pgx.CollectableRow) (r job.Record, err error) {
	var outcome string
	var at, scheduled, first, started, finished instant
	if err = row.Scan(&r.Seq, &at, &r.JobID, &outcome, &scheduled, &first, &r.RunID, &r.Attempt, &r.Node, &started, &finished, &r.Reason); err != nil {
		return r, err
	}
	r.At, r.Scheduled, r.First, r.Started, r.Finished = timeOf(at), timeOf(scheduled), timeOf(first), timeOf(started), timeOf(finished)
	r.JobID = toID(r.JobID)
	if r.Outcome, err = rows.Outcome(outcome); err != nil {
		return r, fmt.Errorf("record %d: %w", r.Seq, err)
	}
	return r, nil
}

// age is how long records are kept, nil for ever.
func (t *tables) age() *time.Duration {
	if t.keep.Age < 0 {
		return nil
	}
	return &t.keep.Age
}
