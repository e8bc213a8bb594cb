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

// look reads, in one round trip, the page of due jobs that comes next, and
// locks them; the first time with all that comes before.
func (k *claiming) look(first bool) error {
	var b batch
	if first {
		b.find(func(r *sql.Rows) error { return r.Scan(&k.answered) }, enter, []byte(k.Node))
		b.find(func(r *sql.Rows) error { return r.Scan(&k.alive) }, isAlive, []byte(k.Node))
		b.find(func(r *sql.Rows) error { return r.Scan(&k.dead, &k.free, &k.schemaVersion) }, findTrouble)
	}
	at := k.Now.UnixMicro()
	from := since(k.behind.Next)
	k.size = max(0, k.Limit-len(k.Claimed.Runs)) + 1 + k.store.stuck
	k.page = nil
	args := append([]any{at, from, from, []byte(k.behind.ID)}, k.fit.args...)
	b.find(dueJobs(&k.page), "SELECT j.id, j.version, j.born, j.put, j.next "+due+
		" AND j.next >= ? AND (j.next > ? OR j.id > ?) AND "+k.fit.text+
		" ORDER BY j.next, j.id LIMIT ? FOR UPDATE SKIP LOCKED", append(args, k.size)...)
	k.ahead = time.Time{}
	b.find(func(r *sql.Rows) error {
		var next instant
		err := r.Scan(&next)
		k.ahead = next.time()
		return err
	}, findAhead+k.fit.text+" ORDER BY j.next LIMIT 1", append([]any{at}, k.fit.args...)...)
	return k.send(&b)
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

// load reads, in one round trip, what is to be known of the page: the jobs'
// settings and live instances, and a number for the runs that they will have.
func (k *claiming) load() error {
	var b batch
	k.live = map[string]*liveJob{}
	if n := len(k.page); n > 0 {
		instances := map[int64]bool{}
		b.findEach(func(r *sql.Rows) error {
			var id, instance int64
			var job string
			var scheduled instant
			err := r.Scan(&id, &job, &instance, &scheduled)
			k.liveOf(job).add(id, scheduled.time(), !instances[instance])
			instances[instance] = true
			return err
		}, liveRuns, n, func(args []any, i int) []any { return append(args, []byte(k.page[i].ID)) })
		k.loadSpecs(&b, k.page)
		if k.number == 0 {
			b.ticket(&k.number)
		}
	}
	if k.unfit = nil; len(k.page) < k.size && !k.fit.everything() {
		k.findUnfit(&b)
	}
	if len(b) == 0 {
		return nil
	}
	if err := k.send(&b); err != nil {
		return err
	}
	k.settle(k.page)
	return nil
}

// findUnfit finds due jobs that this process does not know: those that are due
// since its last claim, and some of the others.
func (k *claiming) findUnfit(b *batch) {
	strangers := "SELECT j.id, j.version, j.born, j.put, j.next " + due + " AND NOT (" + k.fit.text + ")"
	args := append([]any{k.Now.UnixMicro()}, k.fit.args...)
	front := since(k.Front())
	next, id := k.Behind()
	from := since(next)
	b.find(dueJobs(&k.unfit), strangers+" AND j.next <= ? AND j.next >= ? AND (j.next > ? OR j.id > ?) ORDER BY j.next, j.id LIMIT ?",
		append(slices.Clone(args), front, from, from, []byte(id), claim.Strangers)...)
	b.find(dueJobs(&k.unfit), strangers+" AND j.next > ? ORDER BY j.next, j.id", append(args, front)...)
}

// since is a time that others are compared with; the zero time comes before all.
func since(t time.Time) int64 {
	if t.IsZero() {
		return math.MinInt64
	}
	return t.UnixMicro()
}

// loadSpecs reads the settings of jobs that were not seen before.
func (k *claiming) loadSpecs(b *batch, jobs []claim.Job) {
	var missing []*claim.Job
	for i := range jobs {
		j := &jobs[i]
		if j.Spec = k.cache.Find(j.ID, j.Put); j.Spec == nil {
			missing = append(missing, j)
		}
	}
	k.settings = make(map[string]*rows.Settings, len(missing))
	b.findEach(func(r *sql.Rows) error {
		var id string
		var s putSettings
		err := r.Scan(append([]any{&id}, s.into()...)...)
		k.settings[id] = s.rows()
		return err
	}, findSpecs, len(missing), func(args []any, i int) []any { return append(args, []byte(missing[i].ID), missing[i].Born) })
}

// settle gives each job the settings that loadSpecs has read.
func (k *claiming) settle(jobs []claim.Job) {
	for i := range jobs {
		j := &jobs[i]
		if j.Spec != nil {
			continue
		}
		if s := k.settings[j.ID]; s != nil {
			j.Spec = k.cache.Add(j.ID, j.Put, s)
		} else { // somebody has deleted them by hand
			j.Spec = k.cache.Decode(j.ID, &rows.Settings{})
		}
	}
}

// liveJob are the unfinished runs of one job.
type liveJob struct {
	claim.Live
	runs []int64
}

func (k *claiming) liveOf(id string) *liveJob {
	l := k.live[id]
	if l == nil {
		l = &liveJob{}
		k.live[id] = l
	}
	return l
}

func (l *liveJob) add(run int64, scheduled time.Time, instance bool) {
	l.runs = append(l.runs, run)
	if l.Oldest == 0 || run < l.Oldest {
		l.Oldest, l.Since = run, scheduled
	}
	if instance {
		l.Instances++
	}
}
