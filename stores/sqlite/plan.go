package sqlite

import (
	"database/sql"

	"github.com/carillon-go/carillon/stores/internal/claim"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

const (
	dueJobs = `SELECT id, version, born, put, next FROM job
		WHERE waiting = 0 AND next <= ? AND (next, id) > (?, ?) ORDER BY next, id LIMIT 0 + ?`

	nextJobs = `SELECT id, version, born, put, next FROM job
		WHERE waiting = 0 AND next IS NOT NULL AND (next, id) > (?, ?) ORDER BY next, id LIMIT 0 + ?`
)

// plan has the due jobs planned, page by page.
func (s *store) plan(d *claim.Decision) error {
	now := d.Now.UnixMicro()
	after, err := s.undisturbed(d)
	if err != nil {
		return err
	}
	whole, calm := after.ID == "", true
	for n := d.Wants(); n > 0; n = d.Wants() {
		page, err := s.jobs(dueJobs, now, after.Next, after.ID, n)
		if err != nil {
			return err
		}
		if len(page) < n {
			d.Complete(whole)
		}
		if len(page) == 0 {
			break
		}
		after = page[len(page)-1]
		candidates, err := s.admitted(d, page)
		if err != nil {
			return err
		}
		if err := s.live(candidates); err != nil {
			return err
		}
		d.Plan(candidates)
		calm = calm && s.settle(page, candidates)
	}
	for i := range d.Moves {
		s.disturb(rows.Micros(d.Moves[i].Next))
	}
	return s.remember(d)
}

// admitted returns the jobs of a page that are to be planned.
func (s *store) admitted(d *claim.Decision, page []rows.Job) ([]claim.Job, error) {
	specs, err := s.specs(&s.connection, page)
	if err != nil {
		return nil, err
	}
	candidates := make([]claim.Job, 0, len(page))
	for i := range page {
		j := claim.Job{ID: page[i].ID, Version: page[i].Version, Born: page[i].Born, Put: page[i].Put, Next: rows.Time(page[i].Next), Spec: specs[i]}
		if d.Admits(&j) {
			candidates = append(candidates, j)
		}
	}
	return candidates, nil
}

var liveRuns = newBulk(`WITH due (id) AS (VALUES (?))
	SELECT due.id, run.id, instance, scheduled FROM due CROSS JOIN run ON run.job = due.id`)

// live fills in the unfinished runs of jobs.
func (s *store) live(jobs []claim.Job) error {
	var unfinished bool
	if err := s.row("SELECT EXISTS (SELECT 1 FROM run)", nil, &unfinished); err != nil || !unfinished {
		return err
	}
	index := make(map[string]int, len(jobs))
	for i := range jobs {
		index[jobs[i].ID] = i
	}
	instances := map[int64]bool{}
	return s.bulk(liveRuns, len(jobs), func(args []any, i int) []any { return append(args, jobs[i].ID) }, func(r *sql.Rows) error {
		var id string
		var run, instance, scheduled int64
		err := r.Scan(&id, &run, &instance, &scheduled)
		jobs[index[id]].Live.Add(run, rows.Time(scheduled), !instances[instance])
		instances[instance] = true
		return err
	})
}

// wakeUp says when to claim again.
func (s *store) wakeUp(d *claim.Decision) error {
	after := s.calm.until
	for n := 1 + d.Parked(); ; n *= 2 {
		page, err := s.jobs(nextJobs, after.Next, after.ID, n)
		if err != nil {
			return err
		}
		specs, err := s.specs(&s.connection, page)
		if err != nil {
			return err
		}
		for i := range page {
			if j := &page[i]; d.Wakes(j.ID, j.Version, specs[i]) {
				d.Claimed.Next = rows.Time(j.Next)
				return nil
			}
		}
		if len(page) < n {
			return nil
		}
		after = page[len(page)-1]
	}
}
