package dashboard

import (
	"context"
	"slices"
	"time"

	"github.com/carillon-go/carillon"
)

const (
	surveySize = 1000 // how many jobs of each store the overview looks at
	briefly    = 8    // rows of a list on the overview
	lately     = 24 * time.Hour
)

// overview is the first page.
type overview struct {
	frame
	Stores    []store    `json:"stores"`
	Executors []executor `json:"executors"`
	Upcoming  []row      `json:"upcoming"` // of the stores of which all jobs were looked at
	Running   int        `json:"running"`  // how many runs are under way
	Runs      []active   `json:"runs"`     // those that were submitted first
	Trouble   []record   `json:"trouble"`  // the newest, of a day
}

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

// executor is what the overview knows of an executor.
type executor struct {
	Alias   string `json:"alias"`
	Running int    `json:"running"`
	Waiting int    `json:"waiting"`
}

func (v *visit) overview() any {
	p := overview{Stores: []store{}, Trouble: []record{}}
	var soon []carillon.Job
	for _, alias := range v.stores() {
		s, jobs := v.survey(alias)
		s.Trouble, s.TroubleMore, s.Without = v.troubleOf(alias, &p.Trouble)
		p.Stores = append(p.Stores, s)
		soon = append(soon, jobs...)
	}
	slices.SortStableFunc(soon, byNextRun)
	p.Upcoming = v.rows(soon[:min(len(soon), briefly)])
	slices.SortStableFunc(p.Trouble, func(a, b record) int { return b.At.Compare(a.At.Time) })
	p.Trouble = p.Trouble[:min(len(p.Trouble), briefly)]
	all := v.active()
	p.Executors = executorsOf(v.executors(), all)
	p.Running = len(all)
	p.Runs = all[:min(len(all), briefly)]
	p.frame = v.frame
	return p
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

// Trouble24 returns how many troubles there were in all stores.
func (p overview) Trouble24() (n int) {
	for _, s := range p.Stores {
		n += s.Trouble
	}
	return n
}

// TroubleMore reports whether there were more of them.
func (p overview) TroubleMore() bool {
	return slices.ContainsFunc(p.Stores, func(s store) bool { return s.TroubleMore })
}

// Jobs returns how many jobs there are in all stores.
func (p overview) Jobs() (n int) {
	for _, s := range p.Stores {
		n += s.Jobs
	}
	return n
}

// JobsMore reports whether there are more of them.
func (p overview) JobsMore() bool {
	return slices.ContainsFunc(p.Stores, func(s store) bool { return s.More })
}

// Parked returns how many jobs cannot run.
func (p overview) Parked() (n int) {
	for _, s := range p.Stores {
		n += s.Parked
	}
	return n
}

// ParkedIn returns the first store with such jobs.
func (p overview) ParkedIn() string {
	for _, s := range p.Stores {
		if s.Parked > 0 {
			return s.Alias
		}
	}
	return ""
}

// Troubled returns the store with the newest trouble, for the link to more.
func (p overview) Troubled() string {
	if len(p.Trouble) == 0 {
		return ""
	}
	return p.Trouble[0].Store
}
