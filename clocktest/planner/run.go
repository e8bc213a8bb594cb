package planner

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/carillon-go/carillon"
)

// Run is a run time of a job and what becomes of it.
type Run struct {
	Job       string    `json:"job"`      // ID
	Store     string    `json:"store"`    // alias
	Executor  string    `json:"executor"` // alias
	Scheduled time.Time `json:"scheduled"`

	// First is the first of the run times that this run stands for, because
	// they were coalesced. Zero: there is only one.
	First time.Time `json:"first,omitzero"`

	// Started and Finished enclose the execution, which may go beyond the
	// plan's end. Both are zero if the run is not executed.
	Started  time.Time `json:"started,omitzero"`
	Finished time.Time `json:"finished,omitzero"`

	// Outcome is Executed, Skipped or Missed; as JSON it is that word in lower
	// case.
	Outcome carillon.Outcome `json:"outcome"`

	// Reason says why the run is not executed.
	Reason string `json:"reason,omitempty"`

	// Change is Shifted for a run whose time of day a clock change has left
	// out, and Doubled for the second run of a time of day that one has
	// repeated.
	Change Change `json:"change,omitempty"`
}

// Wait returns how long after its scheduled time a run is started; 0 if it is
// not executed.
func (r *Run) Wait() time.Duration {
	if r.Started.IsZero() {
		return 0
	}
	return r.Started.Sub(r.Scheduled)
}

// Duration returns how long a run is executed.
func (r *Run) Duration() time.Duration { return r.Finished.Sub(r.Started) }

// MarshalJSON writes the outcome as a word.
func (r Run) MarshalJSON() ([]byte, error) {
	type fields Run
	return json.Marshal(struct {
		fields
		Outcome string `json:"outcome"`
	}{fields(r), r.Outcome.String()})
}

// UnmarshalJSON is the inverse of MarshalJSON.
func (r *Run) UnmarshalJSON(data []byte) error {
	type fields Run
	form := struct {
		*fields
		Outcome string `json:"outcome"`
	}{fields: (*fields)(r)}
	if err := json.Unmarshal(data, &form); err != nil {
		return err
	}
	for _, o := range outcomes {
		if o.String() == form.Outcome {
			r.Outcome = o
			return nil
		}
	}
	return &carillon.FieldError{Field: "outcome", Reason: fmt.Sprintf("%q is unknown; use %v", form.Outcome, outcomes)}
}

// outcomes are those that a plan can have.
var outcomes = []carillon.Outcome{carillon.Executed, carillon.Skipped, carillon.Missed}

func (r *Run) key() key { return key{r.Store, r.Job} }

// in puts the run's times into a time zone.
func (r *Run) in(loc *time.Location) {
	for _, t := range []*time.Time{&r.Scheduled, &r.First, &r.Started, &r.Finished} {
		if !t.IsZero() {
			*t = t.In(loc)
		}
	}
}
