package job

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/carillon-go/carillon/triggers"
)

// Validate reports everything in j that cannot be accepted from a user, as
// [FieldError] values joined.
func (j *Job) Validate() error {
	return errors.Join(
		validName("Job.ID", j.ID),
		validName("Job.Executor", j.Executor),
		validCall(j.Call),
		validGrace("Job.MisfireGrace", j.MisfireGrace),
		validCoalesce("Job.Coalesce", j.Coalesce),
		validDelivery("Job.Delivery", j.Delivery),
		validInstances("Job.MaxInstances", j.MaxInstances),
		validTrigger(j.Trigger),
		validStart(j),
	)
}

// validStart validates who says when the job runs first: its NextRunTime, Paused,
// or else the trigger.
func validStart(j *Job) error {
	switch {
	case j.NextRunTime.IsZero() && !j.Paused:
		return possible(j.Trigger)
	case !j.NextRunTime.IsZero() && j.Paused:
		return &FieldError{"Job.Paused", "contradicts Job.NextRunTime; set one of the two"}
	}
	return validTime("Job.NextRunTime", j.NextRunTime)
}

// validTime validates a time that every store has to be able to keep.
func validTime(field string, t time.Time) error {
	if t.Year() < 1 || t.Year() > 9999 {
		return &FieldError{field, fmt.Sprintf("is %v; give a time in the years 1 to 9999", t)}
	}
	return nil
}

// maxName is the longest ID or name, in bytes, that every store keeps.
const maxName = 1024

// validName validates what stores look something up by.
func validName(field, name string) error {
	switch {
	case len(name) > maxName:
		return &FieldError{field, fmt.Sprintf("has %d bytes; give at most %d", len(name), maxName)}
	case !utf8.ValidString(name) || strings.ContainsRune(name, 0):
		return &FieldError{field, fmt.Sprintf("is %q; give text in UTF-8 without zero bytes", name)}
	}
	return nil
}

// Validate reports everything in c that cannot be accepted.
func (c Changes) Validate() error {
	var faults []error
	if c.Name != nil && *c.Name == "" {
		faults = append(faults, &FieldError{"Changes.Name", "is empty; leave it nil to keep the name"})
	}
	switch {
	case c.Executor == nil:
	case *c.Executor == "":
		faults = append(faults, &FieldError{"Changes.Executor", `is empty; the default executor is "default"`})
	default:
		faults = append(faults, validName("Changes.Executor", *c.Executor))
	}
	if c.Call != nil {
		faults = append(faults, validCall(c.Call))
	}
	if c.NextRunTime != nil {
		faults = append(faults, validTime("Changes.NextRunTime", *c.NextRunTime))
	}
	faults = append(faults,
		validTrigger(c.Trigger),
		possible(c.Trigger),
		given("Changes.MisfireGrace", c.MisfireGrace, validGrace),
		given("Changes.Coalesce", c.Coalesce, validCoalesce),
		given("Changes.Delivery", c.Delivery, validDelivery),
		given("Changes.MaxInstances", c.MaxInstances, validInstances),
	)
	return errors.Join(faults...)
}

// Validate reports everything in d that cannot be accepted.
func (d Defaults) Validate() error {
	return errors.Join(
		validGrace("JobDefaults.MisfireGrace", d.MisfireGrace),
		validCoalesce("JobDefaults.Coalesce", d.Coalesce),
		validDelivery("JobDefaults.Delivery", d.Delivery),
		validInstances("JobDefaults.MaxInstances", d.MaxInstances),
	)
}

// given validates a value that is set; a change to the zero value is none.
func given[T comparable](field string, value *T, valid func(field string, value T) error) error {
	var zero T
	switch {
	case value == nil:
		return nil
	case *value == zero:
		return &FieldError{field, "is zero; leave it nil to keep the job's own"}
	}
	return valid(field, *value)
}

func validCall(call Call) error {
	switch c := call.(type) {
	case Func:
		if c != nil {
			return nil
		}
	case *TaskCall:
		switch {
		case c == nil:
		case c.err != nil:
			return &FieldError{"Job.Call", fmt.Sprintf("has arguments that JSON cannot hold, task %q: %v", c.Task, c.err)}
		case c.Task == "":
			return &FieldError{"Job.Call", "is of a task without a name; make tasks with NewTask"}
		default:
			return nil
		}
	}
	return &FieldError{"Job.Call", "is nil; give a function or a task's With(args)"}
}

func validTrigger(t triggers.Trigger) error {
	if t != nil && triggers.IsNil(t) {
		return &FieldError{"Job.Trigger", fmt.Sprintf("is a nil %T; look at the error of what made it", t)}
	}
	return nil
}

func possible(t triggers.Trigger) error {
	if triggers.Impossible(t) {
		return &FieldError{"Job.Trigger", fmt.Sprintf("never fires: there is no such date as %v asks for", t)}
	}
	return nil
}

func validGrace(field string, grace time.Duration) error {
	if grace < NoMisfireGrace {
		return &FieldError{field, fmt.Sprintf("is %v; give a positive duration, or NoMisfireGrace for none", grace)}
	}
	return nil
}

func validCoalesce(field string, c Coalesce) error {
	if c > All {
		return &FieldError{field, fmt.Sprintf("is %d; give Latest or All", c)}
	}
	return nil
}

func validDelivery(field string, d Delivery) error {
	if d > AtLeastOnce {
		return &FieldError{field, fmt.Sprintf("is %d; give AtMostOnce or AtLeastOnce", d)}
	}
	return nil
}

func validInstances(field string, n int) error {
	switch {
	case n < 0:
		return &FieldError{field, fmt.Sprintf("is %d; give 1 or more", n)}
	case n > math.MaxInt32: // what every store keeps
		return &FieldError{field, fmt.Sprintf("is %d; give at most %d", n, math.MaxInt32)}
	}
	return nil
}
