package mysql

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

// Put takes two round trips for each megabyte.
func (s *store) Put(ctx context.Context, mode stores.PutMode, jobs []job.Job) error {
	if err := s.Begin(ctx, "put"); err != nil {
		return err
	}
	if len(jobs) == 0 {
		return nil
	}
	for i := range jobs {
		if n := len(jobs[i].ID); n > maxID {
			reason := fmt.Sprintf("has %d bytes; give one of up to %d", n, maxID)
			return s.Refuse(ctx, "put", jobs[i].ID, &job.FieldError{Field: "ID", Reason: reason})
		}
	}
	var puts *rows.Puts
	err := s.transact(ctx, func(t *transaction) (err error) {
		puts, err = s.put(t, mode, jobs)
		return err
	})
	if err != nil {
		return s.fail(ctx, "put", "", err)
	}
	for i, version := range puts.Versions {
		jobs[i].Version = version
		s.cache.Keep(&jobs[i], version)
	}
	s.wrote(ctx, len(puts.Records))
	return nil
}

const lockJobs = "SELECT id, version, born, next, waiting > 0 FROM @job FORCE INDEX (PRIMARY) WHERE id IN ({?}) FOR UPDATE"

func (s *store) put(t *transaction, mode stores.PutMode, jobs []job.Job) (*rows.Puts, error) {
	ids := make([]string, len(jobs))
	for i := range jobs {
		ids[i] = jobs[i].ID
	}
	slices.Sort(ids) // one order for all, so that two who put the same jobs do not wait for each other
	there := map[string]rows.Job{}
	var b batch
	b.findEach(func(r *sql.Rows) error {
		var j rows.Job
		var next instant
		err := r.Scan(&j.ID, &j.Version, &j.Born, &next, &j.Waiting)
		j.Next = next.micros()
		there[j.ID] = j
		return err
	}, lockJobs, len(ids), func(args []any, i int) []any { return append(args, []byte(ids[i])) })
	var number int64
	b.ticket(&number)
	if err := t.send(&b); err != nil {
		return nil, err
	}
	p, err := rows.Put(mode, jobs, there, number<<versionBits, time.Time{})
	if err != nil {
		return nil, err
	}
	b = nil
	b.putJobs(p.New, "", "")
	b.putJobs(p.Known, overwriteJobs, overwriteSpecs)
	s.record(&b, p.Records)
	return p, t.commit(&b)
}

const (
	insertJobs    = "INSERT INTO @job (id, version, born, put, next, task, executor, kind) VALUES {(?, ?, ?, ?, ?, ?, ?, ?)}"
	overwriteJobs = ` ON DUPLICATE KEY UPDATE version = VALUES(version), put = VALUES(put), next = VALUES(next),
	task = VALUES(task), executor = VALUES(executor), kind = VALUES(kind)`

	insertSpecs    = "INSERT INTO @spec (job, born, task, executor, kind, max_instances, delivery, spec) VALUES {(?, ?, ?, ?, ?, ?, ?, ?)}"
	overwriteSpecs = ` ON DUPLICATE KEY UPDATE task = VALUES(task), executor = VALUES(executor), kind = VALUES(kind),
	max_instances = VALUES(max_instances), delivery = VALUES(delivery), spec = VALUES(spec)`
)

// putJobs writes jobs; what is not empty says what to do about those that exist.
func (b *batch) putJobs(jobs []rows.Job, overJobs, overSpecs string) {
	b.doEach(insertJobs+overJobs, len(jobs), func(args []any, i int) []any {
		j := &jobs[i]
		return append(args, []byte(j.ID), j.Version, j.Born, j.Put, kept(j.Next), []byte(j.Task), []byte(j.Executor), []byte(j.Kind))
	})
	b.doEach(insertSpecs+overSpecs, len(jobs), func(args []any, i int) []any {
		j := &jobs[i]
		return append(args, []byte(j.ID), j.Born, []byte(j.Task), []byte(j.Executor), []byte(j.Kind), j.MaxInstances, j.Delivery.String(), string(j.Spec))
	})
}
