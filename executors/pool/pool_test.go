package pool_test

import (
	"fmt"
	"testing"

	"go.uber.org/goleak"

	"github.com/carillon-go/carillon/executors/executortest"
	"github.com/carillon-go/carillon/executors/pool"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestConformance(t *testing.T) {
	for _, size := range []int{0, 1, 2, 7, 200} {
		t.Run(fmt.Sprintf("size %d", size), func(t *testing.T) {
			executortest.Run(t, pool.Open(pool.Config{Size: size}), executortest.Options{Size: size})
		})
	}
}
