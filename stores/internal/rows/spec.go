package rows

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/triggers"
)

// Spec is a job's decoded [Settings]. Its methods do not change what they
// return.
type Spec struct {
	job   job.Job // without Store and what a claim changes
	fault string  // why the Settings cannot be decoded

	known *stores.Known // whom the verdict is about
	unfit string
}

// Decode decodes the settings of the job of this ID, with decoders for the
// user's own kinds of triggers. It always returns a Spec: settings that cannot
// be decoded make one that is unfit everywhere, and that has what the columns
// say; its trigger refuses to be stored, so that what is in the database is not
// overwritten by what is left of it.
func Decode(id string, s *Settings, kinds triggers.Kinds) *Spec {
	spec := &Spec{}
	if err := spec.job.UnmarshalJSON(s.Spec); err != nil {
		if about, ok := errors.AsType[*job.Error](err); ok {
			err = about.Err
		}
		spec.fault = fmt.Sprintf("the stored job cannot be read: %v", err)
		spec.job = job.Job{
			Name: id, Call: &job.TaskCall{Task: s.Task}, Trigger: unreadable{spec.fault}, Executor: s.Executor,
			MisfireGrace: job.DefaultMisfireGrace, Coalesce: job.DefaultCoalesce,
			MaxInstances: s.MaxInstances, Delivery: s.Delivery,
		}
	}
	spec.job.ID = id
	if resolved, err := triggers.Resolve(spec.job.Trigger, kinds); err == nil {
		spec.job.Trigger = resolved
	}
	return spec
}

// Job fills in j with the job of this row as the scheduler sees it that knows
// the store by the alias.
func (s *Spec) Job(j *job.Job, alias string, version int64, next time.Time) {
	*j = s.job
	j.Store, j.Version, j.NextRunTime, j.Paused = alias, version, next, next.IsZero()
}

// Executor returns the alias of the job's executor.
func (s *Spec) Executor() string { return s.job.Executor }

// MaxInstances returns the job's.
func (s *Spec) MaxInstances() int { return s.job.MaxInstances }

// Delivery returns the job's.
func (s *Spec) Delivery() job.Delivery { return s.job.Delivery }

// Unfit says why the job cannot run where only these names are known; ""
// means that it can. The answer is remembered for one Known.
func (s *Spec) Unfit(known *stores.Known) string {
	switch {
	case s.fault != "":
		return s.fault
	case known == nil:
		return ""
	case s.known != known:
		s.known, s.unfit = known, s.judge(known)
	}
	return s.unfit
}

func (s *Spec) judge(known *stores.Known) string {
	missing := func(list []string, name string) bool {
		return list != nil && name != "" && !slices.Contains(list, name)
	}
	task, kind := s.job.Call.TaskName(), triggers.KindOf(s.job.Trigger)
	switch {
	case missing(known.Tasks, task):
		return fmt.Sprintf("task %q is not registered here", task)
	case missing(known.Executors, s.job.Executor):
		return fmt.Sprintf("there is no executor %q here", s.job.Executor)
	case missing(known.Triggers, kind):
		return fmt.Sprintf("trigger kind %q is not known here", kind)
	}
	return ""
}

// unreadable is the trigger of a job that cannot be decoded.
type unreadable struct{ reason string }

func (unreadable) Next(_, _ time.Time) (time.Time, bool) { return time.Time{}, false }

func (u unreadable) String() string { return "unreadable" }

func (unreadable) Kind() string { return "" }

func (u unreadable) MarshalJSON() ([]byte, error) {
	return nil, errors.New(u.reason + "; put the whole job anew to replace it")
}
