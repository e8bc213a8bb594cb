package sqlite

import (
	"database/sql"
	"time"

	"github.com/carillon-go/carillon/stores/internal/rows"
)

var (
	waitingJobs = newBulk(`SELECT id, next FROM job WHERE id IN (VALUES (?)) AND waiting = 1`)

	wakeJobs = newBulk(`UPDATE job SET waiting = 0 WHERE id IN (VALUES (?))`)

	forgetSpecs = newBulk(`DELETE FROM spec WHERE job IN (VALUES (?)) AND gone IS NOT NULL
		AND NOT EXISTS (SELECT 1 FROM run WHERE run.job = spec.job AND run.born = spec.born)`)
)

// ended does what follows on the end of runs, which have been deleted: jobs that
// have waited for an instance are due again, and settings of jobs that are gone
// are forgotten. It returns when the first of the jobs is due.
func (s *store) ended(runs []rows.Run) (next time.Time, err error) {
	instances := map[string][]int64{} // that runs have ended of, by job
	var ids []string
	for i := range runs {
		r := &runs[i]
		if instances[r.JobID] == nil {
			ids = append(ids, r.JobID)
		}
		instances[r.JobID] = append(instances[r.JobID], r.Instance)
	}
	each := func(args []any, i int) []any { return append(args, ids[i]) }
	waiting := map[string]time.Time{}
	if err := s.bulk(waitingJobs, len(ids), each, func(r *sql.Rows) error {
		var id string
		var due sql.NullInt64
		err := r.Scan(&id, &due)
		waiting[id] = rows.Time(micros(due))
		return err
	}); err != nil {
		return next, err
	}
	var woken []string
	for id, due := range waiting {
		over, err := s.over(id, instances[id])
		if err != nil {
			return next, err
		}
		if over {
			woken = append(woken, id)
			next = earlier(next, due)
		}
	}
	if err := s.bulk(wakeJobs, len(woken), func(args []any, i int) []any { return append(args, woken[i]) }, nil); err != nil {
		return next, err
	}
	return next, s.bulk(forgetSpecs, len(ids), each, nil)
}

// over reports whether one of the instances has no unfinished run any more.
func (s *store) over(id string, instances []int64) (bool, error) {
	for _, instance := range instances {
		var lives bool
		if err := s.row("SELECT EXISTS (SELECT 1 FROM run WHERE job = ? AND instance = ?)", []any{id, instance}, &lives); err != nil || !lives {
			return err == nil, err
		}
	}
	return false, nil
}

// earlier returns the earlier of two times, of which a zero one does not count.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
