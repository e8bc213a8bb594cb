package mysql

import (
	"database/sql"
	"math"
	"slices"
	"time"

	"github.com/carillon-go/carillon/stores/internal/claim"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

// enter has a node's claims, and who buries it, wait for each other. Heartbeats
// do not wait.
const enter = "SELECT claim FROM @answer WHERE node = ? FOR UPDATE"

const findTrouble = `
SELECT EXISTS (SELECT 1 FROM @node WHERE state IN ('alive', 'dead') AND until <= ` + now + `),
	EXISTS (SELECT 1 FROM @run WHERE node IS NULL),
	(SELECT IFNULL(MAX(version), 0) FROM @meta)`

// due is what claims are about. The index has the jobs in their order: with any
// other, rows would be locked that are not claimed.
const due = "FROM @job AS j FORCE INDEX (job_due) WHERE j.waiting = 0 AND j.next <= ?"

const findAhead = "SELECT j.next FROM @job AS j FORCE INDEX (job_due) WHERE j.waiting = 0 AND j.next > ? AND "

// Look follows the rules of [claim.Server], in one round trip.
func (k *claiming) Look(first bool) error {
	var b batch
	version := 0
	if first {
		answered := false
		b.find(func(r *sql.Rows) error {
			var seq int64
			err := r.Scan(&seq)
			answered, k.Entry.Answered = true, uint64(seq)
			return err
		}, enter, []byte(k.Node))
		b.find(func(r *sql.Rows) error {
			err := r.Scan(&k.Entry.Alive)
			k.Entry.Alive = k.Entry.Alive && answered
			return err
		}, isAlive, []byte(k.Node))
		b.find(func(r *sql.Rows) error { return r.Scan(&k.Entry.Dead, &k.Entry.Free, &version) }, findTrouble)
	}
	p := &k.Page
	at, from := k.Now.UnixMicro(), since(p.Behind.Next)
	args := append([]any{at, from, from, []byte(p.Behind.ID)}, k.fit.args...)
	b.find(dueJobs(&p.Jobs), "SELECT j.id, j.version, j.born, j.put, j.next "+due+
		" AND j.next >= ? AND (j.next > ? OR j.id > ?) AND "+k.fit.text+
		" ORDER BY j.next, j.id LIMIT ? FOR UPDATE SKIP LOCKED", append(args, p.Size)...)
	b.find(func(r *sql.Rows) error {
		var next instant
		err := r.Scan(&next)
		p.Ahead = next.time()
		return err
	}, findAhead+k.fit.text+" ORDER BY j.next LIMIT 1", append([]any{at}, k.fit.args...)...)
	if err := k.send(&b); err != nil {
		return err
	}
	return k.supports(version)
}

func dueJobs(list *[]claim.Job) func(*sql.Rows) error {
	return func(r *sql.Rows) error {
		var j claim.Job
		var next instant
		err := r.Scan(&j.ID, &j.Version, &j.Born, &j.Put, &next)
		j.Next = next.time()
		*list = append(*list, j)
		return err
	}
}

// liveRuns is a statement that comes after the jobs were locked: it has to see
// what was committed until then.
const liveRuns = "SELECT id, job, instance, scheduled FROM @run FORCE INDEX (run_job) WHERE job IN ({?})"

const findSpecs = `
SELECT job, task, executor, kind, max_instances, delivery, spec FROM @spec FORCE INDEX (PRIMARY) WHERE ({job = ? AND born = ? OR })`

// Load follows the rules of [claim.Server], in one round trip, and a second one
// for strangers whose settings were not seen before. It draws a ticket for the
// runs that the jobs will have.
func (k *claiming) Load() error {
	var b batch
	if n := len(k.Page.Jobs); n > 0 {
		k.findLive(&b, n)
		if k.number == 0 {
			b.ticket(&k.number)
		}
	}
	if !k.Page.Full() && !k.fit.everything() {
		k.findUnfit(&b)
	}
	if err := k.loadSpecs(b, k.Page.Jobs); err != nil {
		return err
	}
	return k.loadSpecs(nil, k.Page.Strangers)
}

// findLive finds the unfinished runs of the page's jobs, of which there are n.
func (k *claiming) findLive(b *batch, n int) {
	live := make(map[string]*claim.Live, n)
	for i := range k.Page.Jobs {
		j := &k.Page.Jobs[i]
		live[j.ID] = &j.Live
	}
	instances := map[int64]bool{}
	b.findEach(func(r *sql.Rows) error {
		var id, instance int64
		var job string
		var scheduled instant
		err := r.Scan(&id, &job, &instance, &scheduled)
		live[job].Add(id, scheduled.time(), !instances[instance])
		instances[instance] = true
		k.unfinished[job] = append(k.unfinished[job], id)
		return err
	}, liveRuns, n, func(args []any, i int) []any { return append(args, []byte(k.Page.Jobs[i].ID)) })
}

// findUnfit finds due jobs that this process does not know: those that are due
// since its last claim, and some of the others.
func (k *claiming) findUnfit(b *batch) {
	strangers := "SELECT j.id, j.version, j.born, j.put, j.next " + due + " AND NOT (" + k.fit.text + ")"
	args := append([]any{k.Now.UnixMicro()}, k.fit.args...)
	front := since(k.Front())
	next, id := k.Behind()
	from := since(next)
	b.find(dueJobs(&k.Page.Strangers), strangers+" AND j.next <= ? AND j.next >= ? AND (j.next > ? OR j.id > ?) ORDER BY j.next, j.id LIMIT ?",
		append(slices.Clone(args), front, from, from, []byte(id), claim.Strangers)...)
	b.find(dueJobs(&k.Page.Strangers), strangers+" AND j.next > ? ORDER BY j.next, j.id", append(args, front)...)
}

// since is a time that others are compared with; the zero time comes before all.
func since(t time.Time) int64 {
	if t.IsZero() {
		return math.MinInt64
	}
	return t.UnixMicro()
}

// loadSpecs sends a batch, with which it reads the settings of jobs as far as they
// were not seen before.
func (k *claiming) loadSpecs(b batch, jobs []claim.Job) error {
	missing := claim.Fill(k.cache, jobs)
	read := make(map[string]*rows.Settings, len(missing))
	b.findEach(func(r *sql.Rows) error {
		var id string
		var s putSettings
		err := r.Scan(append([]any{&id}, s.into()...)...)
		read[id] = s.rows()
		return err
	}, findSpecs, len(missing), func(args []any, i int) []any { return append(args, []byte(missing[i].ID), missing[i].Born) })
	if len(b) == 0 {
		return nil
	}
	if err := k.send(&b); err != nil {
		return err
	}
	missing.Settle(k.cache, read)
	return nil
}
