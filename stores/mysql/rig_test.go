package mysql_test

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/internal/testserver"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/mysql"
	"github.com/carillon-go/carillon/stores/storetest"
)

// database is one in which tests have empty stores.
type database struct {
	*testserver.Database
	sql *sql.DB

	mu   sync.Mutex
	made int
	free []string // prefixes of stores that nobody uses; making tables takes long
}

func newDatabase(t testing.TB, options ...testserver.Option) *database {
	t.Helper()
	d := &database{Database: testserver.MariaDB(t, options...)}
	var err error
	if d.sql, err = sql.Open("mysql", d.DSN+"?multiStatements=true"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { must(t, d.sql.Close()) })
	return d
}

// empty returns the Config of an empty store.
func (db *database) empty(t testing.TB) mysql.Config {
	t.Helper()
	db.mu.Lock()
	defer db.mu.Unlock()
	var prefix string
	if n := len(db.free); n > 0 {
		prefix, db.free = db.free[n-1], db.free[:n-1]
	} else {
		db.made++
		prefix = fmt.Sprintf("store%d_", db.made)
	}
	t.Cleanup(func() { db.reuse(prefix) })
	return mysql.Config{DSN: db.DSN, Prefix: prefix, Kinds: storetest.Kinds()}
}

// reuse empties a store, if it can be.
func (db *database) reuse(prefix string) {
	var text strings.Builder
	for _, table := range []string{"job", "spec", "run", "node", "answer", "history"} {
		fmt.Fprintf(&text, "DELETE FROM %s%s;\n", prefix, table)
	}
	if _, err := db.sql.ExecContext(context.Background(), text.String()); err != nil {
		return
	}
	db.mu.Lock()
	defer db.mu.Unlock()
	db.free = append(db.free, prefix)
}

// execute does something to the database by hand.
func (db *database) execute(t testing.TB, text string, args ...any) {
	t.Helper()
	_, err := db.sql.ExecContext(patient(t), text, args...)
	must(t, err)
}

// open opens a store until the test ends.
func open(t testing.TB, config mysql.Config) stores.Store {
	t.Helper()
	s, err := config.Open(patient(t), stores.Env{Alias: "jobs"})
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// patient bounds what a test waits for.
func patient(t testing.TB) context.Context {
	ctx, cancel := clock.WithTimeout(t.Context(), clock.Real(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

var noon = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

type arguments struct {
	N int `json:"n"`
}

// due is a job that runs next at this time.
func due(id string, next time.Time) job.Job {
	return job.Defaults{}.Apply(job.Job{ID: id, Call: job.NewTask[arguments]("work", nil).With(arguments{7}), NextRunTime: next})
}

func jobs(n int, each func(i int) job.Job) []job.Job {
	all := make([]job.Job, n)
	for i := range all {
		all[i] = each(i)
	}
	return all
}

// later is a Plan: run now, and again after this long, or, if that is 0, never.
func later(d time.Duration) func(*job.Job, int, *stores.Step) {
	return func(j *job.Job, _ int, step *stores.Step) {
		step.Runs = append(step.Runs, j.NextRunTime)
		step.Next, step.Ended = j.NextRunTime.Add(d), d == 0
	}
}

// executed reports runs.
func executed(runs []job.Run) []stores.Done {
	done := make([]stores.Done, len(runs))
	for i := range runs {
		r := &runs[i]
		done[i] = stores.Done{RunID: r.ID, Attempt: r.Attempt, JobID: r.JobID, Outcome: job.Executed, Started: r.Scheduled, Finished: r.Scheduled}
	}
	return done
}

func keys(runs []job.Run) string {
	list := make([]string, len(runs))
	for i := range runs {
		list[i] = runs[i].String()
	}
	return strings.Join(list, " ")
}

func same(t testing.TB, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\n got %s\nwant %s", what, got, want)
	}
}

// patientFor is shorter.
func patientFor(t testing.TB, d time.Duration) (context.Context, context.CancelFunc) {
	return clock.WithTimeout(t.Context(), clock.Real(), d)
}
