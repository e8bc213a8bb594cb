package dashboard

import (
	"context"
	"slices"

	"github.com/carillon-go/carillon"
)

// jobsPage lists the jobs of a store.
type jobsPage struct {
	frame
	Stores   []string `json:"stores"`
	Store    string   `json:"store"`
	Search   search   `json:"search"`
	Searched int      `json:"searched"` // how many jobs were looked at

	// Order is "next_run_time" if all jobs that match are on the page, paused
	// ones last; "id" if they do not fit.
	Order string `json:"order"`
	Jobs  []row  `json:"jobs"`

	// Next is what "after" has to be for the next page. Empty: this is the last.
	Next string `json:"next,omitempty"`

	First   bool   `json:"-"` // it is the first page
	Without string `json:"-"` // why there are no last runs
}

func (v *visit) jobs() any {
	stores, q := v.stores(), v.search()
	p := jobsPage{Stores: stores, Store: v.store(stores), Search: q, First: q.after == "", Order: "id"}
	var f found
	err := v.read(p.Store, func(ctx context.Context) (err error) {
		f, err = q.run(ctx, v.s, p.Store, pageSize)
		return err
	})
	v.note(p.Store, "jobs", err)
	if p.First && f.next == "" && err == nil {
		p.Order = "next_run_time"
		slices.SortStableFunc(f.jobs, byNextRun)
	}
	p.Jobs = v.rows(f.jobs)
	p.Searched, p.Next = f.searched, f.next
	p.Without = v.lastRuns(p.Store, p.Jobs)
	countRuns(p.Jobs, v.active())
	p.frame = v.frame
	return p
}

// byNextRun compares two jobs by their next run times; none comes last.
func byNextRun(a, b carillon.Job) int {
	switch x, y := a.NextRunTime, b.NextRunTime; {
	case x.IsZero() && !y.IsZero():
		return 1
	case y.IsZero() && !x.IsZero():
		return -1
	default:
		return x.Compare(y)
	}
}

func (v *visit) rows(jobs []carillon.Job) []row {
	rows := make([]row, len(jobs))
	for i := range jobs {
		rows[i] = v.row(&jobs[i])
	}
	return rows
}

// countRuns fills in how many runs of jobs are under way.
func countRuns(rows []row, runs []active) {
	counts := make(map[[2]string]int, len(runs))
	for i := range runs {
		counts[[2]string{runs[i].Store, runs[i].Job}]++
	}
	for i := range rows {
		rows[i].Running = counts[[2]string{rows[i].Store, rows[i].ID}]
	}
}
