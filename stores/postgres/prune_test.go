package postgres_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/carillon-go/carillon/clocktest"
	"github.com/carillon-go/carillon/internal/testserver"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/postgres"
)

// kept returns how many records there are.
func kept(t testing.TB, s stores.Store) int {
	t.Helper()
	records, err := s.History(t.Context(), &stores.HistoryQuery{Limit: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	return len(records)
}

// Of the history, what is kept is about as much as was asked for, however much
// is written.
func TestHistoryIsPruned(t *testing.T) {
	db := testserver.Postgres(t)
	s := open(t, postgres.Config{DSN: db.DSN, History: stores.Retention{Count: 500}})
	for round := range 8 {
		put(t, s, jobs(1000, func(i int) job.Job { return due(fmt.Sprint(i), noon) })...)
		if n := kept(t, s); n < min(round*1000, 500) || n > 500 {
			t.Errorf("after %d changes there are %d records", round*1000, n)
		}
	}
}

// Old records go, and nobody is told of them before they have.
func TestOldHistory(t *testing.T) {
	db := testserver.Postgres(t)
	now := clocktest.NewClock(noon)
	s, err := postgres.Config{DSN: db.DSN, History: stores.Retention{Age: time.Hour}}.Open(t.Context(), stores.Env{Clock: now})
	must(t, err)
	defer s.Close()
	put(t, s, due("a", noon))
	put(t, s, due("a", noon))
	put(t, s, due("a", noon))
	conn := connect(t, db.DSN)
	execute(t, conn, "UPDATE carillon.history SET at = at - interval '61 minutes' WHERE seq = 1")
	if n := kept(t, s); n != 1 {
		t.Errorf("%d records are told of, of 1 that is not too old", n)
	}
	now.Advance(time.Hour)
	put(t, s, due("b", noon))
	var n int
	must(t, conn.QueryRow(t.Context(), "SELECT count(*) FROM carillon.history").Scan(&n))
	if n != 1 {
		t.Errorf("%d records are there, of 1 that is not too old", n)
	}
}
