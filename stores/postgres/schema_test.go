package postgres_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/carillon-go/carillon/internal/testserver"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/postgres"
)

// connect returns a connection of the test's own.
func connect(t testing.TB, dsn string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

// execute executes statements.
func execute(t testing.TB, conn *pgx.Conn, statements string) {
	t.Helper()
	if _, err := conn.Exec(t.Context(), statements, pgx.QueryExecModeSimpleProtocol); err != nil {
		t.Fatal(err)
	}
}

// refuses checks that the store cannot be opened, and what the error says.
func refuses(t testing.TB, config postgres.Config, says ...string) {
	t.Helper()
	_, err := config.Open(t.Context(), stores.Env{Alias: "jobs"})
	if about, ok := errors.AsType[*job.Error](err); !ok || about.Store != "jobs" || about.Op != "open store" {
		t.Fatalf("got error %v", err)
	}
	for _, word := range says {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("the error does not say %q: %v", word, err)
		}
	}
}

// Those who open a new store at once all succeed.
func TestOpenAtOnce(t *testing.T) {
	config := postgres.Config{DSN: testserver.Postgres(t).DSN}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			s, err := config.Open(t.Context(), stores.Env{})
			if err != nil {
				t.Error(err)
				return
			}
			s.Close()
		})
	}
	all.Wait()
}

func TestNewerSchema(t *testing.T) {
	db := testserver.Postgres(t)
	config := postgres.Config{DSN: db.DSN}
	put(t, open(t, config), due("a", noon))
	execute(t, connect(t, db.DSN), "UPDATE carillon.meta SET version = 999")
	refuses(t, config, `schema "carillon"`, "version 999", "versions up to 1", "newer version")
}

func TestDamagedSchema(t *testing.T) {
	db := testserver.Postgres(t)
	conn := connect(t, db.DSN)
	execute(t, conn, "CREATE SCHEMA carillon; CREATE TABLE carillon.meta (version integer)")
	refuses(t, postgres.Config{DSN: db.DSN}, "empty table meta")
	execute(t, conn, "CREATE SCHEMA theirs; CREATE TABLE theirs.job (id integer)")
	refuses(t, postgres.Config{DSN: db.DSN, Schema: "theirs"}, `"job" already exists`)
}

// A user who may not make schemas can use one that was made for him.
func TestRights(t *testing.T) {
	db := testserver.Postgres(t)
	conn := connect(t, db.DSN)
	execute(t, conn, "DROP ROLE IF EXISTS clerk; CREATE ROLE clerk LOGIN")
	clerk := postgres.Config{DSN: strings.Replace(db.DSN, "carillon@", "clerk@", 1)}
	refuses(t, clerk, "permission denied", "CREATE on the database")
	execute(t, conn, "CREATE SCHEMA carillon AUTHORIZATION clerk")
	put(t, open(t, clerk), due("a", noon))
	execute(t, conn, "DROP OWNED BY clerk")
}

func TestSchemasAreApart(t *testing.T) {
	db := testserver.Postgres(t)
	a, b := open(t, postgres.Config{DSN: db.DSN}), open(t, postgres.Config{DSN: db.DSN, Schema: "other"})
	put(t, a, due("a", noon))
	if jobs, err := b.List(t.Context(), "", 10); err != nil || len(jobs) > 0 {
		t.Errorf("the other schema has %v, %v", jobs, err)
	}
}

func TestOpenRefuses(t *testing.T) {
	db := testserver.Postgres(t)
	for name, c := range map[string]struct {
		config postgres.Config
		says   string
	}{
		"DSN":      {postgres.Config{DSN: "postgres://%%"}, "Config.DSN cannot be read"},
		"schema":   {postgres.Config{DSN: db.DSN, Schema: "Jobs; --"}, `Config.Schema is "Jobs; --"; give up to 50`},
		"database": {postgres.Config{DSN: strings.Replace(db.DSN, "/test", "/none", 1)}, "make the database"},
		"port":     {postgres.Config{DSN: "postgres://127.0.0.1:1/x?sslmode=disable"}, "refused"},
	} {
		t.Run(name, func(t *testing.T) { refuses(t, c.config, c.says) })
	}
}
