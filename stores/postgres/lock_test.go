package postgres_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/carillon-go/carillon/internal/testserver"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/postgres"
)

// A scheduler whose lease ends while its claim is being committed is not
// buried before: its runs would be nobody's.
func TestDeathDuringClaim(t *testing.T) {
	db := testserver.Postgres(t)
	s, conn := open(t, postgres.Config{DSN: db.DSN}), connect(t, db.DSN)
	put(t, s, due("a", noon))
	register(t, s, "slow")
	other := register(t, s, "other")

	execute(t, conn, `BEGIN;
		SELECT FROM carillon.node WHERE name = 'slow' FOR KEY SHARE;
		INSERT INTO carillon.run SELECT id, 1, 1, born, 'slow', 1, 1, next, next, false FROM carillon.job`)
	execute(t, connect(t, db.DSN), "UPDATE carillon.node SET until = now() - interval '1 second' WHERE name = 'slow'")
	c, err := other.claim(t.Context())
	must(t, err)
	if len(c.Lost) > 0 {
		t.Errorf("before the commit there are lost %v", c.Lost)
	}
	execute(t, conn, "COMMIT")
	c, err = other.claim(t.Context())
	must(t, err)
	if len(c.Lost) != 1 {
		t.Errorf("after the commit there are lost %v", c.Lost)
	}
}

// Due jobs that another scheduler has locked are not waited for, but looked at
// again soon.
func TestLockedJobs(t *testing.T) {
	db := testserver.Postgres(t)
	s, conn := open(t, postgres.Config{DSN: db.DSN}), connect(t, db.DSN)
	put(t, s, due("a", noon), due("b", noon), due("later", noon.Add(time.Hour)))
	execute(t, conn, "BEGIN; SELECT FROM carillon.job WHERE id = 'a' FOR UPDATE")
	n := register(t, s, "n")
	c, err := n.claim(within(t, 10*time.Second))
	must(t, err)
	if len(c.Runs) != 1 || c.Runs[0].JobID != "b" || c.More || !c.Next.After(noon) || c.Next.After(noon.Add(time.Second)) {
		t.Errorf("got %+v", c)
	}
	execute(t, conn, "COMMIT")
	c, err = n.claim(within(t, 10*time.Second))
	must(t, err)
	if len(c.Runs) != 1 || c.Runs[0].JobID != "a" || !c.Next.Equal(noon.Add(time.Hour)) {
		t.Errorf("got %+v", c)
	}
}

// A claim that has ended runs for which others wait does not wait for what these
// have locked: it lets go of the runs first.
func TestClaimThatHasEndedRunsWaitsForNobody(t *testing.T) {
	db := testserver.Postgres(t)
	s, conn := open(t, postgres.Config{DSN: db.DSN}), connect(t, db.DSN)
	n := register(t, s, "n")
	put(t, s, due("a", noon.Add(-time.Hour)), due("b", noon))
	c, err := n.claim(t.Context()) // now a is due again
	must(t, err)
	execute(t, conn, "SET deadlock_timeout = '100ms'; BEGIN; SELECT FROM carillon.run WHERE job = 'a' FOR UPDATE")
	claimed := make(chan error)
	go func() {
		next, err := n.ClaimDue(within(t, 20*time.Second), &stores.Claim{
			Node: n.name, Seq: 9, Now: noon, Limit: 10,
			Done: []stores.Done{{RunID: c.Runs[1].ID, JobID: "b", Attempt: 1, Outcome: job.Executed}},
			Plan: func(j *job.Job, live int, step *stores.Step) {
				hourly(j, live, step)
				step.Wait = true
			},
		})
		if err == nil && (next.Finished == nil || next.Finished.Held != 1 || len(next.Runs) != 1) {
			err = fmt.Errorf("got %+v", next)
		}
		claimed <- err
	}()
	for runs := 1; runs > 0; { // until b has ended, which is waited for once it has been locked
		execute(t, conn, "SAVEPOINT unlocked")
		must(t, conn.QueryRow(t.Context(), "SELECT count(*) FROM (SELECT FROM carillon.run WHERE job = 'b' FOR UPDATE) AS b").Scan(&runs))
		execute(t, conn, "ROLLBACK TO unlocked")
	}
	execute(t, conn, "COMMIT")
	must(t, <-claimed)
}

// A new job begins with a greater version than any of its ID has had, however
// often that was changed.
func TestVersionsGrow(t *testing.T) {
	db := testserver.Postgres(t)
	s, conn := open(t, postgres.Config{DSN: db.DSN}), connect(t, db.DSN)
	put(t, s, due("deleted", noon), due("ended", noon))
	execute(t, conn, "UPDATE carillon.job SET version = version + 100000000")
	old, err := s.List(t.Context(), "", 2)
	must(t, err)
	_, err = s.Delete(t.Context(), "deleted")
	must(t, err)
	put(t, s, due("deleted", noon.Add(time.Hour)))
	execute(t, conn, "SELECT setval('carillon.version', 1)")
	n := register(t, s, "n")
	_, err = n.ClaimDue(t.Context(), &stores.Claim{Node: "n", Seq: 1, Now: noon, Limit: 2, Plan: once})
	must(t, err)
	put(t, s, due("ended", noon))
	for _, j := range old {
		now, err := s.Get(t.Context(), j.ID)
		must(t, err)
		if now.Version <= j.Version {
			t.Errorf("%s begins with version %d after %d", j.ID, now.Version, j.Version)
		}
	}
}
