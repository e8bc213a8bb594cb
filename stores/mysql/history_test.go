package mysql_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// No more of the history is kept than is wanted, and nothing for longer.
func TestRetention(t *testing.T) {
	const batch = 200
	for name, c := range map[string]struct {
		keep     stores.Retention
		at       string // when the first half was recorded, in SQL
		from, to int    // how many records are left
	}{
		"count": {stores.Retention{Count: 1500}, "at", 1500, 2600},
		"age":   {stores.Retention{Age: time.Hour}, "at - 3601 * 1000000", 2000, 2000 + 2*batch},
		"all":   {stores.Retention{Age: -1, Count: 100_000}, "at - 3601 * 1000000", 4000, 4000},
	} {
		t.Run(name, func(t *testing.T) {
			db := newDatabase(t)
			config := db.empty(t)
			config.History = c.keep
			s := open(t, config)
			ctx := patient(t)
			fill := func(n int) {
				list := jobs(batch, func(i int) job.Job { return due(fmt.Sprint("job-", i), noon) })
				for range n / batch {
					must(t, s.Put(ctx, stores.Replace, list))
				}
			}
			fill(batch) // which are new, and leave no record
			fill(2000)
			db.execute(t, "UPDATE "+config.Prefix+"history SET at = "+c.at)
			fill(2000)
			var left int
			must(t, db.sql.QueryRowContext(ctx, "SELECT COUNT(*) FROM "+config.Prefix+"history").Scan(&left))
			if left < c.from || left > c.to {
				t.Errorf("%d records are left, want %d to %d", left, c.from, c.to)
			}
		})
	}
}

// Records that are too old are not told, though they may be there for a while.
func TestOldRecords(t *testing.T) {
	db := newDatabase(t)
	config := db.empty(t)
	config.History.Age = time.Hour
	s := open(t, config)
	ctx := patient(t)
	for range 3 {
		must(t, s.Put(ctx, stores.Replace, []job.Job{due("a", noon)}))
	}
	db.execute(t, "UPDATE "+config.Prefix+"history SET at = at - 3601 * 1000000 LIMIT 1")
	records, err := s.History(ctx, &stores.HistoryQuery{JobID: "a", Limit: 10})
	must(t, err)
	same(t, "records", fmt.Sprint(len(records)), "1")
}

// No history is kept if none is wanted.
func TestNoHistory(t *testing.T) {
	config := newDatabase(t).empty(t)
	config.History.Count = -1
	s := open(t, config)
	if _, err := s.History(t.Context(), &stores.HistoryQuery{Limit: 1}); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("got error %v", err)
	}
}

// However long the text of an error is, the outcome is recorded.
func TestLongReason(t *testing.T) {
	db := newDatabase(t)
	s := open(t, db.empty(t))
	ctx := patient(t)
	must(t, s.Put(ctx, stores.Insert, []job.Job{due("a", noon)}))
	must(t, s.Heartbeat(ctx, "n", time.Hour))
	c, err := s.ClaimDue(ctx, &stores.Claim{Node: "n", Seq: 1, Now: noon, Limit: 1, Plan: later(time.Hour)})
	must(t, err)
	done := executed(c.Runs)
	done[0].Outcome, done[0].Err = job.Failed, "because"+strings.Repeat("!", 32<<20)
	_, err = s.Finish(ctx, "n", done)
	must(t, err)
	records, err := s.History(ctx, &stores.HistoryQuery{Limit: 1})
	must(t, err)
	if r := records[0].Reason; !strings.HasPrefix(r, "because!") || !strings.HasSuffix(r, "!…") || len(r) > 70_000 {
		t.Errorf("got %d bytes, %.20q to %q", len(r), r, r[max(0, len(r)-20):])
	}
}
