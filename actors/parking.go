package actors

import (
	"sync"

	"github.com/carillon-go/carillon/job"
)

// parkings are the reasons for which jobs of a store were parked that nothing about
// the jobs shows, such as a trigger that has panicked: for whoever looks at them
// later, beside the store's actor too.
type parkings struct {
	mu   sync.Mutex // guards what follows
	jobs map[string]parking
}

// parking holds for one version of a job: it is not changed by being parked.
type parking struct {
	version int64
	reason  string
}

// note takes note of a job that was parked.
func (ps *parkings) note(j *job.Job, reason string) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	if ps.jobs == nil {
		ps.jobs = make(map[string]parking)
	}
	ps.jobs[j.ID] = parking{j.Version, reason}
}

// any reports whether there may be any.
func (ps *parkings) any() bool {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	return len(ps.jobs) > 0
}

// of returns why a job was parked, as it is now; "": it was not.
func (ps *parkings) of(j *job.Job) string {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	p, ok := ps.jobs[j.ID]
	switch {
	case !ok:
		return ""
	case p.version != j.Version:
		delete(ps.jobs, j.ID)
		return ""
	}
	return p.reason
}

// forget forgets jobs that are removed.
func (ps *parkings) forget(ids ...string) {
	if !ps.any() {
		return
	}
	ps.mu.Lock()
	defer ps.mu.Unlock()
	for _, id := range ids {
		delete(ps.jobs, id)
	}
}

// forgetAll forgets all jobs.
func (ps *parkings) forgetAll() {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	clear(ps.jobs)
}
