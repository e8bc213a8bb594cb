package dashboard

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/stores/sqlite"
	"github.com/carillon-go/carillon/triggers"
)

// TestStored looks at stored jobs, in a scheduler that knows their task and in one
// that does not.
func TestStored(t *testing.T) {
	file := filepath.Join(t.TempDir(), "jobs.db")
	mail := carillon.NewTask("mail.send", func(context.Context, mailArgs) error { return nil })
	begin := func(tasks ...carillon.AnyTask) *rig {
		r := newRig(t, carillon.Config{
			Lease:  carillon.SoleOwner,
			Stores: carillon.Stores{"default": sqlite.Open(file)},
			Tasks:  carillon.NewTasks(tasks...),
		}, Config{})
		r.start()
		return r
	}
	r := begin(mail)
	for _, id := range append([]string{"b", "ba", "b\u00e9", "B", "c", "a"}, hostile...) {
		_, err := r.AddJob(t.Context(), mail.With(mailArgs{"<ada@example.org>"}), triggers.Must(triggers.Every(time.Hour)), carillon.Job{ID: id})
		r.must(err)
	}
	r.pass(90 * time.Minute)
	r.shows("jobs?prefix=b", "3 found in order of next run", "b", "ba", "b\u00e9", "executed")
	for _, id := range hostile {
		page := read[jobPage](r, jobJSON(id))
		if page.Job == nil || page.Job.ID != id || page.Job.State != scheduled || len(page.Records) != 1 || len(page.Upcoming) != upcomingShown {
			t.Errorf("%q: %+v, %d records, %d run times", id, page.Job, len(page.Records), len(page.Upcoming))
		}
	}
	r.stop()

	r = begin()
	r.shows("", "Parked jobs", "No job has a run time.")
	r.shows("job?id=b", "parked", "mail.send", "is not registered with this scheduler", `{"to":"\u003cada@example.org\u003e"}`, "Next runs Europe/Berlin")
	if found := read[jobsPage](r, "jobs.json?name=MAIL&state=parked"); len(found.Jobs) != 6+len(hostile) {
		t.Errorf("%d jobs are parked", len(found.Jobs))
	}
}

func jobJSON(id string) string { return link("job.json", "store", "default", "id", id) }
