package storetest

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// model is a store written for nothing but to be understood: lists that are
// searched from end to end. It is given each operation together with what the
// store under test has answered, says what is wrong with that, and does the
// same.
type model struct {
	jobs     []*modelJob
	runs     []*modelRun
	nodes    []*modelNode
	versions map[string]int64           // the greatest there has been, by ID
	known    map[*session]*stores.Known // of the last claim
	now      time.Time                  // of the clock that judges leases
	memory   modelHistory
}

type modelJob struct {
	job.Job
	waiting, deleted, parked bool
	told                     map[*session]bool // that it can't run there; false: may be told again
}

type modelRun struct {
	job.Run
	job  *modelJob
	node *modelNode // nil: held by nobody
	over bool
}

type modelNode struct {
	name   string
	until  time.Time // zero: an owner
	dead   bool
	seq    uint64
	answer []int64 // the runs of its last claim
}

func (n *modelNode) alive(now time.Time) bool {
	return !n.dead && (n.until.IsZero() || now.Before(n.until))
}

func (m *model) node(name string) *modelNode {
	for _, n := range m.nodes {
		if n.name == name {
			return n
		}
	}
	return nil
}

func (m *model) find(id string) *modelJob {
	for _, j := range m.jobs {
		if j.ID == id {
			return j
		}
	}
	return nil
}

func (m *model) drop(j *modelJob) {
	m.jobs = slices.DeleteFunc(m.jobs, func(o *modelJob) bool { return o == j })
}

func (m *model) live(id string) int {
	instances := map[int64]bool{}
	for _, r := range m.runs {
		if r.JobID == id && !r.over {
			instances[r.Instance] = true
		}
	}
	return len(instances)
}

// register compares err, for a name that is not dead.
func (m *model) register(name string, ttl time.Duration, err error) error {
	n := m.node(name)
	for _, o := range m.nodes {
		if ttl == 0 && o != n && !o.until.IsZero() && o.alive(m.now) {
			return refused(err, job.ErrShared, "")
		}
	}
	for _, o := range m.nodes {
		o.dead = o.dead || o != n && o.until.IsZero()
	}
	if n == nil {
		n = &modelNode{name: name}
		m.nodes = append(m.nodes, n)
	}
	if ttl > 0 {
		n.until = m.now.Add(ttl)
	}
	return err
}

// put compares err and the Versions of jobs, which are set by the store.
func (m *model) put(mode stores.PutMode, before, jobs []job.Job, err error) error {
	seen := map[string]bool{}
	for _, j := range before {
		var kind error
		switch old := m.find(j.ID); {
		case mode == stores.Insert && (old != nil || seen[j.ID]):
			kind = job.ErrJobExists
		case mode == stores.IfVersion && old == nil:
			kind = job.ErrJobNotFound
		case mode == stores.IfVersion && (old.Version != j.Version || seen[j.ID]):
			kind = job.ErrConflict
		}
		if kind != nil {
			return refused(err, kind, j.ID)
		}
		seen[j.ID] = true
	}
	if err != nil {
		return err
	}
	for _, j := range jobs {
		old := m.find(j.ID)
		if old == nil {
			old = &modelJob{}
			m.jobs = append(m.jobs, old)
			if j.Version <= m.versions[j.ID] {
				return fmt.Errorf("job %q is new and has Version %d, but there was %d", j.ID, j.Version, m.versions[j.ID])
			}
		} else if j.Version != old.Version+1 {
			return fmt.Errorf("job %q has Version %d after %d", j.ID, j.Version, old.Version)
		} else {
			m.record(job.Record{JobID: j.ID, Outcome: stores.Change(&old.Job, &j)})
		}
		j.Paused = j.NextRunTime.IsZero()
		old.Job, old.parked, old.told = j, false, nil
		m.versions[j.ID] = j.Version
	}
	return nil
}

func (m *model) delete(ids, got []string) error {
	var missing []string
	for i, id := range ids {
		switch j := m.find(id); {
		case slices.Contains(ids[:i], id):
		case j == nil:
			missing = append(missing, id)
		default:
			m.deleteJob(j)
		}
	}
	return want("missing", show(missing), got)
}

func (m *model) deleteAll(got int) error {
	all := slices.Clone(m.jobs)
	for _, j := range all {
		m.deleteJob(j)
	}
	return want("deleted", fmt.Sprint(len(all)), got)
}

// deleteJob ends the runs of the job that are held by nobody.
func (m *model) deleteJob(j *modelJob) {
	j.deleted = true
	m.drop(j)
	m.record(job.Record{JobID: j.ID, Outcome: job.Removed})
	for _, r := range m.runs {
		if r.job == j && r.node == nil && !r.over {
			m.end(r)
		}
	}
}

func (m *model) list() string {
	slices.SortFunc(m.jobs, func(a, b *modelJob) int { return cmp.Compare(a.ID, b.ID) })
	text := ""
	for _, j := range m.jobs {
		text += modelLine(&j.Job)
	}
	return text
}

func modelLine(j *job.Job) string {
	return fmt.Sprintf("%s %s v%d %s %v\n", j.ID, second(j.NextRunTime), j.Version, j.Call.TaskName(), j.Paused)
}

func (j *modelJob) bump(m *model) {
	j.Version++
	m.versions[j.ID] = j.Version
}

// end ends a run, and returns when the job is due that has waited for it.
func (m *model) end(r *modelRun) (next time.Time) {
	live := m.live(r.JobID)
	r.over = true
	if j := m.find(r.JobID); j != nil && j.waiting && m.live(r.JobID) < live {
		j.waiting = false
		return j.NextRunTime
	}
	return next
}

func (m *model) finish(name string, done []stores.Done, got stores.Finished) error {
	var exp stores.Finished
	early := func(t time.Time) {
		if !t.IsZero() && (exp.Next.IsZero() || t.Before(exp.Next)) {
			exp.Next = t
		}
	}
	n := m.node(name)
	for _, d := range done {
		for _, r := range m.runs {
			if r.ID != d.RunID || r.over || r.Attempt != d.Attempt || r.node == nil || r.node != n || !n.alive(m.now) {
				continue
			}
			exp.Held++
			if d.Outcome == job.Released && !r.job.deleted {
				r.node = nil
				early(r.Scheduled)
				continue
			}
			if d.Outcome != job.Released {
				end := ofRun(r.Run, d.Outcome, n.name)
				end.Started, end.Finished, end.Reason = d.Started, d.Finished, d.Err
				m.record(end)
			}
			early(m.end(r))
		}
	}
	return want("Finish", show(exp), got)
}
