package mysql_test

import (
	"testing"
	"time"

	"github.com/carillon-go/carillon/internal/testserver"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/storetest"
)

func TestMain(m *testing.M) { testserver.Main(m) }

func TestStore(t *testing.T) {
	db := newDatabase(t)
	storetest.Run(t, storetest.Harness{
		Open:      func(t testing.TB) stores.Opener { return db.empty(t).Open },
		Durable:   true,
		Shared:    true,
		History:   true,
		RealLease: time.Second,
	})
}
