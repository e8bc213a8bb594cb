package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// While another process writes, one waits; but neither for ever, nor for longer
// than the context.
func TestBusy(t *testing.T) {
	c := version1(t)
	s := openAs(t, c, schemas)
	other, err := sql.Open("sqlite", address(c.Path))
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	other.SetMaxOpenConns(1)
	if _, err := other.Exec("BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	nightly, err := s.Get(t.Context(), "nightly")
	if err != nil {
		t.Fatal(err)
	}
	jobs := []job.Job{nightly}

	ctx, cancel := context.WithCancel(t.Context())
	waiting := make(chan error, 1)
	go func() { waiting <- s.Put(ctx, stores.Replace, jobs) }()
	cancel()
	if err := <-waiting; !errors.Is(err, context.Canceled) {
		t.Errorf("Put that was cancelled: got error %v", err)
	}

	if err := s.exec("PRAGMA busy_timeout = 20"); err != nil {
		t.Fatal(err)
	}
	err = s.Put(t.Context(), stores.Replace, jobs)
	if err == nil || !strings.Contains(err.Error(), "another process has been writing to the file for 10 s") {
		t.Errorf("Put that has waited: got error %v", err)
	}
	if _, err := other.Exec("ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	if err := s.Put(t.Context(), stores.Replace, jobs); err != nil {
		t.Error(err)
	}
}

// Several may make the file at once.
func TestOpenAtOnce(t *testing.T) {
	for range 10 {
		c := Config{Path: t.TempDir() + "/jobs.db"}
		var all sync.WaitGroup
		for i := range 4 {
			all.Go(func() {
				s, err := c.open(t.Context(), stores.Env{Alias: "jobs"}, schemas)
				if err != nil {
					t.Error(err)
					return
				}
				j := job.Defaults{}.Apply(job.Job{ID: fmt.Sprint(i), Call: &job.TaskCall{Task: "work"}})
				if err := errors.Join(s.Put(t.Context(), stores.Insert, []job.Job{j}), s.Close()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n := length(t, openAs(t, c, schemas)); n != 4 {
			t.Errorf("%d jobs are there, of 4", n)
		}
	}
}
