package executors_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/executors"
	"github.com/carillon-go/carillon/executors/executortest"
	"github.com/carillon-go/carillon/executors/inline"
	"github.com/carillon-go/carillon/executors/pool"
	"github.com/carillon-go/carillon/job"
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

// One operation is one run that waits until a thousand have been started.
func BenchmarkBarrier(b *testing.B) {
	const runs = 1000
	for _, kind := range []struct {
		name string
		open executors.Opener
	}{
		{"pool", pool.Open(pool.Config{})},
		{"goroutine per run", openOwn},
	} {
		b.Run(kind.name, func(b *testing.B) {
			host := executortest.NewHost(clock.Real())
			executor, err := host.Open(kind.open)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			sent := 0
			for sent < b.N {
				var started sync.WaitGroup
				started.Add(runs)
				executor.Execute(slices.Repeat([]job.Run{{Do: func(context.Context) error {
					started.Done()
					started.Wait()
					return nil
				}}}, runs))
				sent += runs
				if err := host.AwaitResults(b.Context(), sent); err != nil {
					b.Fatal(err)
				}
			}
			b.StopTimer()
			if err := executor.Shutdown(b.Context()); err != nil {
				b.Fatal(err)
			}
		})
	}
}
