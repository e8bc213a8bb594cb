package sqlite

import (
	"database/sql"
	"maps"
	"slices"
	"time"

	"github.com/carillon-go/carillon/stores/internal/rows"
)

var (
	waitingJobs = newBulk(`SELECT id FROM job WHERE id IN (VALUES (?)) AND waiting = 1`)

	goneJobs = newBulk(`SELECT job FROM spec WHERE job IN (VALUES (?)) AND gone IS NOT NULL`)

	forgetSpecs = newBulk(`DELETE FROM spec WHERE job IN (VALUES (?)) AND gone IS NOT NULL
		AND NOT EXISTS (SELECT 1 FROM run WHERE run.job = spec.job AND run.born = spec.born)`)
)

// ended does what follows on the end of runs, which have been deleted: jobs that
// have waited for an instance are due again, and settings of jobs that are gone
// are forgotten. It returns when the first of the jobs is due.
func (s *store) ended(runs []rows.Run) (next time.Time, err error) {
	instances := make(map[string][]int64, len(runs)) // that runs have ended of, by job
	for i := range runs {
		r := &runs[i]
		instances[r.JobID] = append(instances[r.JobID], r.Instance)
	}
	waiting, err := s.among(instances, `SELECT id FROM job WHERE waiting = 1 LIMIT ?`, waitingJobs)
	if err != nil {
		return next, err
	}
	for _, id := range waiting {
		due, err := s.wake(id, instances[id])
		if err != nil {
			return next, err
		}
		next = earlier(next, due)
	}
	gone, err := s.among(instances, `SELECT job FROM spec WHERE gone IS NOT NULL LIMIT ?`, goneJobs)
	if err != nil {
		return next, err
	}
	return next, s.bulk(forgetSpecs, len(gone), func(args []any, i int) []any { return append(args, gone[i]) }, nil)
}

// among returns those of the jobs that a query selects. If it selects fewer than
// there are jobs, which is usual, it is asked for all; else for these jobs.
func (s *store) among(jobs map[string][]int64, all string, these *bulk) (found []string, err error) {
	n := 0
	add := func(r *sql.Rows) error {
		var id string
		err := r.Scan(&id)
		if n++; jobs[id] != nil {
			found = append(found, id)
		}
		return err
	}
	if err := s.rows(add, all, len(jobs)+1); err != nil || n <= len(jobs) {
		return found, err
	}
	ids := slices.Collect(maps.Keys(jobs))
	found = found[:0]
	err = s.bulk(these, len(ids), func(args []any, i int) []any { return append(args, ids[i]) }, add)
	return found, err
}

// wake ends the wait of a job if one of the instances has ended. It returns when
// the job is due then.
func (s *store) wake(id string, instances []int64) (next time.Time, err error) {
	for _, instance := range instances {
		var lives bool
		if err := s.row("SELECT EXISTS (SELECT 1 FROM run WHERE job = ? AND instance = ?)", []any{id, instance}, &lives); err != nil {
			return next, err
		}
		if !lives {
			var due sql.NullInt64
			err := s.row("UPDATE job SET waiting = 0 WHERE id = ? RETURNING next", []any{id}, &due)
			return rows.Time(micros(due)), err
		}
	}
	return next, nil
}

// earlier returns the earlier of two times, of which a zero one does not count.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
