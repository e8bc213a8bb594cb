package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/carillon-go/carillon/internal/testserver"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/postgres"
	"github.com/carillon-go/carillon/triggers"
)

// Jobs that are put in the program's own transaction are there when that is
// committed, with what else was written, and not otherwise.
func TestPutTx(t *testing.T) {
	db := testserver.Postgres(t)
	config := postgres.Config{DSN: db.DSN, Schema: "planner"}
	s, conn := open(t, config), connect(t, db.DSN)
	execute(t, conn, "CREATE TABLE orders (id integer)")
	put(t, s, due("taken", noon))
	heard := make(chan struct{}, 10)
	if err := s.Watch(t.Context(), func() { heard <- struct{}{} }); err != nil {
		t.Fatal(err)
	}

	count := func() (orders, jobs int) {
		t.Helper()
		if err := conn.QueryRow(t.Context(), "SELECT (SELECT count(*) FROM orders), (SELECT count(*) FROM planner.job)").Scan(&orders, &jobs); err != nil {
			t.Fatal(err)
		}
		return orders, jobs
	}
	order := func(end func(tx interface {
		Commit(context.Context) error
		Rollback(context.Context) error
	}) error) {
		t.Helper()
		tx, err := conn.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec(t.Context(), "INSERT INTO orders VALUES (1)"); err != nil {
			t.Fatal(err)
		}
		conflict := config.PutTx(t.Context(), tx, stores.Insert, []job.Job{due("other", noon), due("taken", noon)})
		if about, ok := errors.AsType[*job.Error](conflict); !ok || !errors.Is(conflict, job.ErrJobExists) || about.Job != "taken" {
			t.Errorf("a job that exists: got error %v", conflict)
		}
		jobs := []job.Job{due("ship", noon.Add(-time.Second))}
		if err := config.PutTx(t.Context(), tx, stores.Insert, jobs); err != nil || jobs[0].Version == 0 {
			t.Errorf("got %v, version %d", err, jobs[0].Version)
		}
		if j, err := s.Get(t.Context(), "ship"); !errors.Is(err, job.ErrJobNotFound) {
			t.Errorf("before the end of the transaction there is %v, %v", j, err)
		}
		if err := end(tx); err != nil {
			t.Fatal(err)
		}
	}

	type tx = interface {
		Commit(context.Context) error
		Rollback(context.Context) error
	}
	order(func(tx tx) error { return tx.Rollback(t.Context()) })
	if orders, jobs := count(); orders != 0 || jobs != 1 {
		t.Errorf("after Rollback: %d orders, %d jobs", orders, jobs)
	}
	order(func(tx tx) error { return tx.Commit(t.Context()) })
	if orders, jobs := count(); orders != 1 || jobs != 2 {
		t.Errorf("after Commit: %d orders, %d jobs", orders, jobs)
	}
	select {
	case <-heard:
	case <-within(t, 10*time.Second).Done():
		t.Error("the schedulers do not hear of the job")
	}
	c, err := register(t, s, "n").claim(t.Context())
	if err != nil || len(c.Runs) != 2 || c.Runs[0].JobID != "ship" {
		t.Errorf("claim: %+v, %v", c, err)
	}
	if err := (postgres.Config{Schema: "?"}).PutTx(t.Context(), nil, stores.Insert, nil); err == nil {
		t.Error("a schema of this name is taken")
	}
}

// A job that was not completed is refused, and the transaction goes on.
func TestPutTxUnprepared(t *testing.T) {
	db := testserver.Postgres(t)
	config := postgres.Config{DSN: db.DSN}
	s, conn := open(t, config), connect(t, db.DSN)
	tx, err := conn.Begin(t.Context())
	must(t, err)
	bare := job.Job{ID: "bare", Call: due("", noon).Call, Trigger: triggers.At(noon)}
	err = config.PutTx(t.Context(), tx, stores.Insert, []job.Job{due("a", noon), bare})
	if got, want := fmt.Sprint(err), `put "bare": Job has settings that are open; put what PrepareJobs of a Scheduler returns`; got != want {
		t.Errorf("got error %s, want %s", got, want)
	}
	must(t, config.PutTx(t.Context(), tx, stores.Insert, []job.Job{due("b", noon)}))
	must(t, tx.Commit(t.Context()))
	jobs, err := s.List(t.Context(), "", 10)
	must(t, err)
	if len(jobs) != 1 || jobs[0].ID != "b" {
		t.Errorf("got %v", jobs)
	}
}

// Who puts a job that somebody else is putting waits for that, and is told; the
// program's transaction is none the worse.
func TestPutTxAtOnce(t *testing.T) {
	db := testserver.Postgres(t)
	config := postgres.Config{DSN: db.DSN}
	open(t, config)
	observer, first, second := connect(t, db.DSN), connect(t, db.DSN), connect(t, db.DSN)
	ctx := within(t, time.Minute)
	theirs, err := first.Begin(ctx)
	must(t, err)
	must(t, config.PutTx(ctx, theirs, stores.Insert, []job.Job{due("a", noon)}))
	ours, err := second.Begin(ctx)
	must(t, err)
	told := make(chan error, 1)
	go func() { told <- config.PutTx(ctx, ours, stores.Insert, []job.Job{due("a", noon)}) }()
	for waits := false; !waits; {
		must(t, observer.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = $1 AND wait_event_type = 'Lock')",
			second.PgConn().PID()).Scan(&waits))
	}
	must(t, theirs.Commit(ctx))
	if err := <-told; !errors.Is(err, job.ErrJobExists) {
		t.Errorf("got error %v", err)
	}
	must(t, config.PutTx(ctx, ours, stores.Insert, []job.Job{due("b", noon)}))
	must(t, ours.Commit(ctx))
}

// A transaction with a snapshot cannot see the job that somebody has put since:
// to add it once more is refused as ever, to replace it takes another transaction.
func TestPutTxSnapshot(t *testing.T) {
	db := testserver.Postgres(t)
	config := postgres.Config{DSN: db.DSN}
	s, conn := open(t, config), connect(t, db.DSN)
	tx, err := conn.BeginTx(t.Context(), pgx.TxOptions{IsoLevel: pgx.RepeatableRead})
	must(t, err)
	_, err = tx.Exec(t.Context(), "SELECT FROM pg_class")
	must(t, err)
	put(t, s, due("a", noon))
	if err := config.PutTx(t.Context(), tx, stores.Insert, []job.Job{due("a", noon)}); !errors.Is(err, job.ErrJobExists) {
		t.Errorf("Insert: got error %v", err)
	}
	if err := config.PutTx(t.Context(), tx, stores.Replace, []job.Job{due("a", noon)}); err == nil || !strings.Contains(err.Error(), "repeat the whole transaction") {
		t.Errorf("Replace: got error %v", err)
	}
	must(t, config.PutTx(t.Context(), tx, stores.Insert, []job.Job{due("b", noon)}))
	must(t, tx.Commit(t.Context()))
}

// A job that a transaction of the program holds is not waited for without end:
// meanwhile the scheduler would run nothing at all.
func TestPutTxStaysOpen(t *testing.T) {
	db := testserver.Postgres(t)
	n := register(t, open(t, postgres.Config{DSN: db.DSN + "&lock_timeout=50ms"}), "n")
	put(t, n, due("a", noon), due("b", noon))
	tx, err := connect(t, db.DSN).Begin(t.Context())
	must(t, err)
	must(t, postgres.Config{}.PutTx(t.Context(), tx, stores.Replace, []job.Job{due("a", noon), due("b", noon)}))
	for _, operation := range []string{"Put", "Delete"} {
		err := operations(n)[operation](within(t, time.Minute))
		if err == nil || !strings.Contains(err.Error(), "end it sooner") {
			t.Errorf("%s: got error %v", operation, err)
		}
	}
	must(t, tx.Commit(t.Context()))
	for _, operation := range []string{"Put", "Delete"} {
		must(t, operations(n)[operation](within(t, time.Minute)))
	}
}
