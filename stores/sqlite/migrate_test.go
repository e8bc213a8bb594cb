package sqlite

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// version1 is a copy of the file that the first version has made.
func version1(t *testing.T) Config {
	t.Helper()
	data, err := os.ReadFile("testdata/v1.sqlite")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "jobs.db")
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
	return Config{Path: path}
}

func openAs(t *testing.T, c Config, schemas []string) *store {
	t.Helper()
	s, err := c.open(t.Context(), stores.Env{Alias: "jobs"}, schemas)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// A step changes the file once, and those who do not know it refuse the file.
func TestMigrate(t *testing.T) {
	c := version1(t)
	later := append(slices.Clone(schemas), "ALTER TABLE job ADD COLUMN mood TEXT NOT NULL DEFAULT 'good'")
	for range 2 {
		s := openAs(t, c, later)
		var moods int
		if err := s.row("SELECT count(*) FROM job WHERE mood = 'good'", nil, &moods); err != nil || moods != 4 {
			t.Fatalf("%d jobs have the new column, %v", moods, err)
		}
		if _, err := s.Get(t.Context(), "nightly"); err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	_, err := c.Open(t.Context(), stores.Env{Alias: "jobs"})
	want := fmt.Sprintf("it has schema version %d and this program knows versions up to %d; use the program's newer version", len(later), len(schemas))
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got error %v", err)
	}
}

// A program that does not know the new schema claims nothing any more, and can
// record what it has claimed before.
func TestMigrationBesideAnOldProgram(t *testing.T) {
	c, ctx := version1(t), t.Context()
	old := openAs(t, c, schemas)
	claim := &stores.Claim{Node: "old", Seq: 1, Now: time.Now(), Limit: 1, Plan: func(j *job.Job, _ int, step *stores.Step) {
		step.Runs, step.Next = append(step.Runs, j.NextRunTime), j.NextRunTime.Add(time.Hour)
	}}
	if err := old.Heartbeat(ctx, "old", time.Hour); err != nil {
		t.Fatal(err)
	}
	claimed, err := old.ClaimDue(ctx, claim)
	if err != nil || len(claimed.Runs) == 0 {
		t.Fatalf("claimed %+v, %v", claimed, err)
	}
	openAs(t, c, append(slices.Clone(schemas), "ALTER TABLE job ADD COLUMN mood TEXT NOT NULL DEFAULT 'good'"))
	run := claimed.Runs[0]
	f, err := old.Finish(ctx, "old", []stores.Done{{RunID: run.ID, Attempt: run.Attempt, JobID: run.JobID, Outcome: job.Executed}})
	if err != nil || f.Held != 1 {
		t.Errorf("Finish of what was claimed before: %+v, %v", f, err)
	}
	claim.Seq = 2
	want := fmt.Sprintf("%s: it has schema version %d and this program knows versions up to %d", c.Path, len(schemas)+1, len(schemas))
	if _, err = old.ClaimDue(ctx, claim); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("claim by the old program: %v", err)
	}
}

// A step that fails changes nothing.
func TestMigrateFails(t *testing.T) {
	c := version1(t)
	broken := append(slices.Clone(schemas), "ALTER TABLE job ADD COLUMN mood TEXT; ALTER TABLE nothing ADD COLUMN mood TEXT")
	_, err := c.open(t.Context(), stores.Env{Alias: "jobs"}, broken)
	if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("schema version %d: ", len(broken))) {
		t.Errorf("got error %v", err)
	}
	s := openAs(t, c, schemas)
	var columns int
	if err := s.row("SELECT count(*) FROM pragma_table_info('job') WHERE name = 'mood'", nil, &columns); err != nil || columns != 0 {
		t.Errorf("%d columns of the step that has failed, %v", columns, err)
	}
}
