package postgres_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/carillon-go/carillon/internal/testserver"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/postgres"
	"github.com/carillon-go/carillon/stores/storetest"
)

func TestMain(m *testing.M) { testserver.Main(m) }

// fresh returns Configs of empty stores in one database.
func fresh(dsn string) func() postgres.Config {
	var n atomic.Int64
	return func() postgres.Config {
		return postgres.Config{DSN: dsn, Schema: fmt.Sprintf("store%d", n.Add(1)), Kinds: storetest.Kinds()}
	}
}

func TestStore(t *testing.T) {
	t.Parallel() // it mostly waits for leases to end
	next := fresh(testserver.Postgres(t).DSN)
	storetest.Run(t, storetest.Harness{
		Open:      func(testing.TB) stores.Opener { return next().Open },
		Durable:   true,
		Shared:    true,
		Watch:     true,
		History:   true,
		RealLease: time.Second,
	})
}

// Behind a pooler that gives each transaction another connection.
func TestPooled(t *testing.T) {
	t.Parallel()
	next := fresh(testserver.PgBouncer(t, testserver.Postgres(t)).DSN)
	storetest.Run(t, storetest.Harness{
		Open: func(testing.TB) stores.Opener {
			c := next()
			c.Pooled = true
			return c.Open
		},
		Durable:   true,
		Shared:    true,
		History:   true,
		RealLease: time.Second,
	})
}

// Without a history.
func TestBare(t *testing.T) {
	t.Parallel()
	next := fresh(testserver.Postgres(t).DSN)
	storetest.Run(t, storetest.Harness{
		Open: func(testing.TB) stores.Opener {
			c := next()
			c.History.Count = -1
			return c.Open
		},
		Durable:   true,
		Shared:    true,
		Watch:     true,
		RealLease: time.Second,
	})
}
