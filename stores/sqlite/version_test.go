package sqlite_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/sqlite"
	"github.com/carillon-go/carillon/triggers"
)

var makeVersion = flag.String("make-version", "", "make testdata/v….sqlite of the schema's version, which is the latest; for instance 2")

// noon is when everything in the files of earlier versions happened.
var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// frozen is a clock that stands still.
type frozen struct {
	clock.Clock
	at time.Time
}

func (f frozen) Now() time.Time { return f.at }

func open(t testing.TB, path string, at time.Time) stores.Store {
	t.Helper()
	s, err := sqlite.Open(path)(t.Context(), stores.Env{Alias: "jobs", Clock: frozen{clock.Real(), at}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func call(task string) job.Call {
	return job.NewTask[map[string]int](task, nil).With(map[string]int{"n": 7})
}

func due(id string, at time.Time) job.Job {
	return job.Defaults{}.Apply(job.Job{ID: id, Call: call("work"), NextRunTime: at})
}

// stepping makes steps with these runs; a job without a next time ends.
func stepping(runs []time.Time, next time.Time, wait bool) func(*job.Job, int, *stores.Step) {
	return func(_ *job.Job, _ int, step *stores.Step) {
		step.Runs = append(step.Runs, runs...)
		step.Next, step.Ended, step.Wait = next, next.IsZero(), wait
	}
}

// TestMakeVersion puts into the file one of everything that a store keeps.
func TestMakeVersion(t *testing.T) {
	if *makeVersion == "" {
		t.Skip("the files are there")
	}
	path := "testdata/v" + *makeVersion + ".sqlite"
	must(t, os.MkdirAll("testdata", 0o777))
	_ = os.Remove(path)
	s := open(t, path, noon)
	ctx := t.Context()
	must(t, s.Heartbeat(ctx, "old-node", 0))

	weekly, err := triggers.NewCrontab("30 2 * * mon", triggers.Options{Location: time.UTC})
	must(t, err)
	nightly := due("nightly", noon.Add(14*time.Hour))
	nightly.Name, nightly.Trigger, nightly.Executor, nightly.MisfireGrace = "the nightly report", weekly, "slow", time.Minute
	nightly.Coalesce, nightly.MaxInstances, nightly.Delivery = job.All, 3, job.AtLeastOnce
	paused := due("paused", time.Time{})
	backlog, eager, once, deleted := due("backlog", noon), due("eager", noon), due("once", noon), due("deleted", noon)
	eager.Delivery = job.AtLeastOnce
	must(t, s.Put(ctx, stores.Insert, []job.Job{nightly, paused, backlog, eager, once, deleted}))
	must(t, s.Put(ctx, stores.Replace, []job.Job{paused}))

	three := []time.Time{noon, noon.Add(time.Second), noon.Add(2 * time.Second)}
	plans := map[string]func(*job.Job, int, *stores.Step){
		"backlog": stepping(three, noon.Add(3*time.Second), true),
		"eager":   stepping(three[:1], noon.Add(24*time.Hour), false),
		"once":    stepping(three[:1], time.Time{}, false),
		"deleted": stepping(three[:1], noon.Add(time.Hour), false),
	}
	c, err := s.ClaimDue(ctx, &stores.Claim{Node: "old-node", Seq: 1, Now: noon.Add(2 * time.Second), Limit: 100,
		Plan: func(j *job.Job, live int, step *stores.Step) { plans[j.ID](j, live, step) }})
	must(t, err)
	_, err = s.Finish(ctx, "old-node", []stores.Done{{RunID: c.Runs[0].ID, Attempt: 1, JobID: "backlog", Outcome: job.Failed,
		Err: "no paper", Started: noon, Finished: noon.Add(time.Second)}})
	must(t, err)
	_, err = s.Delete(ctx, "deleted")
	must(t, err)
}

// TestVersions reads the files that all the versions have made, each with the
// same in it.
func TestVersions(t *testing.T) {
	files, err := filepath.Glob("testdata/v*.sqlite")
	must(t, err)
	if len(files) == 0 {
		t.Error("there are no files")
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) { testVersion(t, file) })
	}
}

func testVersion(t *testing.T, file string) {
	path := filepath.Join(t.TempDir(), "jobs.db")
	data, err := os.ReadFile(file)
	must(t, err)
	must(t, os.WriteFile(path, data, 0o666))
	s := open(t, path, noon.Add(time.Hour))
	ctx := t.Context()

	jobs, err := s.List(ctx, "", 10)
	must(t, err)
	var list []string
	for _, j := range jobs {
		form, err := j.MarshalJSON()
		must(t, err)
		list = append(list, string(form))
	}
	const defaults = `"misfire_grace_time":null,"coalesce":"latest","max_instances":1,`
	same(t, "List", strings.Join(list, "\n"), strings.Join([]string{
		`{"id":"backlog","name":"work","task":"work","args":{"n":7},"executor":"default",` + defaults +
			`"delivery":"at most once","next_run_time":"2026-11-21T12:00:03Z","version":2}`,
		`{"id":"eager","name":"work","task":"work","args":{"n":7},"executor":"default",` + defaults +
			`"delivery":"at least once","next_run_time":"2026-11-22T12:00:00Z","version":2}`,
		`{"id":"nightly","name":"the nightly report","task":"work","args":{"n":7},` +
			`"trigger":{"kind":"crontab","expr":"30 2 * * mon","timezone":"UTC"},"executor":"slow","misfire_grace_time":"1m0s",` +
			`"coalesce":"all","max_instances":3,"delivery":"at least once","next_run_time":"2026-11-22T02:00:00Z","version":1}`,
		`{"id":"paused","name":"work","task":"work","args":{"n":7},"executor":"default",` + defaults +
			`"delivery":"at most once","next_run_time":null,"version":2}`,
	}, "\n"))

	must(t, s.Heartbeat(ctx, "new-node", 0))
	c, err := s.ClaimDue(ctx, &stores.Claim{Node: "new-node", Seq: 1, Now: noon.Add(time.Minute), Limit: 100,
		Plan: stepping([]time.Time{noon.Add(3 * time.Second)}, noon.Add(time.Hour), false)})
	must(t, err)
	same(t, "Runs", keys(c.Runs), "eager@2026-11-21T12:00:00Z#2 backlog@2026-11-21T12:00:03Z")
	same(t, "Lost", keys(c.Lost), "backlog@2026-11-21T12:00:01Z backlog@2026-11-21T12:00:02Z "+
		"deleted@2026-11-21T12:00:00Z once@2026-11-21T12:00:00Z")
	same(t, "Next", c.Next.Format(time.RFC3339), "2026-11-21T13:00:00Z")

	records, err := s.History(ctx, &stores.HistoryQuery{To: noon.Add(30 * time.Minute), Outcomes: []job.Outcome{job.Failed, job.Removed, job.Modified}, Limit: 10})
	must(t, err)
	var story []string
	for _, r := range records {
		story = append(story, fmt.Sprintf("%s %s %s %q", r.JobID, r.Outcome, r.At.Format(time.TimeOnly), r.Reason))
	}
	same(t, "History", strings.Join(story, "\n"), "deleted removed 12:00:00 \"\"\nbacklog failed 12:00:00 \"no paper\"\npaused modified 12:00:00 \"\"")

	fresh := due("once", noon.Add(time.Hour))
	must(t, s.Put(context.Background(), stores.Insert, []job.Job{fresh}))
}

func keys(runs []job.Run) string {
	var list []string
	for i := range runs {
		list = append(list, runs[i].String())
	}
	return strings.Join(list, " ")
}

func same(t testing.TB, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\n got %s\nwant %s", what, got, want)
	}
}
