package job

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/carillon-go/carillon/internal/canonical"
	"github.com/carillon-go/carillon/triggers"
)

// jobJSON is the persistent form of a Job: what is exported and imported, and
// what persistent stores keep. It uses APScheduler's words. A setting that is
// left open is left out.
type jobJSON struct {
	ID           string          `json:"id"`
	Name         string          `json:"name,omitempty"`
	Task         string          `json:"task"`
	Args         json.RawMessage `json:"args,omitempty"`
	Trigger      json.RawMessage `json:"trigger,omitempty"`
	Executor     string          `json:"executor,omitempty"`
	MisfireGrace json.RawMessage `json:"misfire_grace_time,omitempty"` // as time.Duration writes it; null: none
	Coalesce     string          `json:"coalesce,omitempty"`
	MaxInstances int             `json:"max_instances,omitempty"`
	Delivery     string          `json:"delivery,omitempty"`
	NextRunTime  json.RawMessage `json:"next_run_time,omitempty"` // null: paused
	Version      int64           `json:"version,omitempty"`
}

// Members lists what jobJSON has.
func (form *jobJSON) Members(o canonical.Object) {
	o.Text("id", &form.ID, canonical.Always)
	o.Text("name", &form.Name, canonical.OmitEmpty)
	o.Text("task", &form.Task, canonical.Always)
	o.Raw("args", &form.Args, canonical.OmitEmpty)
	o.Raw("trigger", &form.Trigger, canonical.OmitEmpty)
	o.Text("executor", &form.Executor, canonical.OmitEmpty)
	o.Raw("misfire_grace_time", &form.MisfireGrace, canonical.OmitEmpty)
	o.Text("coalesce", &form.Coalesce, canonical.OmitEmpty)
	o.Int("max_instances", &form.MaxInstances, canonical.OmitEmpty)
	o.Text("delivery", &form.Delivery, canonical.OmitEmpty)
	o.Raw("next_run_time", &form.NextRunTime, canonical.OmitEmpty)
	o.Int64("version", &form.Version, canonical.OmitEmpty)
}

var null = json.RawMessage("null")

// MarshalJSON returns the persistent form, for instance
//
//	{"id": "remind-ada", "name": "mail.remind", "task": "mail.remind", "args": {"to": "ada"},
//	 "trigger": {"kind": "interval", "every": "1h0m0s", "start": "2024-05-01T10:00:00Z"},
//	 "executor": "default", "misfire_grace_time": null, "coalesce": "latest", "max_instances": 1,
//	 "delivery": "at most once", "next_run_time": "2024-05-01T10:00:00Z", "version": 3}
//
// A grace of null means that there is none, a next run time of null that the
// job is paused. A setting that is left open is left out. Store, Location,
// Replace, Pending and Parked are not the job's own and not written.
//
// Errors: the job's call or its trigger cannot outlive the process
// ([ErrTransientJob]), the job has no call, or its arguments are no JSON.
func (j Job) MarshalJSON() ([]byte, error) {
	form, err := j.form()
	if err != nil {
		return nil, &Error{Op: "encode job", Job: j.ID, Err: err}
	}
	return canonical.Marshal(&form)
}

func (j Job) form() (form jobJSON, err error) {
	form = jobJSON{
		ID: j.ID, Name: j.Name, Executor: j.Executor, MaxInstances: j.MaxInstances, Version: j.Version,
		Coalesce: word(j.Coalesce), Delivery: word(j.Delivery),
	}
	switch call := j.Call.(type) {
	case *TaskCall:
		if form.Task, form.Args, err = call.Task, call.Args, call.err; err != nil {
			return form, fmt.Errorf("arguments of task %q: %w", call.Task, err)
		}
	case Func:
		return form, fmt.Errorf("%w: its call is a Go function; use a Task, or keep the job in a memory store", ErrTransientJob)
	}
	if form.Task == "" {
		return form, &FieldError{Field: "Job.Call", Reason: "is missing; give a Task's With(args)"}
	}
	if j.Trigger != nil {
		if form.Trigger, err = triggers.Encode(j.Trigger); err != nil {
			return form, fmt.Errorf("%w: %w", ErrTransientJob, err)
		}
	}
	switch {
	case j.MisfireGrace < 0:
		form.MisfireGrace = null
	case j.MisfireGrace > 0:
		form.MisfireGrace = strconv.AppendQuote(nil, j.MisfireGrace.String())
	}
	switch {
	case j.Paused:
		form.NextRunTime = null
	case !j.NextRunTime.IsZero():
		form.NextRunTime, err = j.NextRunTime.MarshalJSON()
	}
	return form, err
}

// UnmarshalJSON reads the persistent form; see [Job.MarshalJSON]. The call is
// a [TaskCall], whether a task of that name is known or not. A trigger that
// cannot be read here is kept as a [triggers.Unknown]; see [triggers.Resolve].
//
// A member that is not known is an error, since its meaning would be lost. j
// is unchanged after an error.
func (j *Job) UnmarshalJSON(data []byte) error {
	form, err := readForm(data)
	if err == nil {
		err = form.apply(j)
	}
	if err != nil {
		return &Error{Op: "decode job", Job: form.ID, Err: err}
	}
	return nil
}

func readForm(data []byte) (form jobJSON, err error) {
	if canonical.Read(data, &form) {
		return form, nil
	}
	form = jobJSON{}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	err = d.Decode(&form)
	return form, err
}

// apply sets j to the job that the form describes.
func (form jobJSON) apply(j *Job) (err error) {
	read := Job{ID: form.ID, Name: form.Name, Executor: form.Executor, MaxInstances: form.MaxInstances, Version: form.Version}
	if form.Task == "" {
		return &FieldError{Field: "task", Reason: "is missing; give the name of a registered task"}
	}
	read.Call = &TaskCall{Task: form.Task, Args: bytes.Clone(form.Args)}
	if form.Trigger != nil && !bytes.Equal(form.Trigger, null) {
		read.Trigger, _ = triggers.Decode(form.Trigger, nil) // the error is the reason that an Unknown has
	}
	if read.MisfireGrace, err = form.grace(); err != nil {
		return err
	}
	if read.Coalesce, err = fromWord("coalesce", form.Coalesce, Latest, All); err != nil {
		return err
	}
	if read.Delivery, err = fromWord("delivery", form.Delivery, AtMostOnce, AtLeastOnce); err != nil {
		return err
	}
	read.Paused = bytes.Equal(form.NextRunTime, null)
	if form.NextRunTime != nil && !read.Paused {
		if err = read.NextRunTime.UnmarshalJSON(form.NextRunTime); err != nil {
			return &FieldError{Field: "next_run_time", Reason: fmt.Sprintf("%s is no time; write it like \"2024-05-01T10:00:00Z\", or null for a paused job", form.NextRunTime)}
		}
	}
	*j = read
	return nil
}

func (form jobJSON) grace() (time.Duration, error) {
	switch {
	case form.MisfireGrace == nil:
		return 0, nil
	case bytes.Equal(form.MisfireGrace, null):
		return NoMisfireGrace, nil
	}
	var text string
	if plain, ok := canonical.Text(form.MisfireGrace); ok {
		text = string(plain)
	} else {
		_ = json.Unmarshal(form.MisfireGrace, &text) // what is no text stays empty, and is no duration
	}
	if grace, err := time.ParseDuration(text); err == nil && grace > 0 {
		return grace, nil
	}
	return 0, &FieldError{Field: "misfire_grace_time", Reason: fmt.Sprintf("%s is no positive duration; write it like \"1m30s\", or null for none", form.MisfireGrace)}
}

// setting is a Coalesce or a Delivery, whose zero value is the default.
type setting interface {
	comparable
	fmt.Stringer
}

// word returns the name of a setting, "" for the default.
func word[S setting](s S) string {
	var open S
	if s == open {
		return ""
	}
	return s.String()
}

// fromWord is the inverse of word.
func fromWord[S setting](field, text string, a, b S) (S, error) {
	var open S
	switch text {
	case "":
		return open, nil
	case a.String():
		return a, nil
	case b.String():
		return b, nil
	}
	return open, &FieldError{Field: field, Reason: fmt.Sprintf("%q is unknown; use %q or %q, or leave it out", text, a, b)}
}
