package postgres

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
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

const findRecords = `
SELECT seq, at, job, outcome, scheduled, first, run, attempt, node, started, finished, reason
FROM @.history
WHERE ($1 = '' OR job = $1)
	AND ($2::timestamptz IS NULL OR coalesce(scheduled, at) >= $2)
	AND ($3::timestamptz IS NULL OR coalesce(first, at) < $3)
	AND ($4::text[] IS NULL OR outcome = ANY($4))
	AND ($5 = 0 OR seq < $5)
	AND ($6::interval IS NULL OR at >= clock_timestamp() - $6)
ORDER BY seq DESC LIMIT $7`

// History takes one round trip. The server looks at one record after the other,
// the newest first: of one job if the query names one.
func (s *store) History(ctx context.Context, query *stores.HistoryQuery) ([]job.Record, error) {
	if err := s.begin(ctx, "history"); err != nil {
		return nil, err
	}
	if !s.recording() {
		return nil, about("history", s.alias, "", errors.ErrUnsupported)
	}
	var outcomes []string
	for _, o := range query.Outcomes {
		outcomes = append(outcomes, o.String())
	}
	statement := s.sql(findRecords) // planned once, so an index has to be of use whatever is given
	if query.JobID != "" {
		statement = strings.Replace(statement, "($1 = '' OR job = $1)", "job = $1", 1)
	}
	if query.Before != 0 {
		statement = strings.Replace(statement, "($5 = 0 OR seq < $5)", "seq < $5", 1)
	}
	var records []job.Record
	err := s.twice(ctx, func() error {
		found, err := s.pool.Query(ctx, statement, toText(query.JobID), exact(query.From), exact(query.To), outcomes, query.Before, s.age(), query.Limit)
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

func readRecord(row pgx.CollectableRow) (r job.Record, err error) {
	var outcome string
	var at, scheduled, first, started, finished instant
	err = row.Scan(&r.Seq, &at, &r.JobID, &outcome, &scheduled, &first, &r.RunID, &r.Attempt, &r.Node, &started, &finished, &r.Reason)
	r.At, r.Scheduled, r.First, r.Started, r.Finished = timeOf(at), timeOf(scheduled), timeOf(first), timeOf(started), timeOf(finished)
	r.JobID, r.Outcome = toID(r.JobID), outcomes[outcome]
	return r, err
}

// outcomes finds an outcome by its name.
var outcomes = func() map[string]job.Outcome {
	names := map[string]job.Outcome{}
	for o := job.Executed; o <= job.Removed; o++ {
		names[o.String()] = o
	}
	return names
}()

// age is how long records are kept, nil for ever.
func (t *tables) age() *time.Duration {
	if t.keep.Age < 0 {
		return nil
	}
	return &t.keep.Age
}
