package sqlite_test

import (
	"database/sql"
	"testing"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/sqlite"
)

// recorded has n records written, and returns how many the store tells of and
// how many are in the file.
func recorded(t *testing.T, s stores.Store, path string, n int) (told, kept int) {
	t.Helper()
	for ; n > 0; n-- {
		must(t, s.Put(t.Context(), stores.Replace, []job.Job{due("a", noon)}))
	}
	records, err := s.History(t.Context(), &stores.HistoryQuery{Limit: 1e6})
	must(t, err)
	db, err := sql.Open("sqlite", address(path))
	must(t, err)
	defer db.Close()
	must(t, db.QueryRow("SELECT count(*) FROM history").Scan(&kept))
	return len(records), kept
}

func keeping(t *testing.T, m *machine, path string, keep stores.Retention) stores.Store {
	t.Helper()
	s, err := sqlite.Config{Path: path, History: keep, Synchronous: sqlite.Normal}.Open(t.Context(), stores.Env{Alias: "jobs", Clock: m})
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

// The history does not grow beyond its Count by more than it does between two
// looks, and shrinks to a Count that was lowered.
func TestHistoryCount(t *testing.T) {
	m, path := &machine{wall: noon}, file(t)
	s := keeping(t, m, path, stores.Retention{Count: 700})
	if told, kept := recorded(t, s, path, 2001); told != kept || kept < 700 || kept > 1200 {
		t.Errorf("%d records are kept", kept)
	}
	must(t, s.Close())
	s = keeping(t, m, path, stores.Retention{Count: 10})
	if _, kept := recorded(t, s, path, 1); kept > 1200-1000 {
		t.Errorf("%d records are kept after opening", kept)
	}
	if _, kept := recorded(t, s, path, 500); kept != 10 {
		t.Errorf("%d records are kept after 500 more", kept)
	}
}

// What is too old is not told of, and goes.
func TestHistoryAge(t *testing.T) {
	m, path := &machine{wall: noon}, file(t)
	s := keeping(t, m, path, stores.Retention{Age: time.Hour})
	if told, kept := recorded(t, s, path, 101); told != 100 || kept != 100 {
		t.Errorf("%d records are kept of the first 100, and %d told", kept, told)
	}
	m.pass(time.Hour)
	if told, _ := recorded(t, s, path, 0); told != 100 {
		t.Errorf("%d records that are an hour old are told", told)
	}
	m.pass(time.Microsecond)
	if told, kept := recorded(t, s, path, 1); told != 1 || kept != 101 {
		t.Errorf("%d records are kept and %d told, want 1 of them", kept, told)
	}
	if told, kept := recorded(t, s, path, 500); told != 501 || kept != 501 {
		t.Errorf("%d records are kept and %d told, want the new ones", kept, told)
	}
	must(t, s.Close())
	m.pass(1000 * time.Hour)
	s = keeping(t, m, path, stores.Retention{Age: -1})
	if told, _ := recorded(t, s, path, 0); told != 501 {
		t.Errorf("%d records are told by a store that keeps them for ever", told)
	}
}
