package dashboard

import (
	"fmt"
	"strings"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/triggers"
)

// row is a job in a list.
type row struct {
	ID       string  `json:"id"`
	Store    string  `json:"store"`
	Name     string  `json:"name"`
	Task     string  `json:"task,omitempty"` // empty: it is a Go function
	Trigger  string  `json:"trigger"`
	Executor string  `json:"executor"`
	State    string  `json:"state"` // of the four below
	Parked   string  `json:"parked,omitempty"`
	Next     moment  `json:"next_run_time,omitzero"`
	Running  int     `json:"running,omitempty"` // runs under way in this process
	Last     *record `json:"last,omitempty"`

	// Since, if there, means that the job has had no run since then, and that it
	// was not looked for earlier ones.
	Since moment `json:"no_run_since,omitzero"`
}

// The states of a job.
const (
	scheduled = "scheduled"
	pending   = "pending" // waits for the scheduler to be started
	paused    = "paused"
	parked    = "parked" // cannot run here
)

func (v *visit) row(j *carillon.Job) row {
	full := carillon.JobDefaults{}.Apply(*j) // a pending one has open settings
	shown := row{
		ID:       full.ID,
		Store:    full.Store,
		Name:     full.Name,
		Trigger:  triggerText(full.Trigger),
		Executor: full.Executor,
		State:    stateOf(j),
		Parked:   full.Parked,
		Next:     v.moment(full.NextRunTime),
	}
	if full.Call != nil {
		shown.Task = full.Call.TaskName()
	}
	return shown
}

func stateOf(j *carillon.Job) string {
	switch {
	case j.Parked != "":
		return parked
	case j.Paused:
		return paused
	case j.Pending:
		return pending
	}
	return scheduled
}

// triggerText returns a trigger in words. It may be the user's own, and at fault.
func triggerText(t triggers.Trigger) (text string) {
	defer func() {
		if r := recover(); r != nil {
			text = fmt.Sprintf("%T, whose String has panicked: %v", t, r)
		}
	}()
	switch t := t.(type) {
	case nil:
		return "once"
	case fmt.Stringer:
		return t.String()
	}
	return fmt.Sprintf("%T", t)
}

// Schedule returns the trigger without what stands behind its parentheses, and
// Besides that: its zone and its bounds.
func (r *row) Schedule() string { return r.Trigger[:r.cut()] }

// Besides returns what Schedule leaves out.
func (r *row) Besides() string { return r.Trigger[r.cut():] }

func (r *row) cut() int {
	if end := strings.LastIndexByte(r.Trigger, ')'); end >= 0 {
		return end + 1
	}
	return len(r.Trigger)
}

// Called returns what tells more of the job than its ID: its name and its task.
func (r *row) Called() string {
	switch {
	case r.Task == "" || r.Task == r.Name || r.Task == r.ID:
		if r.Name == r.ID {
			return ""
		}
		return r.Name
	case r.Name == r.ID:
		return r.Task
	}
	return r.Name + " · " + r.Task
}

// Link returns the link to the job's page.
func (r *row) Link() string { return jobLink(r.Store, r.ID) }
