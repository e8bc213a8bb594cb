package job

import (
	"context"
	"encoding/json"
)

// Call is what a run executes: a [Func], or a [Task] with its arguments.
type Call interface {
	// TaskName returns the name under which the task is registered, or "" for
	// a Func.
	TaskName() string

	call()
}

// Func is a call of a Go function. It lives as long as the process: it can be
// added to a store that keeps its jobs in memory, and to no other
// ([ErrTransientJob]). For anything that is to survive use a [Task].
type Func func(ctx context.Context) error

// TaskName returns "".
func (Func) TaskName() string { return "" }

func (Func) call() {}

// TaskCall is a call of a registered [Task]: its name and its arguments as
// JSON. It is made by [Task.With], or read back from a store; a name that is
// not registered in this process is kept as it is and parks the job.
type TaskCall struct {
	Task string          `json:"task"`
	Args json.RawMessage `json:"args,omitempty"`

	err error // why Args could not be made; Validate reports it
}

// TaskName returns the task's name.
func (c *TaskCall) TaskName() string { return c.Task }

func (*TaskCall) call() {}
