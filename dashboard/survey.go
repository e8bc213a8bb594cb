package dashboard

import (
	"context"
	"slices"
	"time"

	"github.com/carillon-go/carillon"
)

const (
	surveySize = 1000 // how many jobs of each store the overview looks at
	lately     = 24 * time.Hour
)

// store is what the overview knows of a store.
type store struct {
	Alias string `json:"alias"`

	// Jobs is how many jobs there are; if More, at least that many, and the
	// other counts are of these.
	Jobs   int  `json:"jobs"`
	More   bool `json:"more,omitempty"`
	Paused int  `json:"paused"`
	Parked int  `json:"parked"`

	// Trouble is how many runs and run times of the last day ended otherwise than
	// well; if TroubleMore, at least that many.
	Trouble     int  `json:"trouble"`
	TroubleMore bool `json:"trouble_more,omitempty"`

	Fault   bool   `json:"fault,omitempty"` // it could not be read
	Without string `json:"-"`               // why there is no history
}

// survey counts the jobs of a store, and returns those that will run, if it has seen
// all.
func (v *visit) survey(alias string) (s store, soon []carillon.Job) {
	s.Alias = alias
	var f found
	err := v.read(alias, func(ctx context.Context) (err error) {
		f, err = search{}.run(ctx, v.s, alias, surveySize)
		return err
	})
	v.note(alias, "jobs", err)
	s.Jobs, s.More, s.Fault = len(f.jobs), f.next != "", err != nil
	for i := range f.jobs {
		switch stateOf(&f.jobs[i]) {
		case paused:
			s.Paused++
		case parked:
			s.Parked++
		}
	}
	if s.More || s.Fault {
		return s, nil
	}
	return s, slices.DeleteFunc(f.jobs, func(j carillon.Job) bool {
		return j.NextRunTime.IsZero() || j.Parked != ""
	})
}

// troubleOf counts what has gone wrong in a store lately, and adds the newest of it
// to list.
func (v *visit) troubleOf(alias string, list *[]record) (n int, more bool, why string) {
	query := carillon.HistoryQuery{From: v.now.Add(-lately), Outcomes: trouble, Limit: pageSize + 1}
	records, why := v.records(alias, query)
	*list = append(*list, records[:min(len(records), briefly)]...)
	return min(len(records), pageSize), len(records) > pageSize, why
}
