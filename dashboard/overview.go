package dashboard

import (
	"slices"

	"github.com/carillon-go/carillon"
)

// briefly is how many rows a list on the overview has.
const briefly = 8

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
