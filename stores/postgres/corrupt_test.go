package postgres_test

import (
	"strings"
	"testing"

	"github.com/carillon-go/carillon/internal/testserver"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/postgres"
)

// A row that cannot be read is parked, listed and left as it is; the others run.
func TestCorruptRow(t *testing.T) {
	db := testserver.Postgres(t)
	s := open(t, postgres.Config{DSN: db.DSN})
	put(t, s, due("broken", noon), due("gone", noon), due("whole", noon))
	conn := connect(t, db.DSN)
	execute(t, conn, `UPDATE carillon.spec SET spec = '{"task": "work", "coalesce": "sideways"}' WHERE job = 'broken';
		DELETE FROM carillon.spec WHERE job = 'gone'`)
	n := register(t, s, "n")
	for range 2 {
		c, err := n.claim(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if n.seq == 1 {
			if len(c.Runs) != 1 || c.Runs[0].JobID != "whole" || len(c.Parked) != 2 ||
				c.Parked[0].JobID != "broken" || !strings.Contains(c.Parked[0].Reason, `"sideways" is unknown`) {
				t.Errorf("got %+v", c)
			}
		} else if len(c.Runs)+len(c.Parked) > 0 {
			t.Errorf("the second claim: got %+v", c)
		}
	}
	all, err := s.List(t.Context(), "", 10)
	if err != nil || len(all) != 3 || all[1].ID != "gone" || all[1].NextRunTime.IsZero() {
		t.Fatalf("List: %v, %v", all, err)
	}
	if err := s.Put(t.Context(), stores.IfVersion, all[:1]); err == nil {
		t.Error("what is left of a job that cannot be read overwrites it")
	}
	var kept string
	if err := conn.QueryRow(t.Context(), "SELECT spec::text FROM carillon.spec WHERE job = 'broken'").Scan(&kept); err != nil || !strings.Contains(kept, "sideways") {
		t.Errorf("the row has become %s, %v", kept, err)
	}
	put(t, s, due("broken", noon), due("gone", noon))
	if c, err := n.claim(t.Context()); err != nil || len(c.Runs) != 2 {
		t.Errorf("after a Put: %+v, %v", c, err)
	}
}

// What the database cannot keep as it is is kept all the same, or refused.
func TestStrangeText(t *testing.T) {
	s := open(t, postgres.Config{DSN: testserver.Postgres(t).DSN})
	ids := []string{"\x00", "\x00\x01", "\x01", "\x01\x01", "\x01\x02", "\x02", "a\x00b"}
	var all []job.Job
	for _, id := range ids {
		all = append(all, due(id, noon))
	}
	put(t, s, all...)
	got, err := s.List(t.Context(), "", 10)
	if err != nil || len(got) != len(ids) {
		t.Fatal(got, err)
	}
	for i := range got {
		if got[i].ID != ids[i] {
			t.Errorf("job %d is %q, want %q", i, got[i].ID, ids[i])
		}
	}
	n := register(t, s, "n")
	c, err := n.claim(t.Context())
	if err != nil || len(c.Runs) != len(ids) {
		t.Fatal(c, err)
	}
	_, err = n.Finish(t.Context(), "n", []stores.Done{{
		RunID: c.Runs[0].ID, Attempt: 1, JobID: c.Runs[0].JobID, Outcome: job.Failed, Err: "a\x00b\xffc",
	}})
	records, failed := s.History(t.Context(), &stores.HistoryQuery{JobID: "\x00", Limit: 1})
	if err != nil || failed != nil || len(records) != 1 || records[0].Reason != "a\ufffdb\ufffdc" {
		t.Errorf("got %+v, %v, %v", records, err, failed)
	}
	if err := s.Put(t.Context(), stores.Insert, []job.Job{due("\xff", noon)}); err == nil {
		t.Error("an ID that is no UTF-8 is taken")
	}
}
