package clock_test

import (
	"testing"

	"github.com/carillon-go/carillon/clock"
)

func TestResolution(t *testing.T) {
	real, precise := clock.Resolution(clock.Real()), clock.Resolution(clock.Precise())
	if precise <= 0 || real <= precise {
		t.Errorf("real %v, precise %v", real, precise)
	}
	if other := clock.Resolution(struct{ clock.Clock }{}); other != 0 {
		t.Errorf("of a clock that does not say: %v", other)
	}
}
