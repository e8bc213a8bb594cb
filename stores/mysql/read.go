package mysql

import (
	"context"
	"database/sql"

	"github.com/carillon-go/carillon/job"
)

const jobColumns = `
SELECT j.id, j.version, j.put, j.next, j.task, j.executor, j.kind, s.max_instances, s.delivery, s.spec
FROM @job AS j LEFT JOIN @spec AS s ON s.job = j.id AND s.born = j.born
`

const getJob = jobColumns + "WHERE j.id = ?"

const listJobs = jobColumns + "WHERE j.id > ? ORDER BY j.id LIMIT ?"

// Get takes one round trip.
func (s *store) Get(ctx context.Context, id string) (job.Job, error) {
	if err := s.Begin(ctx, "get"); err != nil {
		return job.Job{}, err
	}
	found, err := s.jobs(ctx, getJob, []byte(id))
	switch {
	case err != nil:
		return job.Job{}, s.fail(ctx, "get", id, err)
	case len(found) == 0:
		return job.Job{}, s.Refuse(ctx, "get", id, job.ErrJobNotFound)
	}
	return found[0], nil
}

// List takes one round trip.
func (s *store) List(ctx context.Context, after string, limit int) ([]job.Job, error) {
	if err := s.Begin(ctx, "list"); err != nil {
		return nil, err
	}
	page, err := s.jobs(ctx, listJobs, []byte(after), max(0, limit))
	if err != nil {
		return nil, s.fail(ctx, "list", "", err)
	}
	return page, nil
}

// jobs reads rows of jobColumns.
func (s *store) jobs(ctx context.Context, query string, args ...any) (list []job.Job, err error) {
	err = s.query(ctx, func(r *sql.Rows) error {
		var id string
		var version, put int64
		var next instant
		var columns putSettings
		if err := r.Scan(append([]any{&id, &version, &put, &next}, columns.into()...)...); err != nil {
			return err
		}
		spec := s.cache.Find(id, put)
		if spec == nil {
			spec = s.cache.Decode(id, columns.rows())
		}
		list = append(list, job.Job{})
		spec.Job(&list[len(list)-1], s.Alias, version, next.time())
		return nil
	}, query, args...)
	return list, err
}

// query reads outside of a transaction.
func (s *store) query(ctx context.Context, scan func(*sql.Rows) error, text string, args ...any) error {
	found, err := s.db.QueryContext(ctx, s.prefix.in(text), args...)
	if err != nil {
		return err
	}
	defer found.Close()
	for found.Next() {
		if err := scan(found); err != nil {
			return err
		}
	}
	return found.Err()
}
