package sqlite_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// A copy that SQLite has made of a file in use has all that was written.
func TestBackup(t *testing.T) {
	ctx, path, backup := t.Context(), file(t), filepath.Join(t.TempDir(), "copy.db")
	at := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	s := open(t, path, at)
	must(t, s.Put(ctx, stores.Insert, []job.Job{job.Defaults{}.Apply(job.Job{ID: "a", Call: job.NewTask[int]("work", nil).With(1), NextRunTime: at})}))
	execute(t, address(path), "VACUUM INTO '"+backup+"'")
	j, err := open(t, backup, at).Get(ctx, "a")
	if err != nil || !j.NextRunTime.Equal(at) {
		t.Errorf("the copy has %v, %v", j, err)
	}
}
