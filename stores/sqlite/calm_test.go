package sqlite_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// What is parked is not read again by every claim; but whatever comes before it
// is claimed, whoever has put it there.
func TestCalm(t *testing.T) {
	path := filepath.Join(t.TempDir(), "jobs.db")
	s, other := open(t, path, noon), open(t, path, noon)
	ctx := t.Context()
	must(t, s.Heartbeat(ctx, "n", time.Hour))
	at := func(second int) time.Time { return noon.Add(time.Duration(second) * time.Second) }
	known := &stores.Known{Tasks: []string{"work"}}
	var parked []job.Job
	for i := range 500 {
		j := due(fmt.Sprintf("alien-%03d", i), at(5))
		j.Call = call("alien")
		parked = append(parked, j)
	}
	must(t, s.Put(ctx, stores.Insert, append(parked, due("back", at(6)))))
	seq := uint64(0)
	claim := func(what, want string, next time.Time) {
		t.Helper()
		seq++
		c, err := s.ClaimDue(ctx, &stores.Claim{Node: "n", Seq: seq, Now: at(10), Limit: 10, Known: known, Plan: func(j *job.Job, live int, step *stores.Step) {
			stepping([]time.Time{j.NextRunTime}, next, false)(j, live, step)
		}})
		must(t, err)
		same(t, what, fmt.Sprint(keys(c.Runs), " ", len(c.Parked), " ", c.Next.Format(time.TimeOnly)), want)
	}
	claim("a step back", "back@2026-11-21T12:00:06Z 500 12:00:04", at(4))
	claim("behind it", "back@2026-11-21T12:00:04Z 0 12:01:00", at(60))
	claim("nothing", " 0 12:01:00", at(60))
	must(t, s.Put(ctx, stores.Insert, []job.Job{due("own", at(3))}))
	claim("put here", "own@2026-11-21T12:00:03Z 0 12:01:00", at(60))
	must(t, other.Put(ctx, stores.Insert, []job.Job{due("foreign", at(3))}))
	claim("put elsewhere", "foreign@2026-11-21T12:00:03Z 0 12:01:00", at(60))
	claim("nothing again", " 0 12:01:00", at(60))
	parked[7].Name = "changed"
	must(t, other.Put(ctx, stores.Replace, parked[7:8]))
	claim("parked anew", " 1 12:01:00", at(60))
	known = &stores.Known{Tasks: []string{"work", "play"}}
	claim("other names", " 500 12:01:00", at(60))
}
