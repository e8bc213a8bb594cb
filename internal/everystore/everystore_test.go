package everystore_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/internal/testserver"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/mysql"
	"github.com/carillon-go/carillon/stores/postgres"
	"github.com/carillon-go/carillon/stores/redis"
	"github.com/carillon-go/carillon/stores/sqlite"
)

func TestMain(m *testing.M) { testserver.Main(m) }

// engine is a durable store.
type engine struct {
	name  string
	empty func(t *testing.T) stores.Opener // of a store with nothing in it
	hears bool                             // of what others put; otherwise it has to be asked
}

var engines = []engine{
	{"sqlite", func(t *testing.T) stores.Opener { return sqlite.Open(filepath.Join(t.TempDir(), "jobs.db")) }, true},
	{"postgres", func(t *testing.T) stores.Opener { return postgres.Open(testserver.Postgres(t).DSN) }, true},
	{"mysql", func(t *testing.T) stores.Opener { return mysql.Open(testserver.MariaDB(t).DSN) }, false},
	{"redis", func(t *testing.T) stores.Opener { return redis.Open(testserver.Redis(t).DSN) }, true},
}

// onEach runs a test on each engine.
func onEach(t *testing.T, test func(t *testing.T, e engine)) {
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) { test(t, e) })
	}
}

// start starts a scheduler, until the test ends.
func start(ctx context.Context, t *testing.T, c carillon.Config) *carillon.Scheduler {
	t.Helper()
	c.Location, c.Logger = time.UTC, slog.New(slog.DiscardHandler)
	s, err := carillon.New(c)
	must(t, err)
	must(t, s.Start(ctx))
	t.Cleanup(func() { _ = s.Shutdown(context.Background()) }) // if the test has not come to it
	return s
}

// patient bounds what a test waits for.
func patient(t *testing.T) context.Context {
	ctx, cancel := clock.WithTimeout(t.Context(), clock.Real(), 3*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func nothing(context.Context, struct{}) error { return nil }
