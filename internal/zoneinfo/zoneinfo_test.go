package zoneinfo

import (
	"errors"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestRemedy(t *testing.T) {
	const otherwise = "write an IANA name"
	none := func(name string) (*time.Location, error) { return nil, errors.New("unknown time zone " + name) }
	if got := Remedy(otherwise); got != otherwise {
		t.Errorf("where there are time zones: %s", got)
	}
	if got := remedy(otherwise, none); !strings.Contains(got, `import _ "time/tzdata"`) {
		t.Errorf("where there are none: %s", got)
	}
}
