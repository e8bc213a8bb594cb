package sqlite_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/sqlite"
)

// Whatever is in the row of a job, it is parked with the reason and left alone,
// and the others run.
func TestCorrupt(t *testing.T) {
	for name, c := range map[string]struct{ spec, reason string }{
		"no JSON":        {`{"id":"bad","task":`, "the stored job cannot be read: unexpected EOF"},
		"no task":        {`{"id":"bad"}`, "the stored job cannot be read: task is missing"},
		"of the future":  {`{"id":"bad","task":"work","mood":"good"}`, `the stored job cannot be read: json: unknown field "mood"`},
		"an odd setting": {`{"id":"bad","task":"work","coalesce":"often"}`, `the stored job cannot be read: coalesce "often" is unknown`},
		"empty":          {``, "the stored job cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, path := t.Context(), file(t)
			s := open(t, path, noon)
			must(t, s.Heartbeat(ctx, "n", 0))
			bad := due("bad", noon)
			bad.Executor, bad.Delivery = "slow", job.AtLeastOnce
			must(t, s.Put(ctx, stores.Insert, []job.Job{bad, due("good", noon.Add(time.Second))}))
			must(t, s.Close())
			execute(t, address(path), fmt.Sprintf("UPDATE spec SET spec = '%s' WHERE job = 'bad'", c.spec))

			s = open(t, path, noon)
			claim := func(seq uint64) *stores.Claimed {
				t.Helper()
				claimed, err := s.ClaimDue(ctx, &stores.Claim{Node: "n", Seq: seq, Now: noon.Add(time.Second), Limit: 10,
					Plan: stepping([]time.Time{noon}, noon.Add(time.Hour), false)})
				must(t, err)
				return claimed
			}
			first, second := claim(1), claim(2)
			same(t, "Runs", keys(first.Runs), "good@2026-11-21T12:00:00Z")
			if len(first.Parked) != 1 || len(second.Parked) != 0 || !strings.HasPrefix(first.Parked[0].Reason, c.reason) {
				t.Errorf("Parked: %q, then %q", first.Parked, second.Parked)
			}
			jobs, err := s.List(ctx, "", 10)
			must(t, err)
			j, err := s.Get(ctx, "bad")
			must(t, err)
			same(t, "the job", fmt.Sprintln(len(jobs), j.ID, j.Name, j.Call.TaskName(), j.Executor, j.Delivery, j.NextRunTime.Equal(noon), j.Version),
				"2 bad bad work slow at least once true 1\n")

			err = s.Put(ctx, stores.IfVersion, []job.Job{j}) // it would lose the arguments
			if !errors.Is(err, job.ErrTransientJob) || !strings.Contains(err.Error(), "put the whole job anew to replace it") {
				t.Errorf("Put of what is left of it: got error %v", err)
			}
			must(t, s.Put(ctx, stores.Replace, []job.Job{due("bad", noon)}))
			same(t, "Runs", keys(claim(3).Runs), "bad@2026-11-21T12:00:00Z")
		})
	}
}

// A trigger that cannot be read is kept, with the reason in the job.
func TestCorruptTrigger(t *testing.T) {
	ctx, path := t.Context(), file(t)
	s := open(t, path, noon)
	must(t, s.Put(ctx, stores.Insert, []job.Job{due("bad", noon)}))
	execute(t, address(path), `UPDATE spec SET spec = '{"id":"bad","task":"work","trigger":{"kind":"interval","every":"often"}}'`)
	j, err := s.Get(ctx, "bad")
	must(t, err)
	form, err := j.MarshalJSON()
	must(t, err)
	if !strings.Contains(string(form), `"every":"often"`) {
		t.Errorf("the job is %s", form)
	}
}

// A file of which a part is missing, one that has lost its beginning and one that
// is something else are told from what is wrong with a path.
func TestDamaged(t *testing.T) {
	ctx := t.Context()
	for name, row := range map[string]struct {
		damage func(path string) error
		want   bool
	}{
		"half of it is there": {func(path string) error {
			info, err := os.Stat(path)
			if err != nil {
				return err
			}
			return os.Truncate(path, info.Size()/2)
		}, true},
		"zeros at its beginning": {func(path string) error {
			f, err := os.OpenFile(path, os.O_WRONLY, 0)
			if err != nil {
				return err
			}
			_, err = f.Write(make([]byte, 4096))
			return errors.Join(err, f.Close())
		}, true},
		"a directory": {func(path string) error { return errors.Join(os.Remove(path), os.Mkdir(path, 0o777)) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			path := file(t)
			s := open(t, path, noon)
			var jobs []job.Job
			for i := range 1000 {
				jobs = append(jobs, due(fmt.Sprint(i), noon))
			}
			must(t, s.Put(ctx, stores.Insert, jobs))
			must(t, s.Close())
			must(t, row.damage(path))

			scheduler, err := carillon.New(carillon.Config{Stores: carillon.Stores{"default": sqlite.Open(path)}})
			must(t, err)
			if err := scheduler.Start(ctx); err == nil || errors.Is(err, sqlite.ErrDamaged) != row.want {
				t.Fatalf("started with %v", err)
			}
			must(t, os.Rename(path, path+".damaged"))
			must(t, scheduler.Start(ctx))
			must(t, scheduler.Shutdown(ctx))
		})
	}
}
