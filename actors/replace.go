package actors

import (
	"errors"
	"slices"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// replacing is jobs that are being added, of which some replace others. A job may
// take its place in the schedule from the one that it replaces. So that one is
// read first, and since somebody else may change it meanwhile, another process
// that declares the same jobs at its start for instance, it is replaced only if
// nobody has, and read again otherwise.
type replacing struct {
	*store
	admission
	asked    []job.Job
	jobs     []job.Job // what becomes of them
	inserted []string
}

// addReplacing puts jobs into the Store, all or none; but what has been replaced
// stays so.
func (s *store) addReplacing(a admission, jobs []job.Job) error {
	r := &replacing{store: s, admission: a, asked: slices.Clone(jobs), jobs: jobs}
	err := r.putAll()
	if err != nil {
		s.undo(r.inserted)
	}
	for i := range jobs {
		jobs[i].Replace = false
	}
	return err
}

// putAll goes on until all are in the Store. Of jobs with one ID a later one
// replaces the earlier. As long as others change jobs while they are read, fewer of
// them are read at a time: many that run often are never all left alone.
func (r *replacing) putAll() error {
	left := make([]int, len(r.jobs))
	for i := range left {
		left[i] = i
	}
	portion, conflicts := len(left), 0
	for len(left) > 0 {
		n := min(portion, len(left))
		round, later := r.distinct(left[:n])
		undone, err := r.putOnce(round)
		switch {
		case err != nil:
			return err
		case len(undone) == 0:
			conflicts = 0
		case conflicts == attempts:
			return &job.Error{Op: "add job", Job: r.asked[undone[0]].ID, Store: r.alias, Err: job.ErrConflict}
		default:
			conflicts++
			portion = max(1, portion/10)
		}
		left = slices.Concat(undone, later, left[n:])
	}
	return nil
}

// distinct divides jobs into the first of each ID and the others.
func (r *replacing) distinct(of []int) (first, others []int) {
	seen := make(map[string]bool, len(of))
	for _, i := range of {
		if id := r.asked[i].ID; seen[id] {
			others = append(others, i)
		} else {
			seen[id] = true
			first = append(first, i)
		}
	}
	return first, others
}

// putOnce puts jobs into the Store, those first that can be refused. undone are
// jobs before which somebody else's change came.
func (r *replacing) putOnce(round []int) (undone []int, err error) {
	var share [3][]int // by PutMode
	for _, i := range round {
		mode, err := r.prepare(i)
		if err != nil {
			return nil, err
		}
		share[mode] = append(share[mode], i)
	}
	err = r.put(stores.Insert, share[stores.Insert])
	if errors.Is(err, job.ErrJobExists) && r.mayReplace(err) {
		return round, nil
	}
	if err == nil {
		for _, i := range share[stores.Insert] {
			r.inserted = append(r.inserted, r.jobs[i].ID)
		}
		err = r.put(stores.Replace, share[stores.Replace])
	}
	if err == nil {
		err = r.put(stores.IfVersion, share[stores.IfVersion])
	}
	if errors.Is(err, job.ErrConflict) || errors.Is(err, job.ErrJobNotFound) {
		return share[stores.IfVersion], nil
	}
	return nil, err
}

// prepare makes the job complete and says how it is to be put.
func (r *replacing) prepare(i int) (mode stores.PutMode, err error) {
	asked := r.asked[i]
	var old job.Job
	switch {
	case !asked.Replace:
		mode = stores.Insert
	case !scheduledByTrigger(&asked):
		mode = stores.Replace
	default:
		mode = stores.IfVersion
		if old, err = r.store.store.Get(r.ctx, asked.ID); errors.Is(err, job.ErrJobNotFound) {
			mode, err = stores.Insert, nil
		}
	}
	if err != nil {
		return mode, err
	}
	return mode, fenced(func() error {
		if mode == stores.IfVersion {
			old.Trigger = r.resolved(old.Trigger)
			r.jobs[i] = r.succeed(asked, old)
			r.jobs[i].Version = old.Version
		} else {
			r.jobs[i] = r.admit(asked)
		}
		return nil
	})
}

// mayReplace reports whether the job that exists may be replaced: it was not
// there when it was looked for.
func (r *replacing) mayReplace(exists error) bool {
	about, named := errors.AsType[*job.Error](exists)
	return named && slices.ContainsFunc(r.asked, func(j job.Job) bool { return j.ID == about.Job && j.Replace })
}

func (r *replacing) put(mode stores.PutMode, share []int) (err error) {
	if len(share) == 0 {
		return nil
	}
	part := make([]job.Job, len(share))
	for n, i := range share {
		part[n] = r.jobs[i]
	}
	if mode == stores.Insert {
		err = r.insert(part)
	} else {
		err = r.store.store.Put(r.ctx, mode, part)
	}
	for n, i := range share {
		r.jobs[i].Version = part[n].Version
	}
	return err
}
