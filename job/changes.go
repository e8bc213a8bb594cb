package job

import (
	"time"

	"github.com/carillon-go/carillon/triggers"
)

// Changes are the fields of a job that are to change; nil ones stay as they
// are. Go's new makes them readable:
//
//	s.ModifyJob(ctx, "nightly", carillon.Changes{MaxInstances: new(3)})
//
// A job's ID and store cannot be changed. A Trigger without a time zone takes the
// scheduler's, whatever the zone of the one before.
type Changes struct {
	Name         *string
	Call         Call             // nil: unchanged
	Trigger      triggers.Trigger // nil: unchanged; the next run time stays, see RescheduleJob
	Executor     *string
	MisfireGrace *time.Duration
	Coalesce     *Coalesce
	MaxInstances *int
	Delivery     *Delivery
	NextRunTime  *time.Time // the zero time pauses the job; the present one runs it now, besides its schedule
}

// Apply returns j with the changes made.
func (c Changes) Apply(j Job) Job {
	set(&j.Name, c.Name)
	set(&j.Executor, c.Executor)
	set(&j.MisfireGrace, c.MisfireGrace)
	set(&j.Coalesce, c.Coalesce)
	set(&j.MaxInstances, c.MaxInstances)
	set(&j.Delivery, c.Delivery)
	if c.Call != nil {
		j.Call = c.Call
	}
	if c.Trigger != nil {
		j.Trigger = c.Trigger
	}
	if c.NextRunTime != nil {
		j.NextRunTime = *c.NextRunTime
		j.Paused = j.NextRunTime.IsZero()
	}
	return j
}

func set[T any](field, value *T) {
	if value != nil {
		*field = *value
	}
}
