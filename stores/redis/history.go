package redis

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

// historyPage is how many records the server looks at before it does other work:
// which takes it a millisecond.
const historyPage = 250

// search is what is found by a query, and where to go on.
type search struct {
	*stores.HistoryQuery
	found  []job.Record
	oldest string // number of a record
	from   string // likewise; "+": the newest, "-": there is no more
}

// History follows the chain of a job, if the query names one; with n records of
// others in the same of 4,096 chains that is O(n) more. Otherwise it reads the
// records from the newest on, until there are enough: all of them at the worst,
// some 100,000 per second.
func (s *store) History(ctx context.Context, query *stores.HistoryQuery) ([]job.Record, error) {
	if s.keep.Count < 0 {
		return nil, s.refuse("history", "", errors.ErrUnsupported)
	}
	q := &search{HistoryQuery: query}
	err := s.follow(ctx, q)
	if err == nil && !q.over() {
		err = s.scan(ctx, q)
	}
	if err != nil {
		return nil, s.refuse("history", query.JobID, err)
	}
	return q.found, nil
}

// follow goes along the chain of a job. It leaves to scan what is in no chain,
// and what is to be found of other jobs.
func (s *store) follow(ctx context.Context, q *search) error {
	for chained := true; chained; {
		value, err := s.call(ctx, historyScript, q.JobID, q.Before, q.from, historyPage)
		if err != nil {
			return err
		}
		answer := list(value)
		q.oldest = answer.text(0)
		if q.JobID == "" {
			q.from = "+"
			return nil
		}
		q.from, chained = answer.text(1), answer.int(2) == 1
		for found := answer.list(3); len(found) > 1; found = found[2:] {
			fields := map[string]any{}
			for of := found.list(1).texts(); len(of) > 1; of = of[2:] {
				fields[of[0]] = of[1]
			}
			if err := q.see(&redis.XMessage{ID: found.text(0), Values: fields}); err != nil {
				return err
			}
		}
		chained = chained && !q.over()
	}
	return nil
}

// scan reads page by page.
func (s *store) scan(ctx context.Context, q *search) error {
	from := q.from
	if from != "+" {
		from = "(" + from
	}
	if newest, err := strconv.ParseInt(q.from, 10, 64); q.Before > 0 && (err != nil || q.Before < newest) {
		from = fmt.Sprintf("(%d-0", q.Before)
	}
	for !q.over() {
		if err := ctx.Err(); err != nil {
			return err
		}
		page, err := s.client.XRevRangeN(undated{ctx}, s.key("history"), from, q.oldest, historyPage).Result()
		if err != nil {
			return s.explain(ctx, err)
		}
		for i := range page {
			if err := q.see(&page[i]); err != nil {
				return err
			}
		}
		if len(page) < historyPage {
			return nil
		}
		from = "(" + page[len(page)-1].ID
	}
	return nil
}

// over reports whether there is no more to be found, or enough was.
func (q *search) over() bool { return q.from == "-" || len(q.found) >= q.Limit }

// see takes a record if it is one that is looked for.
func (q *search) see(m *redis.XMessage) error {
	r, err := record(m)
	if err != nil {
		return fmt.Errorf("record %s: %w", m.ID, err)
	}
	if q.Matches(&r) && len(q.found) < q.Limit {
		q.found = append(q.found, r)
	}
	return nil
}

// age is how long records are kept, in microseconds, -1 for ever.
func (s *store) age() int64 {
	if s.keep.Age < 0 {
		return -1
	}
	return s.keep.Age.Microseconds()
}

// record reads an entry of the stream. Its ID is the time, in microseconds, at
// which it was written, or a little more.
func record(m *redis.XMessage) (r job.Record, err error) {
	field := func(name string) string {
		text, _ := m.Values[name].(string)
		return text
	}
	var faults []error
	try := func(err error) { faults = append(faults, err) }
	number := func(text string) int64 {
		n, err := strconv.ParseInt(text, 10, 64)
		try(err)
		return n
	}
	instant := func(name string) time.Time {
		t, err := unstamp(field(name))
		try(err)
		return t
	}
	outcome, err := rows.Outcome(field("outcome"))
	try(err)
	seq, _, _ := strings.Cut(m.ID, "-")
	r = job.Record{
		Seq: number(seq), JobID: field("job"), Outcome: outcome,
		Scheduled: instant("scheduled"), First: instant("first"),
		RunID: number(field("run")), Attempt: int(number(field("attempt"))), Node: field("node"),
		Started: instant("started"), Finished: instant("finished"), Reason: field("reason"),
	}
	r.At = time.UnixMicro(r.Seq).UTC()
	return r, errors.Join(faults...)
}
