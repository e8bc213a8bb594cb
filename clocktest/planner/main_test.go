package planner_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"
	_ "time/tzdata" // time zones, on machines that have none

	"go.uber.org/goleak"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest/planner"
	"github.com/carillon-go/carillon/triggers"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var berlin = must(time.LoadLocation("Europe/Berlin"))

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func cron(expression string) triggers.Trigger {
	return must(triggers.NewCrontab(expression, triggers.Options{}))
}

func every(d time.Duration) triggers.Trigger { return must(triggers.Every(d)) }

func at(text string) time.Time { return must(time.ParseInLocation("2006-01-02 15:04", text, berlin)) }

// plan plans the jobs from one time until another, both in Berlin.
func plan(t *testing.T, from, until string, config planner.Config) *planner.Report {
	t.Helper()
	config.From, config.Until = at(from), at(until)
	report, err := planner.Plan(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// jobNamed returns what the report says of a job.
func jobNamed(t *testing.T, r *planner.Report, id string) planner.Job {
	t.Helper()
	for _, j := range r.Jobs {
		if j.ID == id {
			return j
		}
	}
	t.Fatalf("the report has no job %q", id)
	return planner.Job{}
}

func runsOf(r *planner.Report, id string) (runs []planner.Run) {
	for _, run := range r.Runs {
		if run.Job == id {
			runs = append(runs, run)
		}
	}
	return runs
}

// lasting has every run take so long.
func lasting(d time.Duration) func(carillon.Job, time.Time) time.Duration {
	return planner.Durations(nil, d)
}

// compareGolden compares text with a file in testdata.
func compareGolden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the text is\n%s\nwant, as in %s (go test -update writes it),\n%s", got, file, want)
	}
}
