package sqlite

import (
	"context"
	"database/sql"
	"slices"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

// Put takes one transaction, and O(log n) for each job.
func (s *store) Put(ctx context.Context, mode stores.PutMode, jobs []job.Job) error {
	if err := s.lock(ctx, "put"); err != nil {
		return err
	}
	defer s.mu.Unlock()
	if len(jobs) == 0 {
		return nil
	}
	var puts *rows.Puts
	err := s.change(ctx, func() (written bool, err error) {
		puts, err = s.put(mode, jobs)
		return true, err
	})
	if err != nil {
		return s.about("put", "", err)
	}
	for i, version := range puts.Versions {
		jobs[i].Version = version
		s.cache.Keep(&jobs[i], version)
	}
	return nil
}

func (s *store) put(mode stores.PutMode, jobs []job.Job) (*rows.Puts, error) {
	there, err := s.find(jobs)
	if err != nil {
		return nil, err
	}
	var floor int64
	if err := s.row("SELECT floor FROM counter", nil, &floor); err != nil {
		return nil, err
	}
	puts, err := rows.Put(mode, jobs, there, floor, s.clock.Now())
	if err != nil {
		return nil, err
	}
	put := slices.Concat(puts.New, puts.Known) // in order of key, so that neighbours are written together
	if err := s.bulk(putJobs, len(put), func(args []any, i int) []any {
		j := &put[i]
		s.disturb(j.Next)
		return append(args, j.ID, j.Version, j.Born, j.Put, null(j.Next))
	}, nil); err != nil {
		return nil, err
	}
	if err := s.bulk(putSpecs, len(put), func(args []any, i int) []any {
		j := &put[i]
		return append(args, j.ID, j.Born, j.Task, j.Executor, j.Kind, j.MaxInstances, j.Delivery.String(), string(j.Spec))
	}, nil); err != nil {
		return nil, err
	}
	return puts, s.record(puts.Records)
}

var (
	findJobs = newBulk(`SELECT id, version, born, put, next, waiting FROM job WHERE id IN (?)`)

	putJobs = newBulk(`INSERT INTO job (id, version, born, put, next, waiting)
		SELECT column1, column2, column3, column4, column5, 0 FROM (VALUES (?, ?, ?, ?, ?)) WHERE column1 IS NOT NULL
		ON CONFLICT (id) DO UPDATE SET version = excluded.version, put = excluded.put, next = excluded.next`)

	putSpecs = newBulk(`INSERT INTO spec (job, born, task, executor, kind, max_instances, delivery, spec)
		SELECT * FROM (VALUES (?, ?, ?, ?, ?, ?, ?, ?)) WHERE column1 IS NOT NULL
		ON CONFLICT (job, born) DO UPDATE SET task = excluded.task, executor = excluded.executor, kind = excluded.kind,
			max_instances = excluded.max_instances, delivery = excluded.delivery, spec = excluded.spec`)
)

// find returns those of the jobs that are there, without their settings.
func (s *store) find(jobs []job.Job) (map[string]rows.Job, error) {
	there := map[string]rows.Job{}
	err := s.bulk(findJobs, len(jobs), func(args []any, i int) []any { return append(args, jobs[i].ID) }, func(r *sql.Rows) error {
		var j rows.Job
		var next sql.NullInt64
		err := r.Scan(&j.ID, &j.Version, &j.Born, &j.Put, &next, &j.Waiting)
		j.Next = micros(next)
		there[j.ID] = j
		return err
	})
	return there, err
}
