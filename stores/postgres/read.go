package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

const jobColumns = `
SELECT j.id, j.version, j.put, j.next, s.task, s.executor, s.kind, s.max_instances, s.delivery, s.spec::text
FROM @.job AS j JOIN @.spec AS s ON s.job = j.id AND s.born = j.born
`

const getJob = jobColumns + "WHERE j.id = $1"

const listJobs = jobColumns + "WHERE j.id > $1 ORDER BY j.id LIMIT $2"

// Get takes one round trip.
func (s *store) Get(ctx context.Context, id string) (j job.Job, err error) {
	if err := s.begin(ctx, "get"); err != nil {
		return j, err
	}
	err = s.twice(ctx, func() error {
		found, err := s.pool.Query(ctx, s.sql(getJob), toText(id))
		if err == nil {
			j, err = pgx.CollectExactlyOneRow(found, s.job)
		}
		return err
	})
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return j, about("get", s.alias, id, job.ErrJobNotFound)
	case err != nil:
		return j, s.fail(ctx, "get", id, err)
	}
	return j, nil
}

// List takes one round trip.
func (s *store) List(ctx context.Context, after string, limit int) ([]job.Job, error) {
	if err := s.begin(ctx, "list"); err != nil {
		return nil, err
	}
	var page []job.Job
	err := s.twice(ctx, func() error {
		found, err := s.pool.Query(ctx, s.sql(listJobs), toText(after), max(0, limit))
		if err == nil {
			page, err = pgx.AppendRows(page[:0], found, s.job)
		}
		return err
	})
	if err != nil {
		return nil, s.fail(ctx, "list", "", err)
	}
	return page, nil
}

// job reads a row of jobColumns.
func (s *store) job(row pgx.CollectableRow) (j job.Job, err error) {
	var id string
	var version, put int64
	var next instant
	var columns putSettings
	if err := row.Scan(append([]any{&id, &version, &put, &next}, columns.into()...)...); err != nil {
		return j, err
	}
	id = toID(id)
	spec := s.cache.Find(id, put)
	if spec == nil {
		spec = s.cache.Decode(id, columns.rows())
	}
	spec.Job(&j, s.alias, version, timeOf(next))
	return j, nil
}

// putSettings are the columns of what users have put.
type putSettings struct {
	rows.Settings
	delivery string
}

// into returns where to read the columns to: task, executor, kind,
// max_instances, delivery and spec as text.
func (s *putSettings) into() []any {
	return []any{&s.Task, &s.Executor, &s.Kind, &s.MaxInstances, &s.delivery, &s.Spec}
}

func (s *putSettings) rows() *rows.Settings {
	if s.Delivery = job.AtMostOnce; s.delivery == job.AtLeastOnce.String() {
		s.Delivery = job.AtLeastOnce
	}
	return &s.Settings
}
