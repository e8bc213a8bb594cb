package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/triggers"
)

// unusual is a job with no setting that is a default.
func unusual() job.Job {
	return job.Job{
		ID:           "unusual/ID with spaces, ümlauts and 'quotes\"",
		Name:         "a name",
		Call:         job.NewTask[args]("reports.send", nil).With(args{42}),
		Trigger:      every{90},
		Store:        alias,
		Executor:     "slow",
		MisfireGrace: 1500 * time.Millisecond,
		Coalesce:     job.All,
		MaxInstances: 3,
		Delivery:     job.AtLeastOnce,
		NextRunTime:  epoch.Add(123456 * time.Microsecond).In(time.FixedZone("", 5400)),
	}
}

// same compares jobs or runs.
func same[T any](what string, got, want T) error {
	if d := differences(got, want); len(d) > 0 {
		return fmt.Errorf("%s:\n %s", what, strings.Join(d, "\n "))
	}
	return nil
}

var jobRules = []rule{
	{
		name:        "job/fields",
		explanation: "A job comes back as it was put: its settings, call, arguments and trigger, and its next run time, to the microsecond at least.",
		check: func(e *env) error {
			s := e.owner("n")
			plain, j := due("plain", 1), unusual()
			plain.Name, plain.Store = plain.ID, alias
			stored := s.put(stores.Insert, plain, j)
			plain.Version, j.Version = stored[0].Version, stored[1].Version
			return errors.Join(same("Get", s.get(j.ID), j), same("Get", s.get(plain.ID), plain), same("List", s.list(plain.ID, 1)[0], j))
		},
	},
	{
		name:        "job/fields-for-plan",
		explanation: "Plan is given the job with all its fields, as Get would return it before the claim.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(unusual())
			j := s.get(unusual().ID)
			var planned job.Job
			s.do(1, func(j *job.Job, live int, step *stores.Step) {
				planned = *j
				once(j, live, step)
			})
			return same("Plan", planned, j)
		},
	},
	{
		name:        "job/replaced-fields",
		explanation: "A job that is replaced keeps none of its old settings.",
		check: func(e *env) error {
			s := e.owner("n")
			j := unusual()
			s.insert(due(j.ID, 1))
			stored := s.put(stores.Replace, j)
			j.Version = stored[0].Version
			return same("Get", s.get(j.ID), j)
		},
	},
	{
		name:        "job/alias",
		explanation: "A job's Store is the alias under which the scheduler that asks knows the store, whatever it was when put.",
		check: func(e *env) error {
			s := e.owner("n")
			j := due("a", 1)
			j.Store = "elsewhere"
			s.insert(j)
			c := s.do(1, once)
			s.replace(j)
			return errors.Join(want("Job.Store", alias, s.get("a").Store), want("Run.Store", alias, c.Runs[0].Store))
		},
	},
	{
		name:        "job/paused",
		explanation: "A job without a next run time is Paused, and no other is.",
		check: func(e *env) error {
			s := e.owner("n")
			a, b := due("a", 1), idle("b")
			a.Paused, b.Paused = true, false
			s.insert(a, b)
			a, b = s.get("a"), s.get("b")
			return errors.Join(want("a", "false 1", fmt.Sprint(a.Paused, " ", second(a.NextRunTime))),
				want("b", "true never", fmt.Sprint(b.Paused, " ", second(b.NextRunTime))))
		},
	},
	{
		name:        "job/version-set",
		explanation: "Put sets the Version of each job in the caller's slice; it is the stored one, and not zero.",
		check: func(e *env) error {
			s := e.owner("n")
			for _, mode := range []stores.PutMode{stores.Insert, stores.Replace, stores.IfVersion} {
				jobs := []job.Job{due("a", 1), due("b", 1)}
				if mode == stores.IfVersion {
					jobs = s.list("", 2)
				}
				s.put(mode, jobs...)
				for _, j := range jobs {
					if stored := s.get(j.ID).Version; j.Version != stored || stored == 0 {
						return fmt.Errorf("mode %d: Put said Version %d, Get says %d", mode, j.Version, stored)
					}
				}
			}
			return nil
		},
	},
	{
		name:        "job/version-counts",
		explanation: "A job's Version grows by one with each Put and with each step of a claim, and by nothing else: not when a run is finished, or released and handed out again.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 50))
			first := s.get("a").Version
			var grown []string
			note := func() { grown = append(grown, fmt.Sprint(s.get("a").Version-first)) }
			s.replace(due("a", 1))
			note()
			s.put(stores.IfVersion, s.get("a"))
			note()
			c := s.do(1, then(2))
			note()
			s.release(c.Runs...)
			note()
			c = s.do(1, once)
			note()
			s.finish(job.Executed, c.Runs...)
			note()
			s.do(1, once)
			note()
			s.do(2, park("no"))
			note()
			return want("growth", "1 2 3 3 3 3 3 3", strings.Join(grown, " "))
		},
	},
	{
		name:        "job/version-never-again",
		explanation: "A job that is put where one of its ID has been deleted, or has ended, gets a greater Version than that one had: who still holds the old one must not overwrite the new one.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 1))
			s.replace(due("a", 1), due("b", 1))
			old := s.list("", 2)
			s.delete("a")
			s.do(1, once)
			s.insert(due("a", 1), due("b", 1))
			return errors.Join(
				refused(s.Put(e.ctx, stores.IfVersion, old[:1]), job.ErrConflict, "a"),
				refused(s.Put(e.ctx, stores.IfVersion, old[1:]), job.ErrConflict, "b"))
		},
	},
	{
		name:        "job/copies",
		explanation: "The Store keeps copies: what the caller does to its jobs afterwards changes nothing.",
		check: func(e *env) error {
			s := e.owner("n")
			jobs := []job.Job{due("a", 1)}
			s.put(stores.Insert, jobs...)
			jobs[0].NextRunTime, jobs[0].Name = at(9), "x"
			got := s.list("", 1)
			got[0].NextRunTime, got[0].Name = at(9), "x"
			j := s.get("a")
			return errors.Join(want("NextRunTime", "1", j.NextRunTime), want("Name", "work", j.Name))
		},
	},
	{
		name:        "job/trigger-works",
		explanation: "A stored trigger answers as the one that was put, also if it is of a kind of the user's own.",
		check: func(e *env) error {
			s := e.owner("n")
			j := due("a", 3)
			j.Trigger = every{3}
			s.insert(j)
			plan := func(j *job.Job, _ int, step *stores.Step) {
				step.Runs = append(step.Runs, j.NextRunTime)
				step.Next, _ = j.Trigger.Next(j.NextRunTime, j.NextRunTime)
			}
			return errors.Join(want("claim", "runs a@3; next 6", s.do(3, plan)), want("claim", "runs a@6; next 9", s.do(8, plan)))
		},
	},
	{
		name:        "job/func",
		explanation: "A job that is a Go function, or whose trigger has no JSON form, is kept by a Transient store as it is; any other refuses it with ErrTransientJob.",
		check: func(e *env) error {
			s := e.owner("n")
			ran := false
			f, t := due("f", 1), due("t", 1)
			f.Call = job.Func(func(context.Context) error { ran = true; return nil })
			t.Trigger = fleeting{}
			if _, transient := s.Store.(stores.Transient); !transient {
				return errors.Join(
					refused(s.Put(e.ctx, stores.Insert, []job.Job{due("a", 1), f}), job.ErrTransientJob, "f"),
					refused(s.Put(e.ctx, stores.Replace, []job.Job{due("a", 1), t}), job.ErrTransientJob, "t"),
					want("List", "", s.list("", 10)))
			}
			s.insert(f, t)
			c := s.do(1, once)
			call, ok := c.Runs[0].Call.(job.Func)
			if !ok || call(e.ctx) != nil || !ran {
				return fmt.Errorf("the run's Call is %T, not the function that was put", c.Runs[0].Call)
			}
			return want("claim", "runs f@1 t@1; ended f t; next never", c)
		},
	},
	{
		name:        "job/strange-trigger",
		explanation: "A trigger of a kind that this process cannot read is kept as it is: it has its kind and its JSON form when read back.",
		check: func(e *env) error {
			s := e.owner("n")
			j := due("a", 1)
			j.Trigger = strange{}
			s.insert(j)
			s.put(stores.IfVersion, s.get("a"))
			got := s.get("a").Trigger
			return errors.Join(want("kind", "storetest.strange", triggers.KindOf(got)),
				want("JSON", canonical(strange{}), canonical(got)))
		},
	},
	{
		name:        "job/unknown-trigger",
		explanation: "A trigger that was read where its kind is unknown can be put as it is, survives claims and further Puts, and is what it was where its kind is known.",
		check: func(e *env) error {
			s := e.owner("n")
			data := []byte(`{"kind":"storetest.strange","tide":[1,2.5,"high",9007199254740993,"\u00e4\n"]}`)
			j := due("a", 1)
			j.Trigger, _ = triggers.Decode(data, nil)
			s.insert(j)
			intact := func(what string, t triggers.Trigger) error {
				known, err := triggers.Resolve(t, triggers.Kinds{"storetest.strange": func(got json.RawMessage) (triggers.Trigger, error) {
					return strange{}, want("JSON given to the decoder", exact(data), exact(got))
				}})
				if _, ok := known.(strange); !ok || err != nil {
					err = fmt.Errorf("Resolve makes %v of it: %w", known, err)
				}
				if err := errors.Join(want("kind", "storetest.strange", triggers.KindOf(t)), err); err != nil {
					return fmt.Errorf("%s: %w", what, err)
				}
				return nil
			}
			err := intact("after Put", s.get("a").Trigger)
			s.put(stores.IfVersion, s.list("", 1)...)
			err = errors.Join(err, intact("put once more", s.get("a").Trigger),
				want("claim where it is unknown", "parked a; next never", s.claim(1, stores.Claim{Known: little})))
			s.do(1, func(j *job.Job, live int, step *stores.Step) {
				err = errors.Join(err, intact("given to Plan", j.Trigger))
				then(9)(j, live, step)
			})
			return errors.Join(err, intact("after a claim", s.get("a").Trigger))
		},
	},
	{
		name:        "job/ids-are-exact",
		explanation: "IDs are compared byte by byte: jobs whose IDs differ by case, accents, spaces or the way they are encoded are different jobs.",
		check: func(e *env) error {
			s := e.owner("n")
			ids := []string{" a", "A", "a", "a ", "a\u0301", "ss", "\u00df", "\u00e1", "\U0001f3b2"}
			var jobs []job.Job
			for i, id := range ids {
				jobs = append(jobs, due(id, float64(i)))
			}
			s.insert(jobs...)
			var err error
			for i, id := range ids {
				err = errors.Join(err, want("Get of "+id, fmt.Sprint(i), s.get(id).NextRunTime))
			}
			c := s.do(9, then(50))
			return errors.Join(err, want("List", strings.Join(ids, " "), s.list("", 20)),
				want("missing", "[]", s.delete("a")),
				want("live", "1", s.live(50, "A")),
				want("Finish", fmt.Sprintf("held %d, next never", len(ids)), s.finish(job.Executed, c.Runs...)),
				want("left", fmt.Sprint(len(ids)-1), len(s.list("", 20))))
		},
	},
	{
		name:        "job/get-missing",
		explanation: "Get of a job that does not exist fails with ErrJobNotFound.",
		check: func(e *env) error {
			s := e.owner("n")
			_, err := s.Get(e.ctx, "a")
			return refused(err, job.ErrJobNotFound, "a")
		},
	},
}
