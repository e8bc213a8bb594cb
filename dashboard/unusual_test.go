package dashboard

import (
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/job"
)

// TestUnusual has jobs with times and arguments for which there is no JSON as they are,
// or seems to be none: a page is read all the same, as is that of the other jobs.
func TestUnusual(t *testing.T) {
	r := newRig(t, carillon.Config{}, Config{})
	never := time.Date(9999, 12, 31, 23, 59, 0, 0, time.UTC) // in Berlin it is the year 10000
	old := time.Date(1500, 12, 31, 23, 59, 28, 0, time.UTC)  // in Berlin 53 min 28 s later
	r.add(r.At(never, nothing, carillon.Job{ID: "never"}))
	r.add(r.At(old, nothing, carillon.Job{ID: "old", Executor: "none"}))
	r.add(r.AddJob(t.Context(), &job.TaskCall{Task: "task", Args: []byte("{\x00\xff")}, nil, carillon.Job{ID: "broken"}))
	r.start()
	r.pass(time.Minute)
	list := read[jobsPage](r, "jobs.json")
	if len(list.Jobs) != 3 || !list.Jobs[0].Next.Equal(old) || !list.Jobs[2].Next.Equal(never) {
		t.Errorf("jobs %+v, want next runs from %v to %v", list.Jobs, old, never)
	}
	if page := read[overview](r, "overview.json"); len(page.Stores) != 1 || page.Stores[0].Jobs != 3 {
		t.Errorf("stores %+v", page.Stores)
	}
	if page := read[jobPage](r, "job.json?id=never&at=9999-12-31T23:59:00Z"); len(page.Answers) != 1 || !page.Answers[0].At.Equal(never) {
		t.Errorf("answers %v, want one about %v", page.Answers, never)
	}
	if page := read[jobPage](r, "job.json?id=broken"); string(page.Settings.Args) != `"{\u0000\ufffd"` {
		t.Errorf("arguments %s", page.Settings.Args)
	}
	r.shows("jobs", "106751 d ago", "in 106751 d")
}
