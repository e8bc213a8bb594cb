package sqlite

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// desk is a store with a node, whose claims are due at noon.
type desk struct {
	*testing.T
	*store
	seq uint64
}

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func newDesk(t *testing.T) *desk {
	d := &desk{T: t, store: openAs(t, Config{Path: filepath.Join(t.TempDir(), "jobs.db")}, schemas)}
	d.must(d.Heartbeat(t.Context(), "n", 0))
	return d
}

func (d *desk) must(err error) {
	d.T.Helper()
	if err != nil {
		d.Fatal(err)
	}
}

func (d *desk) put(ids ...string) {
	d.T.Helper()
	jobs := make([]job.Job, len(ids))
	for i, id := range ids {
		jobs[i] = job.Defaults{}.Apply(job.Job{ID: id, Call: job.NewTask[int]("work", nil).With(1), NextRunTime: noon})
	}
	d.must(d.Put(d.Context(), stores.Insert, jobs))
}

// claim has each due job run so often; without a next time it ends.
func (d *desk) claim(runs int, next time.Time) []job.Run {
	d.T.Helper()
	d.seq++
	c, err := d.ClaimDue(d.Context(), &stores.Claim{Node: "n", Seq: d.seq, Now: noon, Limit: 100, Plan: func(_ *job.Job, _ int, step *stores.Step) {
		for range runs {
			step.Runs = append(step.Runs, noon)
		}
		step.Next, step.Ended = next, next.IsZero()
	}})
	d.must(err)
	return c.Runs
}

func (d *desk) finish(runs ...job.Run) {
	d.T.Helper()
	done := make([]stores.Done, len(runs))
	for i, r := range runs {
		done[i] = stores.Done{RunID: r.ID, Attempt: r.Attempt, JobID: r.JobID, Outcome: job.Executed}
	}
	f, err := d.Finish(d.Context(), "n", done)
	d.must(err)
	if f.Held != len(runs) {
		d.Errorf("%d of %d runs were held", f.Held, len(runs))
	}
}

// keeps checks of how many jobs that are gone the settings are kept, and that
// this is what was counted.
func (d *desk) keeps(want int) {
	d.T.Helper()
	var counted, kept int
	d.must(d.row("SELECT gone FROM counter", nil, &counted))
	d.must(d.row("SELECT count(*) FROM spec WHERE NOT EXISTS (SELECT 1 FROM job WHERE job.id = spec.job AND job.born = spec.born)", nil, &kept))
	if kept != want || counted != want {
		d.Errorf("the settings of %d jobs are kept that are gone, and %d were counted, want %d", kept, counted, want)
	}
}

// The settings of jobs that are gone are kept while they have unfinished runs,
// and no longer.
func TestForget(t *testing.T) {
	for name, story := range map[string]func(*desk){
		"ended": func(d *desk) {
			d.put("a", "b")
			runs := d.claim(2, time.Time{})
			d.keeps(2)
			d.finish(runs[0], runs[2])
			d.keeps(2)
			d.finish(runs[1])
			d.keeps(1)
			d.finish(runs[3])
		},
		"ended with two runs": func(d *desk) {
			d.put("a", "b")
			runs := d.claim(2, time.Time{})
			d.finish(runs[1:3]...)
			d.keeps(2)
			d.finish(runs[0], runs[3])
		},
		"ended without a run": func(d *desk) {
			d.put("a", "b")
			d.claim(0, time.Time{})
		},
		"ended while an earlier run goes on": func(d *desk) {
			d.put("a")
			runs := d.claim(1, noon)
			d.claim(0, time.Time{})
			d.keeps(1)
			d.finish(runs...)
		},
		"beside a job that goes on": func(d *desk) {
			d.put("a")
			last := d.claim(1, time.Time{})
			d.put("b")
			d.finish(d.claim(1, noon.Add(time.Hour))...)
			d.keeps(1)
			d.finish(last...)
		},
		"put anew": func(d *desk) {
			d.put("a")
			old := d.claim(1, time.Time{})
			d.put("a")
			d.keeps(1)
			young := d.claim(1, time.Time{})
			d.keeps(2)
			d.finish(young...)
			d.keeps(1)
			d.finish(old...)
		},
		"put anew before its run has ended": func(d *desk) {
			d.put("a", "b")
			old := d.claim(1, time.Time{})
			d.put("a")
			d.keeps(2)
			d.finish(old...)
		},
		"ended with a second run": func(d *desk) {
			d.put("a")
			first := d.claim(1, noon)
			second := d.claim(1, time.Time{})
			d.finish(second...)
			d.keeps(1)
			d.finish(first...)
		},
		"of many claims": func(d *desk) {
			var runs []job.Run
			for i := range 2 * manyLone {
				d.put(fmt.Sprint(i))
				runs = append(runs, d.claim(1, time.Time{})...)
			}
			d.finish(runs[3:7]...)
			for _, r := range slices.Concat(runs[:3], runs[7:]) {
				d.finish(r)
			}
		},
		"reported again, and handed out again": func(d *desk) {
			d.put("a", "b")
			runs := d.claim(1, time.Time{})
			report := func(outcome job.Outcome, runs ...job.Run) stores.Finished {
				var done []stores.Done
				for _, r := range runs {
					done = append(done, stores.Done{RunID: r.ID, Attempt: r.Attempt, JobID: r.JobID, Outcome: outcome})
				}
				f, err := d.Finish(d.Context(), "n", done)
				d.must(err)
				return f
			}
			report(job.Released, runs[0])
			again := d.claim(1, time.Time{})
			report(job.Executed, runs...)
			d.keeps(1)
			d.finish(again...)
		},
		"deleted": func(d *desk) {
			d.put("a", "b")
			runs := d.claim(1, noon.Add(time.Hour))
			_, err := d.Delete(d.Context(), "a")
			d.must(err)
			d.keeps(1)
			n, err := d.DeleteAll(d.Context())
			d.must(err)
			d.keeps(1 + n)
			d.finish(runs...)
		},
		"deleted, and it has ended": func(d *desk) {
			d.put("a")
			runs := d.claim(1, time.Time{})
			d.put("b")
			_, err := d.DeleteAll(d.Context())
			d.must(err)
			d.keeps(1)
			var deleted int
			d.must(d.row("SELECT count(*) FROM spec WHERE gone = 'deleted'", nil, &deleted))
			if deleted != 0 {
				d.Error("a job that has ended counts as deleted")
			}
			d.finish(runs...)
		},
		"lost": func(d *desk) {
			d.put("a", "b")
			d.claim(1, time.Time{})
			d.must(d.Heartbeat(d.Context(), "m", 0))
			d.seq = 0
			_, err := d.ClaimDue(d.Context(), &stores.Claim{Node: "m", Seq: 1, Now: noon, Limit: 1})
			d.must(err)
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			story(d)
			d.keeps(0)
			var specs, jobs int
			d.must(d.row("SELECT (SELECT count(*) FROM spec), (SELECT count(*) FROM job)", nil, &specs, &jobs))
			if specs != jobs {
				t.Errorf("there are %d jobs and the settings of %d", jobs, specs)
			}
		})
	}
}

// In a file of the first version jobs that are gone are marked, and not counted.
func TestForgetMigrated(t *testing.T) {
	d := &desk{T: t, store: openAs(t, version1(t), schemas)}
	d.keeps(2)
	var marked string
	d.must(d.row("SELECT group_concat(job || ' ' || gone) FROM spec WHERE gone IS NOT NULL", nil, &marked))
	if marked != "deleted deleted" {
		t.Errorf("marked are %q", marked)
	}
}
