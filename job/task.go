package job

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// Task is a named function with typed arguments. The name is what a persistent
// store keeps (with the arguments as JSON), so it must not change while jobs
// with it exist, and the same name must mean the same work in every process
// that shares the store. To rename a task, register its function under both
// names until no stored job has the old one.
//
// It plays the part of APScheduler's textual reference "package.module:object".
type Task[A any] struct {
	name string
	run  func(ctx context.Context, args A) error
}

// NewTask makes a task. Register it with the scheduler that is to run it; see
// [Tasks].
func NewTask[A any](name string, run func(ctx context.Context, args A) error) Task[A] {
	return Task[A]{name, run}
}

// Name returns the task's name.
func (t Task[A]) Name() string { return t.name }

// With returns a call of the task with these arguments. The arguments are
// turned into JSON here and read back for each run: a run never shares memory
// with another one. Arguments that JSON cannot hold are reported when the job
// is added.
func (t Task[A]) With(args A) Call {
	data, err := json.Marshal(args)
	return &TaskCall{Task: t.name, Args: data, err: err}
}

func (t Task[A]) bind(data json.RawMessage) (Func, error) {
	var args A
	if len(data) > 0 {
		if err := json.Unmarshal(data, &args); err != nil {
			return nil, fmt.Errorf("arguments of task %q: %w", t.name, err)
		}
	}
	return func(ctx context.Context) error { return t.run(ctx, args) }, nil
}

func (t Task[A]) validate() error {
	switch {
	case t.name == "":
		return &FieldError{Field: "Task.Name", Reason: "is empty; give the task a name that will not change"}
	case t.run == nil:
		return &FieldError{Field: "Task " + t.name, Reason: "has a nil function"}
	}
	return validName("Task.Name", t.name)
}

// AnyTask is a [Task] of any argument type.
type AnyTask interface {
	Name() string
	bind(args json.RawMessage) (Func, error)
	validate() error
}

// Tasks are the tasks that a scheduler knows, by name. It is not changed after
// it has been given to a scheduler.
type Tasks map[string]AnyTask

// NewTasks collects tasks. A task without a name or a function, and a name
// given twice, are reported by [Tasks.Validate].
func NewTasks(tasks ...AnyTask) Tasks {
	set := make(Tasks, len(tasks))
	for _, t := range tasks {
		if t == nil {
			set[""] = missing{}
			continue
		}
		if _, twice := set[t.Name()]; twice {
			set[t.Name()] = ambiguous{t}
			continue
		}
		set[t.Name()] = t
	}
	return set
}

// Validate reports every task that cannot be used.
func (ts Tasks) Validate() []error {
	var faults []error
	for _, name := range slices.Sorted(maps.Keys(ts)) {
		if err := validTask(name, ts[name]); err != nil {
			faults = append(faults, err)
		}
	}
	return faults
}

func validTask(name string, t AnyTask) error {
	if t == nil {
		return &FieldError{Field: "Tasks", Reason: fmt.Sprintf("have nil under %q; give what NewTask returns", name)}
	}
	if err := t.validate(); err != nil {
		return err
	}
	if t.Name() != name {
		return &FieldError{Field: "Tasks", Reason: fmt.Sprintf("have the task %q under %q, where it would not be found; use NewTasks", t.Name(), name)}
	}
	return nil
}

// Bind returns the function that a run of call executes. It fails with
// [ErrUnknownTask] when no task of that name is registered, and when the
// task's arguments cannot be read back.
func (ts Tasks) Bind(call Call) (Func, error) {
	switch c := call.(type) {
	case Func:
		return c, nil
	case *TaskCall:
		task, ok := ts[c.Task]
		if !ok {
			return nil, fmt.Errorf("%w: %q", ErrUnknownTask, c.Task)
		}
		return task.bind(c.Args)
	}
	return nil, &FieldError{Field: "Call", Reason: "is missing; give a Func or a Task's With(args)"}
}

type missing struct{ AnyTask }

func (missing) validate() error {
	return &FieldError{Field: "Tasks", Reason: "have one that is nil; give what NewTask returns"}
}

type ambiguous struct{ AnyTask }

func (a ambiguous) validate() error {
	return &FieldError{Field: "Task " + a.Name(), Reason: "is registered twice; task names must be unique"}
}
