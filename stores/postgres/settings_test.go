package postgres_test

import (
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/carillon-go/carillon/internal/testserver"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/postgres"
)

// waits returns when somebody waits for a lock.
func waits(t testing.TB, observer *pgx.Conn) {
	t.Helper()
	ctx := within(t, time.Minute)
	for waits := false; !waits; {
		must(t, observer.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database())").Scan(&waits))
	}
}

// A database whose transactions are SERIALIZABLE does not make operations fail
// that have waited for others.
func TestSerializableDatabase(t *testing.T) {
	db := testserver.Postgres(t)
	observer, conn := connect(t, db.DSN), connect(t, db.DSN)
	execute(t, conn, `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_isolation = serializable', current_database()); END $$`)
	for name, config := range map[string]postgres.Config{"alone": {DSN: db.DSN}, "pooled": {DSN: db.DSN, Pooled: true}} {
		t.Run(name, func(t *testing.T) {
			s := open(t, config)
			put(t, s, due("a", noon))
			execute(t, conn, "BEGIN; UPDATE carillon.job SET next = next")
			done := make(chan error, 1)
			go func() {
				done <- operations(&node{Store: s, name: "n"})["Put"](within(t, time.Minute))
			}()
			waits(t, observer)
			execute(t, conn, "COMMIT")
			must(t, <-done)
		})
	}
}

// Who opens the store waits for those who bring it up to date, however long
// that takes.
func TestMigrationIsWaitedFor(t *testing.T) {
	db := testserver.Postgres(t)
	observer, conn := connect(t, db.DSN), connect(t, db.DSN)
	execute(t, conn, "BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('carillon_carillon', 0))")
	opened := make(chan error, 1)
	go func() {
		s, err := postgres.Config{DSN: db.DSN + "&lock_timeout=50ms"}.Open(t.Context(), stores.Env{})
		if err == nil {
			err = s.Close()
		}
		opened <- err
	}()
	waits(t, observer)
	execute(t, conn, "SELECT pg_sleep(0.1); COMMIT")
	must(t, <-opened)
}

// When the server says that it is a replica the connections are given up, so that
// the next ones go to the primary.
func TestReadOnly(t *testing.T) {
	db := testserver.Postgres(t, testserver.Own)
	conn := connect(t, db.DSN)
	s := open(t, postgres.Config{DSN: db.DSN})
	put(t, s, due("a", noon))
	const pid = "SELECT coalesce(min(pid), 0) FROM pg_stat_activity WHERE application_name = 'carillon'"
	var before, after int
	must(t, conn.QueryRow(t.Context(), pid).Scan(&before))
	execute(t, conn, "ALTER SYSTEM SET default_transaction_read_only = on")
	execute(t, conn, "SELECT pg_reload_conf()")
	ctx := within(t, time.Minute)
	for {
		err := operations(&node{Store: s, name: "n"})["Put"](ctx)
		if err == nil {
			continue // the server has not heard yet
		}
		if !strings.Contains(err.Error(), "give the address of the primary") {
			t.Fatal(err)
		}
		break
	}
	for after = before; after == before; {
		must(t, conn.QueryRow(ctx, pid).Scan(&after))
	}
}

// How statements are sent is for the store to say, not for the DSN.
func TestSimpleProtocol(t *testing.T) {
	db := testserver.Postgres(t)
	s := open(t, postgres.Config{DSN: db.DSN + "&default_query_exec_mode=simple_protocol"})
	n := register(t, s, "n")
	put(t, n, due("a", noon))
	c, err := n.claim(t.Context())
	must(t, err)
	_, err = n.finish(t.Context(), c.Runs)
	must(t, err)
	records, err := s.History(t.Context(), &stores.HistoryQuery{Limit: 10})
	if err != nil || len(records) != 1 {
		t.Errorf("got %v, %v", records, err)
	}
}

// A pooler that nobody has been told of is named in the error.
func TestPoolerIsNamed(t *testing.T) {
	refuses(t, postgres.Config{DSN: testserver.PgBouncer(t, testserver.Postgres(t)).DSN}, "set Config.Pooled")
}
