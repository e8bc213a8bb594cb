package executors_test

import (
	"testing"

	"go.uber.org/goleak"

	"github.com/carillon-go/carillon/executors"
	"github.com/carillon-go/carillon/executors/executortest"
	"github.com/carillon-go/carillon/executors/inline"
	"github.com/carillon-go/carillon/executors/pool"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The Executor that the package documentation points to as an example keeps
// the whole contract.
func TestOwnConformance(t *testing.T) { executortest.Run(t, openOwn, executortest.Options{}) }

// One operation is one run that does nothing.
func BenchmarkExecutors(b *testing.B) {
	for _, kind := range []struct {
		name string
		open executors.Opener
	}{
		{"pool", pool.Open(pool.Config{})},
		{"pool of 1", pool.Open(pool.Config{Size: 1})},
		{"pool of 4", pool.Open(pool.Config{Size: 4})},
		{"goroutine per run", openOwn},
		{"inline", inline.Open},
	} {
		b.Run(kind.name, func(b *testing.B) { executortest.Benchmark(b, kind.open) })
	}
}
