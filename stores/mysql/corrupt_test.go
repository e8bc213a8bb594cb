package mysql_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// A job that cannot be read is parked and listed, and is in nobody's way.
func TestCorruptJob(t *testing.T) {
	for name, c := range map[string]struct{ damage, reason string }{
		"cut":     {`UPDATE @spec SET spec = '{"id":"bad","task":"work"' WHERE job = 'bad'`, "the stored job cannot be read: "},
		"empty":   {`UPDATE @spec SET spec = '' WHERE job = 'bad'`, "the stored job cannot be read: "},
		"removed": {`DELETE FROM @spec WHERE job = 'bad'`, "the stored job cannot be read: "},
	} {
		t.Run(name, func(t *testing.T) {
			db := newDatabase(t)
			config := db.empty(t)
			ctx := patient(t)
			s := open(t, config)
			must(t, s.Heartbeat(ctx, "n", 0))
			must(t, s.Put(ctx, stores.Insert, []job.Job{due("bad", noon), due("good", noon.Add(time.Second))}))
			must(t, s.Close())
			db.execute(t, strings.ReplaceAll(c.damage, "@", config.Prefix))

			s = open(t, config)
			claim := func(seq uint64) *stores.Claimed {
				t.Helper()
				claimed, err := s.ClaimDue(ctx, &stores.Claim{Node: "n", Seq: seq, Now: noon.Add(time.Second), Limit: 10, Plan: later(time.Hour)})
				must(t, err)
				return claimed
			}
			first, second := claim(1), claim(2)
			same(t, "the runs", keys(first.Runs), "good@2026-01-01T12:00:01Z")
			if len(first.Parked) != 1 || len(second.Parked) != 0 || !strings.HasPrefix(first.Parked[0].Reason, c.reason) {
				t.Errorf("Parked: %q, then %q", first.Parked, second.Parked)
			}
			list, err := s.List(ctx, "", 10)
			must(t, err)
			if len(list) != 2 || list[0].ID != "bad" || !list[0].NextRunTime.Equal(noon) {
				t.Errorf("List: %v", list)
			}
			err = s.Put(ctx, stores.IfVersion, list[:1]) // it would lose the arguments
			if !errors.Is(err, job.ErrTransientJob) || !strings.Contains(err.Error(), "put the whole job anew to replace it") {
				t.Errorf("Put of what is left of it: got error %v", err)
			}
			must(t, s.Put(ctx, stores.Replace, []job.Job{due("bad", noon)}))
			same(t, "the runs", keys(claim(3).Runs), "bad@2026-01-01T12:00:00Z")
		})
	}
}
