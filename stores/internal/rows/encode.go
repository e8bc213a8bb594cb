package rows

import (
	"errors"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/triggers"
)

// Encode returns what is stored of a job. Errors: [job.ErrTransientJob] for
// what cannot outlive the process; no call; arguments that are no JSON.
func Encode(j *job.Job) (Settings, error) {
	bare := *j
	bare.NextRunTime, bare.Paused, bare.Version = time.Time{}, false, 0
	spec, err := bare.MarshalJSON()
	if about, ok := errors.AsType[*job.Error](err); ok {
		err = about.Err
	}
	if err != nil {
		return Settings{}, err
	}
	return Settings{
		Task:         j.Call.TaskName(),
		Executor:     j.Executor,
		Kind:         triggers.KindOf(j.Trigger),
		MaxInstances: j.MaxInstances,
		Delivery:     j.Delivery,
		Spec:         spec,
	}, nil
}
