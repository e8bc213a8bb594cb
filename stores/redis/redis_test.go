package redis_test

import (
	"testing"
	"time"

	"github.com/carillon-go/carillon/internal/testserver"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/redis"
	"github.com/carillon-go/carillon/stores/storetest"
)

func TestMain(m *testing.M) { testserver.Main(m) }

func TestStore(t *testing.T) {
	storetest.Run(t, storetest.Harness{
		Open: func(t testing.TB) stores.Opener {
			return redis.Config{URL: testserver.Redis(t).DSN, Kinds: storetest.Kinds()}.Open
		},
		Durable:   true,
		Shared:    true,
		Watch:     true,
		History:   true,
		RealLease: time.Second,
	})
}

func Benchmark(b *testing.B) {
	storetest.Benchmark(b, storetest.Harness{
		Open: func(t testing.TB) stores.Opener { return redis.Open(testserver.Redis(t).DSN) },
	})
}
