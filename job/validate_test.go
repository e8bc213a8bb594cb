package job_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/carillon-go/carillon/job"
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

// TestNilTask gives a task that is nil, in which case there is nothing that
// could name it.
func TestNilTask(t *testing.T) {
	faults := job.NewTasks(job.NewTask("a", func(context.Context, int) error { return nil }), nil).Validate()
	if len(faults) != 1 || faults[0].Error() != "Tasks have one that is nil; give what NewTask returns" {
		t.Errorf("got %v", faults)
	}
}
