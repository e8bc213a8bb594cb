package actors

import (
	"errors"
	"fmt"
	"hash/fnv"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/triggers"
)

// What the requests about jobs do to a job, as pure functions.

// admission is what a job takes from the scheduler when it is added.
type admission struct {
	now      time.Time
	location *time.Location
	defaults job.Defaults
}

// fenced calls f, which asks the triggers of jobs. They may be the user's own: if
// one panics, the request is at fault, and nobody else.
func fenced(f func() error) error {
	err := guard(f)
	if caught, panicked := errors.AsType[*job.PanicError](err); panicked {
		return &job.FieldError{Field: "Job.Trigger", Reason: fmt.Sprintf("has panicked: %v", caught.Value)}
	}
	return err
}

// admit fills in what a new job has left open and works its first run time
// out. A job whose trigger has ended already is kept, paused. Replace stays, for
// it says how to store the job.
func (a admission) admit(j job.Job) job.Job { return a.admitted(j, nil) }

// succeed is admit for a job that replaces old. If their triggers are the same it
// keeps that one's next run time, or pause: a program may declare its jobs at
// each start, and what came due while it was away is not forgotten.
func (a admission) succeed(j, old job.Job) job.Job { return a.admitted(j, &old) }

func (a admission) admitted(j job.Job, old *job.Job) job.Job {
	var replaced triggers.Trigger
	if old != nil {
		replaced = old.Trigger
	}
	open, replace := scheduledByTrigger(&j), j.Replace
	j = a.defaults.Apply(j)
	j.Trigger = a.bind(&j, j.Trigger, replaced)
	switch {
	case open && old != nil && triggers.Equal(j.Trigger, replaced):
		j.NextRunTime = old.NextRunTime
	case open:
		j.NextRunTime, _ = a.first(j.Trigger)
	}
	reduce(&j)
	j.Replace = replace
	return j
}

// scheduledByTrigger reports whether the trigger decides when a job that is added
// runs first.
func scheduledByTrigger(j *job.Job) bool { return j.NextRunTime.IsZero() && !j.Paused }

// stored returns j as stores keep it: without what is said only when adding.
func stored(j job.Job) job.Job {
	reduce(&j)
	return j
}

// reduce makes of j what stored returns. Where jobs are many, copies of them
// are what takes the time.
func reduce(j *job.Job) {
	j.NextRunTime = runTime(j.NextRunTime)
	j.Paused = j.NextRunTime.IsZero()
	j.Location, j.Replace, j.Pending, j.Parked = nil, false, false, ""
}

// first returns the first run time of a trigger.
func (a admission) first(t triggers.Trigger) (time.Time, bool) {
	return asked(t, time.Time{}, a.now)
}

func (a admission) bind(j *job.Job, t, replaced triggers.Trigger) triggers.Trigger {
	if t == nil {
		return triggers.At(a.now)
	}
	if _, open := t.(triggers.Binder); !open {
		return t
	}
	location := j.Location
	if location == nil {
		location = a.location
	}
	return triggers.Bind(t, triggers.Binding{Location: location, Now: a.now, Seed: seed(j.ID), Replaced: replaced})
}

// seed is the same in every process and at every start, so that jitter and
// the H of a crontab are too.
func seed(id string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(id))
	return h.Sum64()
}

// change makes of a stored job what request asks for. gone means that the job
// is to be removed.
func (a admission) change(j job.Job, request messages.Jobs) (changed job.Job, gone bool, err error) {
	changed, gone, err = a.changed(j, request)
	return stored(changed), gone, err
}

// changed is change for a job that is pending as well: what is open stays so.
func (a admission) changed(j job.Job, request messages.Jobs) (changed job.Job, gone bool, err error) {
	switch r := request.(type) {
	case *messages.ModifyJob:
		changes := r.Changes
		if changes.Trigger != nil {
			changes.Trigger = a.bind(&j, changes.Trigger, nil)
		}
		return changes.Apply(j), false, nil
	case *messages.RescheduleJob:
		j.Trigger = a.bind(&j, r.Trigger, nil)
		j.NextRunTime, _ = a.first(j.Trigger)
	case *messages.PauseJob:
		j.NextRunTime = time.Time{}
	case *messages.ResumeJob:
		j.Trigger = a.bind(&j, j.Trigger, nil)
		if unknown, ok := j.Trigger.(*triggers.Unknown); ok {
			return j, false, &job.FieldError{Field: "Job.Trigger", Reason: unknown.Reason() + "; resume the job where it is known"}
		}
		next, ok := a.first(j.Trigger)
		if !ok {
			return j, true, nil
		}
		j.NextRunTime = next
	}
	j.Paused = j.NextRunTime.IsZero()
	return j, false, nil
}
