package sqlite

import (
	"database/sql"
	"slices"
	"time"

	"github.com/carillon-go/carillon/stores/internal/rows"
)

var (
	waitingJobs = newBulk(`SELECT id FROM job WHERE id IN (?) AND waiting = 1`)

	forgetSpecs = newBulk(`DELETE FROM spec WHERE job IN (?)
		AND NOT EXISTS (SELECT 1 FROM job WHERE job.id = spec.job AND job.born = spec.born)
		AND NOT EXISTS (SELECT 1 FROM run WHERE run.job = spec.job AND run.born = spec.born)`)

	forgetLone = newBulk(`DELETE FROM spec WHERE job IN (?) AND born <= ?`)
)

// ending has runs of these jobs deleted, after which those of them that have
// waited for an instance are due again. It returns when the first of them is.
// What has to be forgotten is left to do.
func (s *store) ending(ids []string, remove func() error) (next time.Time, err error) {
	waiting, err := s.waiting(ids)
	if err != nil {
		return next, err
	}
	before := make([]int, len(waiting)) // live instances
	for i, id := range waiting {
		if before[i], err = s.instances(id); err != nil {
			return next, err
		}
	}
	if err := remove(); err != nil {
		return next, err
	}
	for i, id := range waiting {
		switch n, err := s.instances(id); {
		case err != nil:
			return next, err
		case n < before[i]:
			due, err := s.wake(id)
			if err != nil {
				return next, err
			}
			next = rows.Earlier(next, due)
		}
	}
	return next, nil
}

// forget forgets the settings of those of the jobs that are gone and have no
// runs.
func (s *store) forget(ids []string) error {
	var gone int
	if err := s.row("SELECT gone FROM counter", nil, &gone); err != nil || gone == 0 {
		return err
	}
	return s.forgotten(s.bulkCount(forgetSpecs, len(ids), func(args []any, i int) []any { return append(args, ids[i]) }))
}

// forgetLone forgets the settings of jobs that are gone, and were born no later
// than this.
func (s *store) forgetLone(ids []string, born int64) error {
	return s.forgotten(s.bulkCount(forgetLone, len(ids), func(args []any, i int) []any { return append(args, ids[i]) }, born))
}

// forgotten takes n jobs that are gone off the count.
func (s *store) forgotten(n int, err error) error {
	if err != nil || n == 0 {
		return err
	}
	return s.do("UPDATE counter SET gone = gone - ?", n)
}

// waiting returns those of the jobs that wait. If there are fewer such jobs than
// there are in the list, which is usual, all are asked for; else those of the
// list.
func (s *store) waiting(ids []string) (found []string, err error) {
	add := func(r *sql.Rows) error {
		var id string
		err := r.Scan(&id)
		found = append(found, id)
		return err
	}
	if err := s.rows(add, `SELECT id FROM job WHERE waiting = 1 LIMIT 0 + ?`, len(ids)+1); err != nil || len(found) == 0 {
		return nil, err
	}
	if len(found) > len(ids) {
		found = nil
		if err := s.bulk(waitingJobs, len(ids), func(args []any, i int) []any { return append(args, ids[i]) }, add); err != nil {
			return nil, err
		}
	}
	wanted := make(map[string]bool, len(ids))
	for _, id := range ids {
		wanted[id] = true
	}
	return slices.DeleteFunc(found, func(id string) bool { return !wanted[id] }), nil
}

// instances returns how many instances of a job are live.
func (s *store) instances(id string) (n int, err error) {
	err = s.row("SELECT count(DISTINCT instance) FROM run WHERE job = ?", []any{id}, &n)
	return n, err
}

// wake ends the wait of a job, and returns when it is due.
func (s *store) wake(id string) (time.Time, error) {
	var due sql.NullInt64
	err := s.row("UPDATE job SET waiting = 0 WHERE id = ? RETURNING next", []any{id}, &due)
	s.disturb(micros(due))
	return rows.Time(micros(due)), err
}
