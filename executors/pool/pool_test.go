package pool_test

import (
	"errors"
	"fmt"
	"testing"

	"go.uber.org/goleak"

	"github.com/carillon-go/carillon/executors"
	"github.com/carillon-go/carillon/executors/executortest"
	"github.com/carillon-go/carillon/executors/pool"
	"github.com/carillon-go/carillon/job"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestConformance(t *testing.T) {
	for _, size := range []int{0, 1, 2, 7, 200} {
		t.Run(fmt.Sprintf("size %d", size), func(t *testing.T) {
			executortest.Run(t, pool.Open(pool.Config{Size: size}), executortest.Options{Size: size})
		})
	}
}

func TestOpenRefuses(t *testing.T) {
	_, err := pool.Open(pool.Config{Size: -1})(t.Context(), executors.Host{})
	if fault, ok := errors.AsType[*job.FieldError](err); !ok || fault.Field != "pool.Config.Size" {
		t.Errorf("a negative Size gives the error %v, want a FieldError about pool.Config.Size", err)
	}
}
