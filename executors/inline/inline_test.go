package inline_test

import (
	"testing"

	"go.uber.org/goleak"

	"github.com/carillon-go/carillon/executors/executortest"
	"github.com/carillon-go/carillon/executors/inline"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestConformance(t *testing.T) {
	executortest.Run(t, inline.Open, executortest.Options{Inline: true})
}
