package carillon_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/job"
)

// jobSpec is a job as it is given to the reference, by its names. A key that is
// missing is left open.
type jobSpec map[string]json.RawMessage

// doesNotCompile is for arguments that are refused before they reach the
// scheduler: in a Go program by the compiler.
type doesNotCompile struct{ reason string }

func (e *doesNotCompile) Error() string { return "does not compile: " + e.reason }

// argument decodes a value; what does not fit its type does not compile.
func argument[V any](name string, data json.RawMessage) (value V, err error) {
	if bytes.Equal(data, null) {
		return value, &doesNotCompile{name + " is null"}
	}
	if err := json.Unmarshal(data, &value); err != nil {
		return value, &doesNotCompile{fmt.Sprintf("%s: %v", name, err)}
	}
	return value, nil
}

var null = []byte("null")

// take decodes the value of a key into target, if there is one, and removes it.
func take[V any](s jobSpec, name string, target *V) error {
	data, given := s[name]
	if !given {
		return nil
	}
	delete(s, name)
	value, err := argument[V](name, data)
	*target = value
	return err
}

// rest reports the keys that were not taken.
func (s jobSpec) rest() error {
	if len(s) == 0 {
		return nil
	}
	return &doesNotCompile{fmt.Sprintf("there is no %v", slices.Sorted(maps.Keys(s)))}
}

// takeGrace decodes a misfire_grace_time, in seconds; null is none.
func (s jobSpec) takeGrace(target *time.Duration) error {
	if bytes.Equal(s["misfire_grace_time"], null) {
		delete(s, "misfire_grace_time")
		*target = carillon.NoMisfireGrace
		return nil
	}
	seconds := 0
	err := take(s, "misfire_grace_time", &seconds)
	*target = time.Duration(seconds) * time.Second
	return err
}

// takeCoalesce decodes a coalesce by the truth that Python finds in a value.
func (s jobSpec) takeCoalesce(target *job.Coalesce) {
	data, given := s["coalesce"]
	delete(s, "coalesce")
	switch canonical(data) {
	case "":
		if !given {
			return
		}
		fallthrough
	case "null", "false", "0", "[]", `""`:
		*target = carillon.All
	default:
		*target = carillon.Latest
	}
}

func (s jobSpec) defaults() (d carillon.JobDefaults, err error) {
	s = maps.Clone(s)
	d = carillon.JobDefaults{MisfireGrace: time.Second, Coalesce: carillon.Latest, MaxInstances: 1}
	if _, given := s["misfire_grace_time"]; given {
		err = s.takeGrace(&d.MisfireGrace)
	}
	s.takeCoalesce(&d.Coalesce)
	return d, errors.Join(err, take(s, "max_instances", &d.MaxInstances), s.rest())
}

// callSpec is what a job calls: a function of the tests and its arguments.
type callSpec struct {
	Job    string
	Func   json.RawMessage
	Args   json.RawMessage
	Kwargs json.RawMessage
}

// takeCall makes changes to a callSpec.
func (s jobSpec) takeCall(c *callSpec) error {
	if bytes.Contains(s["func"], []byte(`"raw"`)) {
		return &doesNotCompile{"no function"}
	}
	return errors.Join(take(s, "func", &c.Func), take(s, "args", &c.Args), take(s, "kwargs", &c.Kwargs))
}

// job makes a carillon.Job of a jobSpec.
func (w *world) job(spec jobSpec) (j carillon.Job, err error) {
	s := maps.Clone(spec)
	if bytes.Equal(s["id"], null) {
		delete(s, "id") // as good as none
	}
	if bytes.Equal(s["name"], null) {
		delete(s, "name")
	}
	call := callSpec{Func: json.RawMessage(`"ok"`), Args: json.RawMessage(`[]`), Kwargs: json.RawMessage(`{}`)}
	faults := []error{
		take(s, "id", &j.ID), take(s, "name", &j.Name), take(s, "jobstore", &j.Store), take(s, "executor", &j.Executor),
		take(s, "max_instances", &j.MaxInstances), take(s, "replace_existing", &j.Replace),
		s.takeGrace(&j.MisfireGrace), s.takeCall(&call),
	}
	s.takeCoalesce(&j.Coalesce)
	var fault error
	j.Trigger, fault = w.trigger(s["trigger"])
	faults = append(faults, fault)
	delete(s, "trigger")
	if next, given := s["next_run_time"]; given {
		delete(s, "next_run_time")
		j.NextRunTime, fault = w.nextRunTime(next)
		j.Paused = j.NextRunTime.IsZero()
		faults = append(faults, fault)
	}
	call.Job = j.ID
	j.Call = w.task.With(call)
	return j, errors.Join(append(faults, s.rest())...)
}

// changes makes carillon.Changes of a jobSpec. A changed function or argument
// is a changed Call; the rest of the call stays as it is.
func (w *world) changes(ctx context.Context, of step) (c carillon.Changes, err error) {
	s := maps.Clone(of.Changes)
	if bytes.Contains(s["id"], []byte{}) && s["id"] != nil {
		return c, &doesNotCompile{"there is no ID in Changes"}
	}
	given := func(name string) bool { return s[name] != nil }
	if given("func") || given("args") || given("kwargs") {
		if c.Call, err = w.changedCall(ctx, of, s); err != nil {
			return c, err
		}
	}
	var faults []error
	if given("misfire_grace_time") {
		c.MisfireGrace = new(time.Duration)
		faults = append(faults, s.takeGrace(c.MisfireGrace))
	}
	if given("coalesce") {
		c.Coalesce = new(job.Coalesce)
		s.takeCoalesce(c.Coalesce)
	}
	if given("next_run_time") {
		next, fault := w.nextRunTime(s["next_run_time"])
		delete(s, "next_run_time")
		c.NextRunTime, faults = &next, append(faults, fault)
	}
	if given("trigger") {
		t, fault := w.trigger(s["trigger"])
		delete(s, "trigger")
		c.Trigger, faults = t, append(faults, fault)
	}
	return c, errors.Join(append(faults,
		takePointer(s, "name", &c.Name), takePointer(s, "executor", &c.Executor), takePointer(s, "max_instances", &c.MaxInstances),
		s.rest())...)
}

func takePointer[V any](s jobSpec, name string, target **V) error {
	if s[name] == nil {
		return nil
	}
	*target = new(V)
	return take(s, name, *target)
}

func (w *world) changedCall(ctx context.Context, of step, s jobSpec) (carillon.Call, error) {
	j, err := w.scheduler.Job(ctx, of.ID, storeArg(of.Store)...)
	if err != nil {
		return nil, err
	}
	var call callSpec
	if err := json.Unmarshal(j.Call.(*job.TaskCall).Args, &call); err != nil {
		return nil, err
	}
	err = s.takeCall(&call)
	return w.task.With(call), err
}

func (w *world) nextRunTime(data json.RawMessage) (time.Time, error) {
	if bytes.Equal(data, null) {
		return time.Time{}, nil
	}
	text, err := argument[string]("next_run_time", data)
	if err != nil {
		return time.Time{}, err
	}
	return parseTime(text, w.location)
}

func parseTime(text string, loc *time.Location) (time.Time, error) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02 15:04:05", "2006-01-02"} {
		if t, err := time.ParseInLocation(layout, text, loc); err == nil {
			return t, nil
		}
	}
	return time.Time{}, &doesNotCompile{"invalid date string " + text}
}
