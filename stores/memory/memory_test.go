package memory_test

import (
	"testing"

	"go.uber.org/goleak"

	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/memory"
	"github.com/carillon-go/carillon/stores/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestOpen(t *testing.T) {
	storetest.Run(t, storetest.Harness{
		Open:  func(testing.TB) stores.Opener { return memory.Open() },
		Watch: true,
	})
}

func TestNew(t *testing.T) {
	storetest.Run(t, storetest.Harness{
		Open:    func(testing.TB) stores.Opener { return memory.New().Open },
		Durable: true,
		Shared:  true,
		Watch:   true,
	})
}

func Benchmark(b *testing.B) {
	storetest.Benchmark(b, storetest.Harness{
		Open: func(testing.TB) stores.Opener { return memory.Open() },
	})
}
