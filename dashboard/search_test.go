package dashboard

import (
	"net/url"
	"strings"
	"testing"

	"github.com/carillon-go/carillon"
)

// TestSearchLong looks for a text as long as a request can have it: what a look at a
// job costs does not grow with that.
func TestSearchLong(t *testing.T) {
	v := visit{query: url.Values{"name": {strings.Repeat("Long", 1<<18)}}}
	q, j := v.search(), carillon.Job{Name: "short"}
	if n := testing.AllocsPerRun(100, func() { q.matches(&j) }); n > 0 {
		t.Errorf("a look at a job allocates %v times", n)
	}
}
