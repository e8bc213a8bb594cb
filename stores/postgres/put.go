package postgres

import (
	"context"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/internal/opening"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

// Put takes four round trips.
func (s *store) Put(ctx context.Context, mode stores.PutMode, jobs []job.Job) error {
	if err := s.Begin(ctx, "put"); err != nil {
		return err
	}
	if len(jobs) == 0 {
		return nil
	}
	var written int
	err := again(func() error {
		return s.transact(ctx, func(tx pgx.Tx) (err error) {
			written, err = s.put(ctx, tx, mode, jobs)
			return err
		})
	})
	if err != nil {
		return s.fail(ctx, "put", "", err)
	}
	for i := range jobs {
		s.cache.Keep(&jobs[i], jobs[i].Version)
	}
	s.wrote(ctx, written)
	return nil
}

// PutTx puts jobs in a transaction of the program's own, on the database of a
// store: the jobs are there if, and only if, it is committed, together with
// what else the program has written. The schedulers hear of them then.
//
// The jobs' settings have to be complete: PrepareJobs of a Scheduler makes them so,
// and others are refused. [stores.Store].Put has the rules and the errors. After an
// error the transaction goes on as if nothing had been put. Of the Config only
// Schema and History are used.
//
// Until the transaction has ended others wait who change or remove one of the
// jobs, or add one of the same ID: for 15 s, and then they fail. So keep it
// short, and do not ask a scheduler about these jobs before its end.
//
// In a transaction that is REPEATABLE READ or SERIALIZABLE, to put a job that somebody
// has changed since it began is an error of PostgreSQL, 40001 or 23505: repeat the
// whole transaction.
func (c Config) PutTx(ctx context.Context, tx pgx.Tx, mode stores.PutMode, jobs []job.Job) error {
	name, err := c.schema()
	if err != nil {
		return opening.About("put", "", "", err, explain)
	}
	if err := prepared(jobs); err != nil {
		return err
	}
	t := &tables{schema: name, keep: rows.Keep(c.History, DefaultHistoryCount)}
	err = again(func() error {
		return pgx.BeginFunc(ctx, tx, func(tx pgx.Tx) error { // a savepoint
			_, err := t.put(ctx, tx, mode, jobs)
			return err
		})
	})
	if mode == stores.Insert && is(err, uniqueViolation) { // of a job that the transaction cannot see
		err = job.ErrJobExists
	}
	if err != nil {
		return opening.About("put", "", "", opening.Because(ctx, err), explain)
	}
	return nil
}

// prepared refuses jobs that PrepareJobs has not completed. Without a next run time
// and settings they would never run.
func prepared(jobs []job.Job) error {
	for i := range jobs {
		j := &jobs[i]
		if j.ID == "" || j.Executor == "" || j.MaxInstances == 0 || j.MisfireGrace == 0 || j.Coalesce == job.CoalesceDefault || j.Delivery == job.DeliveryDefault {
			return &job.Error{Op: "put", Job: j.ID, Err: &job.FieldError{Field: "Job", Reason: "has settings that are open; put what PrepareJobs of a Scheduler returns"}}
		}
	}
	return nil
}

// again tries f again if somebody else was faster.
func again(f func() error) (err error) {
	for range 5 {
		if err = f(); !is(err, uniqueViolation) && !is(err, deadlockDetected) {
			return err
		}
	}
	return err
}

const newFloor = "SELECT nextval('@.version')"

const lockJobs = `
SELECT id, version, born, next, waiting > 0 FROM @.job WHERE id = ANY($1) ORDER BY id FOR UPDATE`

// put returns how many records it has written.
func (t *tables) put(ctx context.Context, tx pgx.Tx, mode stores.PutMode, jobs []job.Job) (int, error) {
	ids := make([]string, len(jobs))
	for i := range jobs {
		id := jobs[i].ID
		if !utf8.ValidString(id) {
			return 0, &job.Error{Op: "put", Job: id, Err: &job.FieldError{Field: "Job.ID", Reason: fmt.Sprintf("is %q; give text in UTF-8", id)}}
		}
		ids[i] = toText(id)
	}
	var floor int64
	there := map[string]rows.Job{}
	var b pgx.Batch
	b.Queue(t.sql(newFloor)).QueryRow(func(row pgx.Row) error { return row.Scan(&floor) })
	b.Queue(t.sql(lockJobs), ids).Query(func(found pgx.Rows) error {
		for found.Next() {
			var j rows.Job
			var next instant
			if err := found.Scan(&j.ID, &j.Version, &j.Born, &next, &j.Waiting); err != nil {
				return err
			}
			j.Next = rows.Micros(timeOf(next))
			j.ID = toID(j.ID)
			there[j.ID] = j
		}
		return found.Err()
	})
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return 0, err
	}
	p, err := rows.Put(mode, jobs, there, floor, time.Time{})
	if err != nil {
		return 0, err
	}
	if err := tx.SendBatch(ctx, t.write(p)).Close(); err != nil {
		return 0, err
	}
	for i := range jobs {
		jobs[i].Version = p.Versions[i]
	}
	return len(p.Records), nil
}

const insertJobs = `
INSERT INTO @.job (id, version, born, put, next, task, executor, kind)
SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::timestamptz[], $6::text[], $7::text[], $8::text[])`

const updateJobs = `
UPDATE @.job AS j SET version = u.version, put = u.put, next = u.next, task = u.task, executor = u.executor, kind = u.kind
FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::timestamptz[], $6::text[], $7::text[], $8::text[])
	AS u (id, version, born, put, next, task, executor, kind)
WHERE j.id = u.id`

const putSpecs = `
INSERT INTO @.spec (job, born, task, executor, kind, max_instances, delivery, spec)
SELECT id, born, task, executor, kind, max_instances, delivery, spec::json
FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::integer[], $7::text[], $8::text[])
	AS u (id, born, task, executor, kind, max_instances, delivery, spec)
ON CONFLICT (job, born) DO UPDATE SET task = excluded.task, executor = excluded.executor, kind = excluded.kind,
	max_instances = excluded.max_instances, delivery = excluded.delivery, spec = excluded.spec`

// write is what a Put writes.
func (t *tables) write(p *rows.Puts) *pgx.Batch {
	var b pgx.Batch
	t.writeJobs(&b, p.New, insertJobs)
	t.writeJobs(&b, p.Known, updateJobs)
	t.record(&b, p.Records)
	t.notify(&b)
	return &b
}

func (t *tables) writeJobs(b *pgx.Batch, jobs []rows.Job, query string) {
	if len(jobs) == 0 {
		return
	}
	n := len(jobs)
	id, task, executor, kind, delivery, spec := make([]string, n), make([]string, n), make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	version, born, put := make([]int64, n), make([]int64, n), make([]int64, n)
	next, most := make([]instant, n), make([]int, n)
	for i := range jobs {
		j := &jobs[i]
		id[i], version[i], born[i], put[i], next[i] = toText(j.ID), j.Version, j.Born, j.Put, instantOf(rows.Time(j.Next))
		task[i], executor[i], kind[i], most[i], delivery[i], spec[i] = j.Task, j.Executor, j.Kind, j.MaxInstances, j.Delivery.String(), string(j.Spec)
	}
	b.Queue(t.sql(query), id, version, born, put, next, task, executor, kind)
	b.Queue(t.sql(putSpecs), id, born, task, executor, kind, most, delivery, spec)
}
