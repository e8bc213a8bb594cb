package rows

import (
	"cmp"
	"slices"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// Puts are what a Put writes. Rows are in order of ID, one for each, so that two who
// put the same jobs do not wait for each other.
type Puts struct {
	New      []Job        // rows to insert
	Known    []Job        // rows to put in the place of those of the same IDs
	Versions []int64      // of the jobs that were put, in their order
	Records  []job.Record // history
}

// Put decides a Put, given the jobs of these IDs that are there, and the floor:
// no job that is gone ever had a greater Version. It changes none of its
// arguments. The errors are those of [stores.Store].Put; they name the
// job, but not the store.
func Put(mode stores.PutMode, jobs []job.Job, there map[string]Job, floor int64, at time.Time) (*Puts, error) {
	p := &Puts{Versions: make([]int64, len(jobs))}
	put := make([]Job, 0, len(jobs))
	placed := make(map[string]int, len(jobs)) // index in put
	for i := range jobs {
		j := &jobs[i]
		k, again := placed[j.ID]
		old, exists := there[j.ID]
		if again {
			old, exists = put[k], true
		}
		if err := admit(mode, j, &old, exists, again); err != nil {
			return nil, &job.Error{Op: "put", Job: j.ID, Err: err}
		}
		settings, err := Encode(j)
		if err != nil {
			return nil, &job.Error{Op: "put", Job: j.ID, Err: err}
		}
		row := Job{ID: j.ID, Version: floor + 1, Born: floor + 1, Next: Micros(j.NextRunTime), Settings: settings}
		if exists {
			row.Version, row.Born, row.Waiting = old.Version+1, old.Born, old.Waiting
			p.Records = append(p.Records, changed(&old, j, at))
		}
		row.Put = row.Version
		p.Versions[i] = row.Version
		if again {
			put[k] = row
			continue
		}
		placed[j.ID] = len(put)
		put = append(put, row)
	}
	slices.SortFunc(put, func(a, b Job) int { return cmp.Compare(a.ID, b.ID) })
	for i := range put {
		if _, exists := there[put[i].ID]; exists {
			p.Known = append(p.Known, put[i])
		} else {
			p.New = append(p.New, put[i])
		}
	}
	return p, nil
}

// admit says why j cannot be put; again means that it was put by the same call.
func admit(mode stores.PutMode, j *job.Job, old *Job, exists, again bool) error {
	switch {
	case mode == stores.Insert && exists:
		return job.ErrJobExists
	case mode == stores.IfVersion && !exists:
		return job.ErrJobNotFound
	case mode == stores.IfVersion && (again || old.Version != j.Version):
		return job.ErrConflict
	}
	return nil
}

func changed(old *Job, j *job.Job, at time.Time) job.Record {
	before := job.Job{NextRunTime: Time(old.Next)}
	return job.Record{At: at, JobID: j.ID, Outcome: stores.Change(&before, j)}
}
