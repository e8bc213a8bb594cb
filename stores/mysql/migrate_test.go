package mysql_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

const laterStep = "ALTER TABLE @job ADD COLUMN IF NOT EXISTS colour varchar(10)"

// An older schema is brought up to date, with what is in it, and then refused
// by who knows the older one only.
func TestNewerSchema(t *testing.T) {
	db := newDatabase(t)
	config := db.empty(t)
	ctx := patient(t)
	s := open(t, config)
	must(t, s.Put(ctx, stores.Insert, []job.Job{due("a", noon)}))

	newer, err := config.OpenAfter(ctx, laterStep)
	must(t, err)
	_, err = newer.Get(ctx, "a")
	must(t, err)
	must(t, newer.Close())

	_, err = config.Open(ctx, stores.Env{Alias: "jobs"})
	if err == nil || !strings.Contains(err.Error(), "have schema version 2 and this program knows versions up to 1; use the program's newer version, or another prefix") {
		t.Errorf("got error %v", err)
	}
	db.execute(t, "DELETE FROM "+config.Prefix+"meta")
	_, err = config.Open(ctx, stores.Env{Alias: "jobs"})
	if err == nil || !strings.Contains(err.Error(), config.Prefix+"meta is empty; it is damaged, or that of another program") {
		t.Errorf("got error %v", err)
	}
}

// A program that does not know the new schema claims nothing any more, and can
// record what it has claimed before. The others claim.
func TestMigrationBesideAnOldProgram(t *testing.T) {
	config, ctx := newDatabase(t).empty(t), patient(t)
	old := open(t, config)
	must(t, old.Heartbeat(ctx, "old", time.Hour))
	must(t, old.Put(ctx, stores.Insert, []job.Job{due("a", noon), due("b", noon)}))
	claim := func(node string, seq uint64) *stores.Claim {
		return &stores.Claim{Node: node, Seq: seq, Now: noon, Limit: 1, Plan: func(j *job.Job, _ int, step *stores.Step) {
			step.Runs, step.Ended = append(step.Runs, j.NextRunTime), true
		}}
	}
	claimed, err := old.ClaimDue(ctx, claim("old", 1))
	must(t, err)

	newer, err := config.OpenAfter(ctx, laterStep)
	must(t, err)
	defer newer.Close()
	f, err := old.Finish(ctx, "old", []stores.Done{{RunID: claimed.Runs[0].ID, Attempt: 1, JobID: "a", Outcome: job.Executed}})
	if must(t, err); f.Held != 1 {
		t.Errorf("Finish of what was claimed before: %+v", f)
	}
	_, err = old.ClaimDue(ctx, claim("old", 2))
	if err == nil || !strings.Contains(err.Error(), "and this program knows versions up to") {
		t.Errorf("claim by the old program: %v", err)
	}
	must(t, newer.Heartbeat(ctx, "new", time.Hour))
	claimed, err = newer.ClaimDue(ctx, claim("new", 1))
	if must(t, err); len(claimed.Runs) != 1 || claimed.Runs[0].JobID != "b" {
		t.Errorf("claim by the new program: %+v", claimed)
	}
}

// A step that fails leaves the version as it was, and is begun anew.
func TestStepFails(t *testing.T) {
	config := newDatabase(t).empty(t)
	ctx := patient(t)
	if _, err := config.OpenAfter(ctx, laterStep+"; ALTER TABLE @nowhere ADD COLUMN x int"); err == nil || !strings.Contains(err.Error(), "schema version 2: ") {
		t.Errorf("got error %v", err)
	}
	open(t, config)
	newer, err := config.OpenAfter(ctx, laterStep)
	must(t, err)
	must(t, newer.Close())
}

// Of several who open a new store one makes the tables.
func TestOpenTogether(t *testing.T) {
	config := newDatabase(t).empty(t)
	ctx := patient(t)
	var life sync.WaitGroup
	for range 8 {
		life.Go(func() {
			s, err := config.OpenAfter(ctx, "ALTER TABLE @job ADD COLUMN colour varchar(10)")
			if err != nil {
				t.Error(err)
				return
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	life.Wait()
}
