package storetest

import (
	"errors"
	"fmt"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// refused checks that err is of the kind, and a *job.Error about this store and
// job; "" is none.
func refused(err, kind error, id string) error {
	if !errors.Is(err, kind) {
		return fmt.Errorf("got error %q, want one that is %q", fmt.Sprint(err), kind)
	}
	if about, ok := errors.AsType[*job.Error](err); !ok || about.Store != alias || about.Job != id {
		return fmt.Errorf("error %q is no *job.Error about store %q and job %q", err, alias, id)
	}
	return nil
}

var putRules = []rule{
	{
		name:        "put/insert",
		explanation: "Put in mode Insert stores jobs that do not exist.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("b", 1), due("a", 2))
			return want("List", "a b", s.list("", 10))
		},
	},
	{
		name:        "put/insert-existing",
		explanation: "Put in mode Insert refuses a job that exists with ErrJobExists, in an error that names it.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			err := s.Put(e.ctx, stores.Insert, []job.Job{due("a", 2)})
			return errors.Join(refused(err, job.ErrJobExists, "a"), want("NextRunTime", "1", s.get("a").NextRunTime))
		},
	},
	{
		name:        "put/insert-all-or-none",
		explanation: "A Put that fails for one job stores none of the others.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("b", 1))
			err := s.Put(e.ctx, stores.Insert, []job.Job{due("a", 2), due("b", 2), due("c", 2)})
			return errors.Join(refused(err, job.ErrJobExists, "b"),
				want("List", "b", s.list("", 10)),
				want("claim", "runs b@1; ended b; next never", s.do(5, once)))
		},
	},
	{
		name:        "put/insert-twice-in-one-call",
		explanation: "Jobs are put as if one after the other: an Insert of the same ID twice in one call fails, and stores nothing.",
		check: func(e *env) error {
			s := e.owner("n")
			err := s.Put(e.ctx, stores.Insert, []job.Job{due("a", 1), due("b", 1), due("a", 2)})
			return errors.Join(refused(err, job.ErrJobExists, "a"),
				want("List", "", s.list("", 10)),
				want("claim", "next never", s.do(5, once)))
		},
	},
	{
		name:        "put/insert-twice-keeps-instances",
		explanation: "An Insert that fails leaves everything as it was, the unfinished runs of earlier jobs of these IDs included.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			c := s.do(1, once)
			err := s.Put(e.ctx, stores.Insert, []job.Job{due("a", 2), due("a", 2)})
			return errors.Join(refused(err, job.ErrJobExists, "a"), want("Finish", "held 1, next never", s.finish(job.Executed, c.Runs...)))
		},
	},
	{
		name:        "put/replace",
		explanation: "Put in mode Replace stores a job whether it exists or not.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			s.replace(due("a", 2), due("b", 3))
			return errors.Join(want("List", "a b", s.list("", 10)),
				want("NextRunTime of a", "2", s.get("a").NextRunTime),
				want("claim at 1", "next 2", s.do(1, once)),
				want("claim at 3", "runs a@2 b@3; ended a b; next never", s.do(3, once)))
		},
	},
	{
		name:        "put/replace-twice-in-one-call",
		explanation: "Jobs are put as if one after the other: of two with the same ID in one Replace the last one stays.",
		check: func(e *env) error {
			s := e.owner("n")
			jobs := s.put(stores.Replace, due("a", 1), due("a", 2))
			j := s.get("a")
			return errors.Join(want("NextRunTime", "2", j.NextRunTime),
				want("Version", fmt.Sprint(jobs[0].Version+1), j.Version),
				want("claim", "runs a@2; ended a; next never", s.do(9, once)))
		},
	},
	{
		name:        "put/if-version",
		explanation: "Put in mode IfVersion overwrites a job that has the given Version.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			j := s.get("a")
			j.NextRunTime, j.MaxInstances = at(2), 5
			s.put(stores.IfVersion, j)
			j = s.get("a")
			return errors.Join(want("NextRunTime", "2", j.NextRunTime), want("MaxInstances", "5", j.MaxInstances))
		},
	},
	{
		name:        "put/if-version-conflict",
		explanation: "Put in mode IfVersion refuses a job that has another Version with ErrConflict.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			old := s.get("a")
			s.replace(due("a", 2))
			old.NextRunTime = at(3)
			err := s.Put(e.ctx, stores.IfVersion, []job.Job{old})
			return errors.Join(refused(err, job.ErrConflict, "a"), want("NextRunTime", "2", s.get("a").NextRunTime))
		},
	},
	{
		name:        "put/if-version-after-claim",
		explanation: "A claim that has moved a job on makes Puts fail that read the job before it: they would put the run time back.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			old := s.get("a")
			s.do(1, then(2))
			err := s.Put(e.ctx, stores.IfVersion, []job.Job{old})
			return errors.Join(refused(err, job.ErrConflict, "a"), want("NextRunTime", "2", s.get("a").NextRunTime))
		},
	},
	{
		name:        "put/if-version-missing",
		explanation: "Put in mode IfVersion refuses a job that does not exist with ErrJobNotFound.",
		check: func(e *env) error {
			s := e.owner("n")
			err := s.Put(e.ctx, stores.IfVersion, []job.Job{due("a", 1)})
			return errors.Join(refused(err, job.ErrJobNotFound, "a"), want("List", "", s.list("", 10)))
		},
	},
	{
		name:        "put/if-version-all-or-none",
		explanation: "An IfVersion that fails for one job changes none of the others, and one job given twice is a conflict.",
		check: func(e *env) error {
			s := e.owner("n")
			jobs := s.put(stores.Insert, due("a", 1), due("b", 1))
			a, b := jobs[0], jobs[1]
			a.NextRunTime, b.NextRunTime, b.Version = at(2), at(2), b.Version+7
			one := s.Put(e.ctx, stores.IfVersion, []job.Job{a, b})
			two := s.Put(e.ctx, stores.IfVersion, []job.Job{a, a})
			return errors.Join(refused(one, job.ErrConflict, "b"), refused(two, job.ErrConflict, "a"),
				want("NextRunTime of a", "1", s.get("a").NextRunTime))
		},
	},
	{
		name:        "put/nothing",
		explanation: "A Put of no jobs does nothing.",
		check: func(e *env) error {
			s := e.owner("n")
			return s.Put(e.ctx, stores.IfVersion, nil)
		},
	},
	{
		name:        "put/many",
		explanation: "A Put may be of thousands of jobs.",
		check: func(e *env) error {
			s := e.owner("n")
			jobs := make([]job.Job, 5000)
			for i := range jobs {
				jobs[i] = due(fmt.Sprintf("job-%05d", i), float64(i))
			}
			s.insert(jobs...)
			return errors.Join(want("jobs", "5000", len(s.list("", 10000))),
				want("claim", "runs job-00000@0 job-00001@1; ended job-00000 job-00001; next 2", s.do(1, once)))
		},
	},
}
