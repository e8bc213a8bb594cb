package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

// getJob and listJobs look up the settings of each job by index, however many the
// planner takes them for: were it to join the tables along their keys, it would
// read @.spec from its beginning for each page. Settings that somebody has
// deleted are NULL.
const (
	getJob   = jobsOf + "WHERE id = $1" + withSettings
	listJobs = jobsOf + "WHERE id > $1 ORDER BY id LIMIT $2" + withSettings

	jobsOf       = "WITH page AS MATERIALIZED (SELECT id, version, born, put, next FROM @.job "
	withSettings = `)
SELECT j.id, j.version, j.put, j.next, s.task, s.executor, s.kind, coalesce(s.max_instances, 0), s.delivery, s.spec::text
FROM page AS j LEFT JOIN @.spec AS s ON s.job = ANY (ARRAY[j.id]) AND s.born = j.born ORDER BY j.id`
)

// Get takes one round trip.
func (s *store) Get(ctx context.Context, id string) (job.Job, error) {
	if err := s.Begin(ctx, "get"); err != nil {
		return job.Job{}, err
	}
	found, err := s.readJobs(ctx, getJob, toText(id))
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
	page, err := s.readJobs(ctx, listJobs, toText(after), max(0, limit))
	if err != nil {
		return nil, s.fail(ctx, "list", "", err)
	}
	return page, nil
}

// readJobs reads what getJob or listJobs finds.
func (s *store) readJobs(ctx context.Context, query string, args ...any) (jobs []job.Job, err error) {
	var (
		id           string
		version, put int64
		next         instant
		columns      putSettings
	)
	into := columns.into(&id, &version, &put, &next)
	err = s.twice(ctx, func() error {
		jobs = jobs[:0]
		found, err := s.pool.Query(ctx, s.sql(query), args...)
		if err != nil {
			return err
		}
		_, err = pgx.ForEachRow(found, into, func() error {
			id := toID(id)
			spec := s.cache.Find(id, put)
			if spec == nil {
				spec = s.cache.Decode(id, columns.rows())
			}
			jobs = append(jobs, job.Job{})
			spec.Job(&jobs[len(jobs)-1], s.Alias, version, timeOf(next))
			return nil
		})
		return err
	})
	return jobs, err
}

// putSettings are the columns of what users have put. Rows may be read into the
// same ones, one after another.
type putSettings struct {
	task, executor, kind, delivery word
	maxInstances                   int
	spec                           []byte
}

// into returns where to read a row to, which has these columns behind others:
// task, executor, kind, max_instances, delivery and spec as text.
func (s *putSettings) into(others ...any) []any {
	return append(others, &s.task, &s.executor, &s.kind, &s.maxInstances, &s.delivery, &s.spec)
}

func (s *putSettings) rows() *rows.Settings {
	return &rows.Settings{
		Task: string(s.task), Executor: string(s.executor), Kind: string(s.kind),
		MaxInstances: s.maxInstances, Delivery: rows.DeliveryOf(string(s.delivery)), Spec: s.spec,
	}
}

// word is a text that is mostly the same in one row as in the next, and takes
// no memory then.
type word string

// ScanBytes reads a word.
func (w *word) ScanBytes(text []byte) error {
	if string(text) != string(*w) {
		*w = word(text)
	}
	return nil
}
