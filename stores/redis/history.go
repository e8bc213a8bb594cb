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

const historyPage = 1000

// History reads the records from the newest on, page by page, until there are
// enough: all of them at the worst, some 100,000 per second.
func (s *store) History(ctx context.Context, query *stores.HistoryQuery) ([]job.Record, error) {
	if s.keep.Count < 0 {
		return nil, s.refuse("history", "", errors.ErrUnsupported)
	}
	var found []job.Record
	from := "+"
	if query.Before > 0 {
		from = fmt.Sprintf("(%d-0", query.Before)
	}
	for len(found) < query.Limit {
		if err := ctx.Err(); err != nil {
			return nil, s.refuse("history", "", err)
		}
		page, err := s.client.XRevRangeN(undated{ctx}, s.key("history"), from, "-", historyPage).Result()
		if err != nil {
			return nil, s.refuse("history", "", s.explain(ctx, err))
		}
		for i := range page {
			r, err := record(&page[i])
			if err != nil {
				return nil, s.refuse("history", "", fmt.Errorf("record %s: %w", page[i].ID, err))
			}
			if query.Matches(&r) && len(found) < query.Limit {
				found = append(found, r)
			}
		}
		if len(page) < historyPage {
			break
		}
		from = "(" + page[len(page)-1].ID
	}
	return found, nil
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
