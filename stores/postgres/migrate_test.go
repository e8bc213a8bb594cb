package postgres_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon/internal/testserver"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/postgres"
)

const laterStep = "ALTER TABLE @.history ADD COLUMN colour text"

func claimOf(node string, plan func(*job.Job, int, *stores.Step)) *stores.Claim {
	return &stores.Claim{Node: node, Seq: 1, Now: noon, Limit: 10, Plan: plan}
}

func ends(j *job.Job, _ int, step *stores.Step) {
	step.Runs, step.Ended = append(step.Runs, j.NextRunTime), true
}

// The schema is brought up to date between claims: one that is under way ends
// before that, and its runs can be recorded. A program that does not know the new
// schema claims nothing more, and the others do.
func TestMigrationBesideAnOldProgram(t *testing.T) {
	db := testserver.Postgres(t)
	config, ctx := postgres.Config{DSN: db.DSN}, t.Context()
	old, conn := open(t, config), connect(t, db.DSN)
	beats(t, old, "old")
	put(t, old, due("a", noon))

	var newer stores.Store
	migrated := make(chan error, 1)
	claimed, err := old.ClaimDue(ctx, claimOf("old", func(j *job.Job, live int, step *stores.Step) {
		go func() {
			var err error
			newer, err = config.OpenAfter(ctx, laterStep)
			migrated <- err
		}()
		for waits := false; !waits; {
			if err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))").Scan(&waits); err != nil || len(migrated) > 0 {
				t.Errorf("the migration does not wait for the claim: %v", err)
				break
			}
		}
		ends(j, live, step)
	}))
	if err != nil || len(claimed.Runs) != 1 {
		t.Fatalf("claimed %+v, %v", claimed, err)
	}
	if err := <-migrated; err != nil {
		t.Fatal(err)
	}
	defer newer.Close()

	put(t, newer, due("b", noon))
	done := []stores.Done{{RunID: claimed.Runs[0].ID, Attempt: 1, JobID: "a", Outcome: job.Executed}}
	if f, err := old.Finish(ctx, "old", done); err != nil || f.Held != 1 {
		t.Errorf("Finish of what was claimed before: %+v, %v", f, err)
	}
	again := claimOf("old", ends)
	again.Seq = 2
	_, err = old.ClaimDue(ctx, again)
	if err == nil || !strings.Contains(err.Error(), "and this program knows versions up to") {
		t.Errorf("claim by the old program: %v", err)
	}
	beats(t, newer, "new")
	if claimed, err := newer.ClaimDue(ctx, claimOf("new", ends)); err != nil || len(claimed.Runs) != 1 {
		t.Errorf("claim by the new program: %+v, %v", claimed, err)
	}
}

func beats(t *testing.T, s stores.Store, name string) {
	t.Helper()
	if err := s.Heartbeat(context.Background(), name, time.Hour); err != nil {
		t.Fatal(err)
	}
}
