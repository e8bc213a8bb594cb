package mysql_test

import (
	"strings"
	"sync"
	"testing"

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
