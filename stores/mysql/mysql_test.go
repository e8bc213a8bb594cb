package mysql_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/carillon-go/carillon/internal/testserver"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/mysql"
	"github.com/carillon-go/carillon/stores/storetest"
)

func TestMain(m *testing.M) { testserver.Main(m) }

// fresh returns Configs of empty stores in one database.
func fresh(dsn string) func() mysql.Config {
	var n atomic.Int64
	return func() mysql.Config {
		return mysql.Config{DSN: dsn, Prefix: fmt.Sprintf("store%d_", n.Add(1)), Kinds: storetest.Kinds()}
	}
}

func TestStore(t *testing.T) {
	next := fresh(testserver.MariaDB(t).DSN)
	storetest.Run(t, storetest.Harness{
		Open:      func(testing.TB) stores.Opener { return next().Open },
		Durable:   true,
		Shared:    true,
		History:   true,
		RealLease: time.Second,
	})
}
