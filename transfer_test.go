package carillon_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/memory"
	"github.com/carillon-go/carillon/stores/sqlite"
)

// TestTransfer moves jobs from store to store, by way of exports: from memory
// into a file, from there into another one, and back into memory.
func TestTransfer(t *testing.T) {
	const n = 1234 // more than a page and more than a batch
	dir := t.TempDir()
	ways := []stores.Opener{
		memory.Open(),
		sqlite.Open(filepath.Join(dir, "a.db")),
		sqlite.Open(filepath.Join(dir, "b.db")),
		memory.Open(),
	}
	var before string
	for i, open := range ways {
		clock := clocktest.NewClock(time.Date(2025, 5, 1, 9, 0, 0, 0, time.UTC))
		r := newFakeRig(t, clock, clock, carillon.Config{Stores: carillon.Stores{"default": open}, Tasks: carillon.NewTasks(Remind)})
		r.must(r.StartPaused(patience(t)))
		if i == 0 {
			var jobs []carillon.Job
			for k := range n {
				jobs = append(jobs, carillon.Job{ID: fmt.Sprintf("%d–%04d", k%7, k), Call: Remind.With(Reminder{To: "Ada\nLovelace"}), Trigger: seconds(), MaxInstances: 1 + k%3})
			}
			_, err := r.AddJobs(patience(t), jobs)
			r.must(err)
			_, err = r.PauseJob(patience(t), jobs[n/2].ID)
			r.must(err)
		} else {
			added, err := r.ImportJobs(patience(t), bytes.NewReader([]byte(before)), carillon.RefuseExisting)
			r.must(err)
			if added != n {
				t.Errorf("%d jobs imported, want %d", added, n)
			}
		}
		var export bytes.Buffer
		r.must(r.ExportJobs(patience(t), &export))
		if text := withoutVersions(export.String()); i > 0 && text != withoutVersions(before) {
			t.Errorf("store %d exports something else than the one before", i)
		}
		before = export.String()
		r.must(r.Shutdown(patience(t)))
	}
}

// withoutVersions leaves out of an export what every store counts by itself.
func withoutVersions(export string) string {
	return regexp.MustCompile(`,"version":\d+}`).ReplaceAllString(export, "}")
}
