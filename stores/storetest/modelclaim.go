package storetest

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// claim compares got, and takes the IDs of new runs from it.
func (m *model) claim(s *session, c *stores.Claim, got *stores.Claimed, err error) error {
	n := m.node(c.Node)
	if n == nil || !n.alive(m.now) {
		return refused(err, job.ErrLeaseExpired, "")
	}
	if err != nil {
		return err
	}
	exp := &stores.Claimed{Finished: got.Finished}
	switch {
	case len(c.Done) == 0 && got.Finished == nil:
	case len(c.Done) == 0 || got.Finished == nil:
		return fmt.Errorf("Finished is %+v for %d ends of runs", got.Finished, len(c.Done))
	default:
		if err := m.finish(c.Node, c.Done, *got.Finished); err != nil {
			return err
		}
	}
	if n.seq == c.Seq {
		m.glance(s, c.Known)
		return want("repeated runs", show(n.answer), runIDs(got.Runs))
	}
	m.learn(s, c.Known)
	m.bury(exp)
	taken, err := m.takeOver(n, c, got, exp)
	if err != nil {
		return err
	}
	m.plan(n, s, c, got, exp, taken)
	if err := want("skipped", showSkips(exp.Skipped), showSkips(got.Skipped)); err != nil {
		return err
	}
	if err := m.parked(s, c, got, exp.More); err != nil {
		return err
	}
	exp.Parked = got.Parked
	for _, j := range m.jobs {
		if m.fits(j, c.Known) && !j.waiting && !j.parked && !j.NextRunTime.IsZero() && (exp.Next.IsZero() || j.NextRunTime.Before(exp.Next)) {
			exp.Next = j.NextRunTime
		}
	}
	n.seq, n.answer = c.Seq, runIDs(got.Runs)
	return errors.Join(want("claim", show(exp), got), m.ids(got.Runs))
}

func runIDs(runs []job.Run) (ids []int64) {
	for _, r := range runs {
		ids = append(ids, r.ID)
	}
	return ids
}

// repeatable says whether the last claim of a node can be repeated: whether
// none of its runs has been reported.
func (m *model) repeatable(name string) bool {
	held := 0
	n := m.node(name)
	for _, r := range m.runs {
		if slices.Contains(n.answer, r.ID) && r.node == n && !r.over {
			held++
		}
	}
	return n.seq > 0 && held == len(n.answer)
}

// repeats says whether a run is in the answer to a claim, which is a repetition.
func (m *model) repeats(c *stores.Claim, run int64) bool {
	n := m.node(c.Node)
	return n.seq == c.Seq && slices.Contains(n.answer, run)
}

// learn has all parked jobs looked at again if s knows other names now.
func (m *model) learn(s *session, known *stores.Known) {
	last, claimed := m.known[s]
	if claimed && last == known {
		return
	}
	m.known[s] = known
	for _, j := range m.jobs {
		j.parked = false
		delete(j.told, s)
	}
}

// glance lets s be told again of parked jobs if it knows other names in a claim
// that is repeated.
func (m *model) glance(s *session, known *stores.Known) {
	if m.known[s] == known {
		return
	}
	for _, j := range m.jobs {
		if j.told[s] {
			j.told[s] = false
		}
	}
}

func (m *model) bury(exp *stores.Claimed) {
	for _, r := range m.runs {
		if r.over || r.node == nil || r.node.alive(m.now) {
			continue
		}
		if r.job.Delivery == job.AtLeastOnce && !r.job.deleted {
			r.node = nil
			continue
		}
		exp.Lost = append(exp.Lost, r.Run)
		m.record(ofRun(r.Run, job.Lost, r.node.name))
		m.end(r)
	}
}

func (m *model) takeOver(n *modelNode, c *stores.Claim, got, exp *stores.Claimed) (int, error) {
	var instance int64
	for _, r := range m.runs {
		if r.over || r.node != nil || !m.fits(r.job, c.Known) {
			continue
		}
		if len(exp.Runs) >= c.Limit && r.Instance != instance {
			exp.More = true
			break
		}
		instance = r.Instance
		r.node = n
		r.Attempt++
		i := len(exp.Runs)
		if i >= len(got.Runs) || got.Runs[i].ID != r.ID {
			return 0, fmt.Errorf("run %d, %s, is not handed out again", r.ID, r.String())
		}
		exp.Runs = append(exp.Runs, r.Run)
	}
	return len(exp.Runs), nil
}

func (m *model) plan(n *modelNode, s *session, c *stores.Claim, got, exp *stores.Claimed, taken int) {
	var dueJobs []*modelJob
	for _, j := range m.jobs {
		if m.due(j, c.Now) && m.fits(j, c.Known) && !j.parked {
			dueJobs = append(dueJobs, j)
		}
	}
	slices.SortFunc(dueJobs, func(a, b *modelJob) int {
		return cmp.Or(a.NextRunTime.Compare(b.NextRunTime), cmp.Compare(a.ID, b.ID))
	})
	for _, j := range dueJobs {
		if len(exp.Runs) >= c.Limit {
			exp.More = true
			return
		}
		var step stores.Step
		c.Plan(&j.Job, m.live(j.ID), &step)
		if step.Park != "" {
			j.parked = true
			continue
		}
		m.step(n, j, &step, got, exp)
	}
}

func (m *model) step(n *modelNode, j *modelJob, step *stores.Step, got, exp *stores.Claimed) {
	var instance int64
	for i, t := range step.Runs {
		r := &modelRun{job: j, node: n, Run: job.Run{JobID: j.ID, Scheduled: t, First: t, Attempt: 1}}
		if k := len(exp.Runs); k < len(got.Runs) {
			r.ID = got.Runs[k].ID
		}
		if i == 0 {
			instance = r.ID
			if !step.First.IsZero() {
				r.First = step.First
			}
		}
		r.Instance = instance
		exp.Runs = append(exp.Runs, r.Run)
		m.runs = append(m.runs, r)
	}
	if len(step.Skipped) > 0 {
		exp.Skipped = append(exp.Skipped, m.skip(j, step, n.name))
	}
	j.bump(m)
	if step.Ended {
		exp.Ended = append(exp.Ended, j.ID)
		m.drop(j)
		return
	}
	j.NextRunTime, j.Paused = step.Next, step.Next.IsZero()
	j.waiting = step.Wait && m.live(j.ID) > 0
}

// skip names the unfinished run that was claimed first.
func (m *model) skip(j *modelJob, step *stores.Step, node string) stores.Skip {
	s := stores.Skip{JobID: j.ID, Executor: j.Executor, Times: step.Skipped}
	for _, r := range m.runs {
		if r.JobID == j.ID && !r.over {
			s.Running, s.RunningSince = r.ID, r.Scheduled
			break
		}
	}
	for i, t := range step.Skipped {
		m.record(job.Record{
			JobID: j.ID, Outcome: job.Skipped, Scheduled: t, First: step.SkippedSince(i), Node: node, Reason: s.SkipReason(j.MaxInstances),
		})
	}
	return s
}

// parked checks that Parked has the due jobs that s cannot run and was not told
// of since they were put or its Known has changed; each once, and no others.
func (m *model) parked(s *session, c *stores.Claim, got *stores.Claimed, more bool) error {
	for _, p := range got.Parked {
		j := m.find(p.JobID)
		if j == nil || !m.due(j, c.Now) || m.fits(j, c.Known) && !j.parked {
			return fmt.Errorf("job %q is listed as parked", p.JobID)
		}
		if j.told[s] {
			return fmt.Errorf("job %q is listed as parked again", p.JobID)
		}
		if j.told == nil {
			j.told = map[*session]bool{}
		}
		j.told[s] = true
		m.record(job.Record{
			JobID: j.ID, Outcome: job.Parked, Scheduled: j.NextRunTime, First: j.NextRunTime, Node: c.Node, Reason: p.Reason,
		})
	}
	for _, j := range m.jobs {
		if m.due(j, c.Now) && (j.parked || !m.fits(j, c.Known)) && !more {
			if _, told := j.told[s]; told {
				continue
			}
			return fmt.Errorf("job %q is not listed as parked", j.ID)
		}
	}
	return nil
}

func (m *model) due(j *modelJob, now time.Time) bool {
	return !j.waiting && !j.NextRunTime.IsZero() && !j.NextRunTime.After(now)
}

func (m *model) fits(j *modelJob, known *stores.Known) bool {
	return known == nil || known.Tasks == nil || slices.Contains(known.Tasks, j.Call.TaskName())
}

// ids checks that no run ID is used twice, and the instances.
func (m *model) ids(got []job.Run) error {
	seen := map[int64]bool{0: true}
	for _, r := range m.runs {
		if seen[r.ID] {
			return fmt.Errorf("run ID %d is used twice", r.ID)
		}
		seen[r.ID] = true
	}
	for i := range got {
		for _, r := range m.runs {
			if r.ID == got[i].ID && r.Instance != got[i].Instance {
				return fmt.Errorf("run %s has Instance %d, want %d", r.String(), got[i].Instance, r.Instance)
			}
		}
	}
	return nil
}
