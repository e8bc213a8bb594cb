package sqlite

import (
	"context"
	"database/sql"

	"github.com/carillon-go/carillon/job"
)

// Delete takes one transaction, and O(log n) for each job.
func (s *store) Delete(ctx context.Context, ids ...string) (n int, err error) {
	if err := s.lock(ctx, "delete"); err != nil {
		return 0, err
	}
	defer s.mu.Unlock()
	err = s.change(ctx, func() (bool, error) {
		d := &deletion{}
		if err := s.delete(d, ids); err != nil || len(d.ids) == 0 {
			return false, err
		}
		n = len(d.ids)
		if err := s.raise(d.floor); err != nil {
			return false, err
		}
		return true, s.removed(d.ids)
	})
	if err != nil {
		return 0, about("delete", s.alias, "", err)
	}
	return n, nil
}

// deletion is what one Delete has done.
type deletion struct {
	ids   []string
	floor int64 // the greatest version
}

// deletions are the steps of a Delete: the runs that nobody holds end; settings
// are kept while there are others; and the jobs are deleted. Each is there for
// some jobs and for all.
var (
	deleteSome = []*bulk{
		newBulk(`DELETE FROM run WHERE job IN (VALUES (?)) AND node IS NULL
			AND born = (SELECT born FROM job WHERE id = run.job)`),
		newBulk(`DELETE FROM spec WHERE job IN (VALUES (?)) AND born = (SELECT born FROM job WHERE id = spec.job)
			AND NOT EXISTS (SELECT 1 FROM run WHERE run.job = spec.job AND run.born = spec.born)`),
		newBulk(`UPDATE spec SET gone = 'deleted' WHERE job IN (VALUES (?)) AND born = (SELECT born FROM job WHERE id = spec.job)`),
		newBulk(`DELETE FROM job WHERE id IN (VALUES (?)) RETURNING id, version`),
	}
	deleteAll = []string{
		`DELETE FROM run WHERE node IS NULL AND born = (SELECT born FROM job WHERE id = run.job)`,
		`DELETE FROM spec WHERE gone IS NULL AND NOT EXISTS (SELECT 1 FROM run WHERE run.job = spec.job AND run.born = spec.born)`,
		`UPDATE spec SET gone = 'deleted' WHERE gone IS NULL`,
		`DELETE FROM job RETURNING id, version`,
	}
)

func (s *store) delete(d *deletion, ids []string) error {
	each := func(args []any, i int) []any { return append(args, ids[i]) }
	deleted := func(r *sql.Rows) error {
		var id string
		var version int64
		err := r.Scan(&id, &version)
		d.ids = append(d.ids, id)
		d.floor = max(d.floor, version)
		s.cache.Drop(id)
		return err
	}
	last := len(deleteSome) - 1
	if len(ids) == 0 {
		for _, step := range deleteAll[:last] {
			if err := s.do(step); err != nil {
				return err
			}
		}
		return s.rows(deleted, deleteAll[last])
	}
	for _, step := range deleteSome[:last] {
		if err := s.bulk(step, len(ids), each, nil); err != nil {
			return err
		}
	}
	return s.bulk(deleteSome[last], len(ids), each, deleted)
}

// raise raises the floor of versions.
func (s *store) raise(floor int64) error {
	return s.do("UPDATE counter SET floor = ?1 WHERE floor < ?1", floor)
}

// removed records deletions.
func (s *store) removed(ids []string) error {
	records := make([]job.Record, len(ids))
	now := s.clock.Now()
	for i, id := range ids {
		records[i] = job.Record{At: now, JobID: id, Outcome: job.Removed}
	}
	return s.record(records)
}
