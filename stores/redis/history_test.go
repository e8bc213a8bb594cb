package redis_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/carillon-go/carillon/internal/testserver"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/redis"
)

// Any negative age is for ever, also one of less than a microsecond.
func TestHistoryForEver(t *testing.T) {
	db := testserver.Redis(t)
	for _, age := range []time.Duration{-1, -time.Hour} {
		s := opened(t, redis.Config{URL: db.DSN, Prefix: age.String(), History: stores.Retention{Age: age}})
		const changes = 500 // the server removes a hundred at a time
		for range 1 + changes {
			put(t, s, due("a"))
		}
		records, err := s.History(t.Context(), &stores.HistoryQuery{Limit: 2 * changes})
		if err != nil || len(records) != changes {
			t.Errorf("age %v: got %d records, %v; want %d", age, len(records), err, changes)
		}
	}
}

// Records of a job are found among many others without looking at those; also
// those from before there were chains, and with some that were removed.
func TestHistoryOfOneJob(t *testing.T) {
	client := dial(t, testserver.Redis(t).DSN)
	s := opened(t, redis.Config{Client: client})
	jobs := make([]job.Job, 1000)
	for i := range jobs {
		jobs[i] = due(fmt.Sprint("job-", i))
	}
	put(t, s, jobs...)
	history := func(want int, query stores.HistoryQuery) []job.Record {
		t.Helper()
		records, err := s.History(t.Context(), &query)
		if err != nil || len(records) != want {
			t.Errorf("%+v: got %d records, %v; want %d", query, len(records), err, want)
		}
		for i, r := range records {
			if r.JobID != "job-7" || i > 0 && r.Seq >= records[i-1].Seq {
				t.Errorf("record %d is %+v", i, r)
			}
		}
		return records
	}
	old := func() { // as they were recorded then
		for i := range 50 {
			must(t, client.XAdd(t.Context(), &goredis.XAddArgs{Stream: "{carillon}:history", ID: fmt.Sprint(i+1, "-0"), Values: []any{
				"job", fmt.Sprint("job-", 5+i%5), "outcome", "modified", "scheduled", "-", "first", "-", "run", "0", "attempt", "0",
				"node", "", "started", "-", "finished", "-", "reason", "",
			}}).Err())
		}
	}
	forEver := redis.Config{Client: client, History: stores.Retention{Age: -1}}
	old()
	s = opened(t, forEver)
	history(10, stores.HistoryQuery{JobID: "job-7", Limit: 100})
	for range 20 {
		put(t, s, jobs...)
	}
	history(30, stores.HistoryQuery{JobID: "job-7", Limit: 100})
	history(3, stores.HistoryQuery{JobID: "job-7", Limit: 3, Before: 15})
	page := history(15, stores.HistoryQuery{JobID: "job-7", Limit: 15})
	page = history(15, stores.HistoryQuery{JobID: "job-7", Limit: 100, Before: page[14].Seq})
	history(11, stores.HistoryQuery{JobID: "job-7", Limit: 100, Before: page[3].Seq - 1}) // no record's
	must(t, client.XTrimMinID(t.Context(), "{carillon}:history", fmt.Sprint(page[2].Seq)).Err())

	before := commands(t, client)
	history(18, stores.HistoryQuery{JobID: "job-7", Limit: 100})
	if n := commands(t, client) - before; n > 100 {
		t.Errorf("the server has looked at some %d records", n)
	}
}

// commands returns how many ranges of streams the server has read.
func commands(t *testing.T, client *goredis.Client) (n int) {
	t.Helper()
	for line := range strings.Lines(client.Info(t.Context(), "commandstats").Val()) {
		for _, name := range []string{"xrange", "xrevrange"} {
			var calls int
			if _, err := fmt.Sscanf(line, "cmdstat_"+name+":calls=%d", &calls); err == nil {
				n += calls
			}
		}
	}
	return n
}
