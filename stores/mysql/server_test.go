package mysql_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon/internal/testserver"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// A store outlives its server: while that is away every call fails, and when it
// is back the store goes on where it was.
func TestServerRestarts(t *testing.T) {
	for name, end := range map[string]func(*testserver.Database){"stopped": (*testserver.Database).Stop, "killed": (*testserver.Database).Kill} {
		t.Run(name, func(t *testing.T) {
			db := newDatabase(t, testserver.Own)
			ctx := patient(t)
			s := open(t, db.empty(t))
			must(t, s.Heartbeat(ctx, "n", time.Hour))
			must(t, s.Put(ctx, stores.Insert, []job.Job{due("a", noon), due("b", noon)}))
			first, err := s.ClaimDue(ctx, &stores.Claim{Node: "n", Seq: 1, Now: noon, Limit: 1, Plan: later(time.Hour)})
			must(t, err)
			end(db.Database)
			for what, call := range everything(s) {
				if err := call(ctx); err == nil {
					t.Errorf("%s succeeds without a server", what)
				}
			}
			db.Start()
			must(t, s.Heartbeat(ctx, "n", time.Hour))
			again, err := s.ClaimDue(ctx, &stores.Claim{Node: "n", Seq: 1, Now: noon, Limit: 1, Plan: later(time.Hour)})
			must(t, err)
			same(t, "the claim again", keys(again.Runs), keys(first.Runs))
			next, err := s.ClaimDue(ctx, &stores.Claim{Node: "n", Seq: 2, Now: noon, Limit: 9, Plan: later(time.Hour)})
			must(t, err)
			same(t, "the next claim", keys(next.Runs), "b@2026-01-01T12:00:00Z")
			f, err := s.Finish(ctx, "n", executed(append(first.Runs, next.Runs...)))
			must(t, err)
			same(t, "Finish", fmt.Sprint(f.Held), "2")
		})
	}
}

// A server that has become read-only is given up: the address may lead to
// another one by now.
func TestReadOnly(t *testing.T) {
	db := newDatabase(t, testserver.Own)
	db.execute(t, "CREATE USER clerk@'127.0.0.1'") // whom read_only concerns
	db.execute(t, `INSERT INTO mysql.db (Host, Db, User, Select_priv, Insert_priv, Update_priv, Delete_priv, Create_priv, Alter_priv, Index_priv)
		VALUES ('127.0.0.1', DATABASE(), 'clerk', 'Y', 'Y', 'Y', 'Y', 'Y', 'Y', 'Y')`)
	db.execute(t, "FLUSH PRIVILEGES")
	config := db.empty(t)
	config.DSN = strings.Replace(config.DSN, "carillon@", "clerk@", 1)
	s := open(t, config)
	const connection = "SELECT MAX(id) FROM information_schema.processlist WHERE user = 'clerk'"
	for what, call := range map[string]func(context.Context) error{"Put": everything(s)["Put"], "Heartbeat": everything(s)["Heartbeat"]} {
		ctx := patient(t)
		must(t, call(ctx))
		var before, after int
		must(t, db.sql.QueryRowContext(ctx, connection).Scan(&before))
		db.execute(t, "SET GLOBAL read_only = 1")
		if err := call(ctx); err == nil || !strings.Contains(err.Error(), "give the address of the primary") {
			t.Errorf("%s: got error %v", what, err)
		}
		db.execute(t, "SET GLOBAL read_only = 0")
		must(t, call(ctx))
		if must(t, db.sql.QueryRowContext(ctx, connection).Scan(&after)); after == before {
			t.Errorf("%s: the connection is used on", what)
		}
	}
}

// everything is what a store can be asked for.
func everything(s stores.Store) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"Put":       func(ctx context.Context) error { return s.Put(ctx, stores.Replace, []job.Job{due("a", noon)}) },
		"Delete":    func(ctx context.Context) error { _, err := s.Delete(ctx, "x"); return err },
		"Get":       func(ctx context.Context) error { _, err := s.Get(ctx, "a"); return err },
		"List":      func(ctx context.Context) error { _, err := s.List(ctx, "", 1); return err },
		"Heartbeat": func(ctx context.Context) error { return s.Heartbeat(ctx, "n", time.Hour) },
		"ClaimDue": func(ctx context.Context) error {
			_, err := s.ClaimDue(ctx, &stores.Claim{Node: "n", Seq: 2, Now: noon, Limit: 1, Plan: later(time.Hour)})
			return err
		},
		"Finish": func(ctx context.Context) error {
			_, err := s.Finish(ctx, "n", []stores.Done{{RunID: 1, Attempt: 1, JobID: "a", Outcome: job.Executed}})
			return err
		},
		"History": func(ctx context.Context) error { _, err := s.History(ctx, &stores.HistoryQuery{Limit: 1}); return err },
	}
}

// A network that swallows everything holds no call longer than its context.
func TestNetworkStalls(t *testing.T) {
	db := newDatabase(t)
	config := db.empty(t)
	line := testserver.Proxy(t, db.Address)
	config.DSN = db.DSNAt(line.Address)
	s := open(t, config)
	ctx := patient(t)
	must(t, s.Heartbeat(ctx, "n", time.Hour))
	must(t, s.Put(ctx, stores.Insert, []job.Job{due("a", noon)}))
	line.Stall()
	for what, call := range everything(s) {
		short, cancel := patientFor(t, 50*time.Millisecond)
		if err := call(short); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: got error %v", what, err)
		}
		cancel()
	}
	short, cancel := patientFor(t, 50*time.Millisecond)
	defer cancel()
	if _, err := config.Open(short, stores.Env{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Open: got error %v", err)
	}
	line.Break()
	line.Pass()
	for what, call := range everything(s) {
		if err := call(ctx); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// A claim that was carried out, though its answer was lost, is told again as it
// was.
func TestClaimInDoubt(t *testing.T) {
	db := newDatabase(t)
	config := db.empty(t)
	line := testserver.Proxy(t, db.Address)
	config.DSN = db.DSNAt(line.Address)
	s := open(t, config)
	ctx := patient(t)
	must(t, s.Heartbeat(ctx, "n", time.Hour))
	must(t, s.Put(ctx, stores.Insert, jobs(3, func(i int) job.Job { return due(fmt.Sprint(i), noon) })))
	planned := 0
	claim := func(inside func()) (*stores.Claimed, error) {
		return s.ClaimDue(ctx, &stores.Claim{Node: "n", Seq: 1, Now: noon, Limit: 9, Plan: func(j *job.Job, live int, step *stores.Step) {
			inside()
			planned++
			if j.ID == "1" {
				step.Park = "it is odd"
				return
			}
			later(time.Hour)(j, live, step)
		}})
	}
	if _, err := claim(line.Break); err == nil {
		t.Error("a claim succeeds whose connection broke")
	}

	holdUp, err := db.sql.Conn(ctx) // commits wait for it
	must(t, err)
	defer holdUp.Close()
	for _, stage := range []string{"START", "BLOCK_COMMIT"} {
		_, err = holdUp.ExecContext(ctx, "BACKUP STAGE "+stage)
		must(t, err)
	}
	result := make(chan error, 1)
	planned = 0
	go func() {
		_, err := claim(func() {})
		result <- err
	}()
	for waiting := 0; waiting == 0; {
		must(t, db.sql.QueryRowContext(ctx, "SELECT COUNT(*) FROM information_schema.processlist WHERE state = 'Waiting for backup lock'").Scan(&waiting))
	}
	line.Break()
	if err := <-result; err == nil {
		t.Error("a claim succeeds whose answer is lost")
	}
	_, err = holdUp.ExecContext(ctx, "BACKUP STAGE END")
	must(t, err)

	c, err := claim(func() {})
	must(t, err)
	same(t, "the runs", keys(c.Runs), "0@2026-01-01T12:00:00Z 2@2026-01-01T12:00:00Z")
	same(t, "the parked", fmt.Sprint(c.Parked), "[{1 it is odd}]")
	same(t, "how many were planned", fmt.Sprint(planned), "3")
	f, err := s.Finish(ctx, "n", executed(c.Runs))
	must(t, err)
	same(t, "Finish", fmt.Sprint(f.Held), "2")
}
