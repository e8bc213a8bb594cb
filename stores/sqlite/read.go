package sqlite

import (
	"context"
	"database/sql"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

const jobColumns = "SELECT id, version, born, put, next FROM job "

// Get is O(log n).
func (s *store) Get(ctx context.Context, id string) (job.Job, error) {
	if err := s.lock(ctx, "get"); err != nil {
		return job.Job{}, err
	}
	defer s.mu.Unlock()
	jobs, err := s.read(&s.connection, jobColumns+"WHERE id = ?", id)
	if err == nil && len(jobs) == 0 {
		err = job.ErrJobNotFound
	}
	if err != nil {
		return job.Job{}, s.about("get", id, err)
	}
	return jobs[0], nil
}

// List takes O(log n) for each job.
func (s *store) List(ctx context.Context, after string, limit int) (jobs []job.Job, err error) {
	err = s.reader.use(ctx, func(c *connection) error {
		jobs, err = s.read(c, jobColumns+"WHERE id > ? ORDER BY id LIMIT 0 + ?", after, max(0, limit))
		return err
	})
	if err != nil {
		return nil, s.about("list", "", err)
	}
	return jobs, nil
}

// read returns the jobs that the query selects.
func (s *store) read(from *connection, query string, args ...any) (jobs []job.Job, err error) {
	found, err := from.jobs(query, args...)
	if err != nil {
		return nil, err
	}
	specs, err := s.specs(from, found)
	if err != nil {
		return nil, err
	}
	jobs = make([]job.Job, len(found))
	for i := range found {
		specs[i].Job(&jobs[i], s.alias, found[i].Version, rows.Time(found[i].Next))
	}
	return jobs, nil
}

// jobs returns the rows that the query selects, without their settings.
func (c *connection) jobs(query string, args ...any) (found []rows.Job, err error) {
	err = c.rows(func(r *sql.Rows) error {
		var j rows.Job
		var next sql.NullInt64
		err := r.Scan(&j.ID, &j.Version, &j.Born, &j.Put, &next)
		j.Next = micros(next)
		found = append(found, j)
		return err
	}, query, args...)
	return found, err
}
