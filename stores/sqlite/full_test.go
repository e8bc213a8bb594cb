package sqlite

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"modernc.org/sqlite"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// What does not fit on the disk has not happened, and works when there is room.
func TestDiskFull(t *testing.T) {
	ctx, noon := t.Context(), time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	s := openAs(t, Config{Path: filepath.Join(t.TempDir(), "jobs.db")}, schemas)
	batch := func(n int) []job.Job {
		jobs := make([]job.Job, 100)
		for i := range jobs {
			jobs[i] = job.Defaults{}.Apply(job.Job{ID: fmt.Sprintf("job-%d-%d", n, i), Call: &job.TaskCall{Task: "work"}, NextRunTime: noon})
		}
		return jobs
	}
	full := func(what string, err error) {
		t.Helper()
		e, ok := errors.AsType[*sqlite.Error](err)
		if !ok || e.Code() != 13 || !strings.Contains(err.Error(), "the disk is full; make room for the file") {
			t.Fatalf("%s: got error %v", what, err)
		}
	}
	claim := &stores.Claim{Node: "n", Seq: 1, Now: noon, Limit: 1e6, Plan: func(j *job.Job, _ int, step *stores.Step) {
		step.Runs, step.Next = append(step.Runs, j.NextRunTime), j.NextRunTime.Add(time.Hour)
	}}
	if err := s.Heartbeat(ctx, "n", 0); err != nil {
		t.Fatal(err)
	}

	limit(t, s, 100)
	n := 0
	var err error
	for ; err == nil; n++ {
		err = s.Put(ctx, stores.Insert, batch(n))
	}
	full("Put", err)
	stored := (n - 1) * 100
	if count := length(t, s); count != stored || stored == 0 {
		t.Fatalf("%d jobs are there, want %d", count, stored)
	}
	_, err = s.ClaimDue(ctx, claim)
	full("ClaimDue", err)

	limit(t, s, 1e6)
	if err := s.Put(ctx, stores.Insert, batch(n)); err != nil {
		t.Fatal(err)
	}
	c, err := s.ClaimDue(ctx, claim)
	if err != nil || len(c.Runs) != stored+100 {
		t.Fatalf("%d runs, %v", len(c.Runs), err)
	}
}

// limit sets how many pages the file may have.
func limit(t *testing.T, s *store, pages int) {
	t.Helper()
	if err := s.exec(fmt.Sprintf("PRAGMA max_page_count = %d", pages)); err != nil {
		t.Fatal(err)
	}
}

func length(t *testing.T, s *store) int {
	t.Helper()
	jobs, err := s.List(context.Background(), "", 1e6)
	if err != nil {
		t.Fatal(err)
	}
	return len(jobs)
}
