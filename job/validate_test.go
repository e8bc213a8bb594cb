package job_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/triggers"
)

func TestValidID(t *testing.T) {
	for _, c := range []struct {
		id, fault string
	}{
		{"", ""},
		{"Grüße, 世界", ""},
		{strings.Repeat("x", 1024), ""},
		{strings.Repeat("x", 1025), "Job.ID has 1025 bytes; give at most 1024"},
		{"a\xff", `Job.ID is "a\xff"; give text in UTF-8 without zero bytes`},
		{"a\x00b", `Job.ID is "a\x00b"; give text in UTF-8 without zero bytes`},
	} {
		j := job.Job{ID: c.id, Call: job.Func(func(context.Context) error { return nil })}
		if got := errors.Join(j.Validate()); got == nil && c.fault != "" || got != nil && got.Error() != c.fault {
			t.Errorf("%.10q: %v, want %s", c.id, got, c.fault)
		}
	}
}

// TestValidExecutor gives aliases that databases would refuse, or look up in vain.
func TestValidExecutor(t *testing.T) {
	for alias, fault := range map[string]string{
		"own":                     "",
		"a\x00":                   `Executor is "a\x00"; give text in UTF-8 without zero bytes`,
		strings.Repeat("x", 1025): "Executor has 1025 bytes; give at most 1024",
	} {
		added := job.Job{Call: job.Func(func(context.Context) error { return nil }), Executor: alias}
		for kind, err := range map[string]error{"Job.": added.Validate(), "Changes.": job.Changes{Executor: &alias}.Validate()} {
			if got := fmt.Sprint(err); fault == "" && err != nil || fault != "" && got != kind+fault {
				t.Errorf("%.10q: %s, want %s", alias, got, fault)
			}
		}
	}
}

// TestNilTask gives a task that is nil, in which case there is nothing that
// could name it.
func TestNilTask(t *testing.T) {
	faults := job.NewTasks(job.NewTask("a", func(context.Context, int) error { return nil }), nil).Validate()
	if len(faults) != 1 || faults[0].Error() != "Tasks have one that is nil; give what NewTask returns" {
		t.Errorf("got %v", faults)
	}
}

// TestTaskUnderAnotherName gives tasks as a map, which may be wrong.
func TestTaskUnderAnotherName(t *testing.T) {
	task := job.NewTask("a", func(context.Context, int) error { return nil })
	for _, c := range []struct {
		tasks job.Tasks
		fault string
	}{
		{job.Tasks{"a": task}, ""},
		{job.Tasks{"a": nil}, `Tasks have nil under "a"; give what NewTask returns`},
		{job.Tasks{"b": task}, `Tasks have the task "a" under "b", where it would not be found; use NewTasks`},
	} {
		got := ""
		if err := errors.Join(c.tasks.Validate()...); err != nil {
			got = err.Error()
		}
		if got != c.fault {
			t.Errorf("%v: %s", c.tasks, got)
		}
	}
}

// TestImpossibleTrigger gives triggers that never fire. Who says when the job is to
// run, or that it is not to, has not to mean the trigger.
func TestImpossibleTrigger(t *testing.T) {
	never := triggers.Must(triggers.NewCrontab("0 0 30 2 *", triggers.Options{}))
	call := job.Func(func(context.Context) error { return nil })
	const fault = "Job.Trigger never fires: there is no such date as crontab(0 0 30 2 *) asks for"
	if err := (&job.Job{Call: call, Trigger: never}).Validate(); err == nil || err.Error() != fault {
		t.Errorf("%v", err)
	}
	if err := (job.Changes{Trigger: never}).Validate(); err == nil || err.Error() != fault {
		t.Errorf("as a change: %v", err)
	}
	for _, j := range []job.Job{{Call: call, Trigger: never, Paused: true}, {Call: call, Trigger: never, NextRunTime: time.Unix(0, 0)}} {
		if err := j.Validate(); err != nil {
			t.Errorf("with a next run time of its own: %v", err)
		}
	}
}

// TestNilTrigger gives what a constructor returns beside an error that nobody has
// looked at.
func TestNilTrigger(t *testing.T) {
	never, err := triggers.NewCron(triggers.CronFields{Hour: "24"}, triggers.Options{})
	if err == nil {
		t.Fatal("there is an hour 24")
	}
	call := job.Func(func(context.Context) error { return nil })
	const fault = "Job.Trigger is a nil *triggers.Cron; look at the error of what made it"
	for _, j := range []job.Job{{Call: call, Trigger: never}, {Call: call, Trigger: never, Paused: true}} {
		if err := j.Validate(); err == nil || err.Error() != fault {
			t.Errorf("%v", err)
		}
	}
	if err := (job.Changes{Trigger: never}).Validate(); err == nil || err.Error() != fault {
		t.Errorf("as a change: %v", err)
	}
}

// TestTimeOutsideOfTheCalendar gives run times that no store can keep.
func TestTimeOutsideOfTheCalendar(t *testing.T) {
	call := job.Func(func(context.Context) error { return nil })
	for year, want := range map[int]bool{-1: false, 0: false, 1: true, 1969: true, 9999: true, 10000: false, 300000: false} {
		at := time.Date(year, 6, 1, 0, 0, 0, 0, time.UTC)
		j := job.Job{Call: call, NextRunTime: at}
		for field, err := range map[string]error{"Job.NextRunTime": j.Validate(), "Changes.NextRunTime": job.Changes{NextRunTime: &at}.Validate()} {
			if fault, ok := errors.AsType[*job.FieldError](err); want != (err == nil) || !want && (!ok || fault.Field != field) {
				t.Errorf("%s in %d: %v", field, year, err)
			}
		}
	}
}
