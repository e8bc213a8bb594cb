package rows

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

const historyAge = 7 * 24 * time.Hour

// Keep completes what a Config says of how much history is kept; count is how many
// records by default.
func Keep(r stores.Retention, count int) stores.Retention {
	return stores.Retention{Age: cmp.Or(r.Age, historyAge), Count: cmp.Or(r.Count, count)}
}

// Search is a HistoryQuery for an engine that keeps records in a table with the
// columns seq, at, job, outcome, scheduled and first, NULL for no time.
type Search struct {
	*stores.HistoryQuery

	// Bind notes an argument of the statement, and returns what stands for it
	// in the text.
	Bind func(value any) string

	// ID and Time return a job's ID, and a time, as the engine keeps it.
	ID   func(id string) any
	Time func(t time.Time) any
}

// Conditions selects what [stores.HistoryQuery.Matches] does: " AND " and a
// condition for each part of the query that is given.
func (s *Search) Conditions() string {
	var text strings.Builder
	and := func(condition string, value any) {
		fmt.Fprint(&text, " AND ", condition, " ", s.Bind(value))
	}
	if s.JobID != "" {
		and("job =", s.ID(s.JobID))
	}
	if !s.From.IsZero() {
		and("coalesce(scheduled, at) >=", s.Time(s.From))
	}
	if !s.To.IsZero() {
		and("coalesce(first, at) <", s.Time(s.To))
	}
	if s.Before != 0 {
		and("seq <", s.Before)
	}
	for i, o := range s.Outcomes {
		between := ", "
		if i == 0 {
			between = " AND outcome IN ("
		}
		text.WriteString(between + s.Bind(o.String()))
	}
	if len(s.Outcomes) > 0 {
		text.WriteString(")")
	}
	return text.String()
}

// outcomes are the outcomes by the names under which they are kept.
var outcomes = func() map[string]job.Outcome {
	names := map[string]job.Outcome{}
	for o := job.Executed; o <= job.Removed; o++ {
		names[o.String()] = o
	}
	return names
}()

// Outcome returns the outcome of this name.
func Outcome(name string) (job.Outcome, error) {
	o, known := outcomes[name]
	if !known {
		return o, fmt.Errorf("the outcome %q is unknown to this program", name)
	}
	return o, nil
}
