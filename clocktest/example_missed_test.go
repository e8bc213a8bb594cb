package clocktest_test

import (
	"context"
	"regexp"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
)

// meter counts what its owner has used, and bills each minute once.
type meter struct {
	begin  time.Time
	billed map[time.Time]bool
	upTo   time.Time // the last minute that was billed
}

// billOne bills the minute of the run. It is wrong: a minute whose run was
// skipped, because the one before it took too long, is never billed.
func (m *meter) billOne(ctx context.Context) error {
	run, _ := carillon.FromContext(ctx)
	m.billed[run.Scheduled] = true
	return nil
}

// billAll bills all minutes from the last one that was billed to that of the
// run.
func (m *meter) billAll(ctx context.Context) error {
	run, _ := carillon.FromContext(ctx)
	for at := m.upTo.Add(time.Minute); !at.After(run.Scheduled); at = at.Add(time.Minute) {
		m.billed[at], m.upTo = true, at
	}
	return nil
}

// metering simulates an hour of billing and then requires that no minute of it
// is missing.
func metering(bill func(*meter, context.Context) error) func(sim *clocktest.Sim) {
	return func(sim *clocktest.Sim) {
		s, err := carillon.New(sim.Config())
		if err != nil {
			sim.Fatalf("%v", err)
		}
		m := &meter{begin: sim.Now(), upTo: sim.Now(), billed: make(map[time.Time]bool)}
		do := func(ctx context.Context) error { return bill(m, ctx) }
		if _, err := s.Every(time.Minute, do, carillon.Job{ID: "bill"}); err != nil {
			sim.Fatalf("%v", err)
		}
		if err := s.Start(context.Background()); err != nil {
			sim.Fatalf("%v", err)
		}
		if err := sim.Advance(time.Hour); err != nil {
			sim.Fatalf("%v", err)
		}
		if err := sim.Quiesce(5 * time.Minute); err != nil {
			sim.Fatalf("%v", err)
		}
		sim.Sometimes(len(sim.Faults()) > 0, "a job is slow")
		for at := m.begin.Add(time.Minute); !at.After(m.begin.Add(time.Hour)); at = at.Add(time.Minute) {
			sim.Always(m.billed[at], "the minute of %s was not billed", at.Format("15:04"))
		}
	}
}

var slowJobs = clocktest.Config{Faults: clocktest.Faults{clocktest.JobSlow: 0.02}}

// TestMissedRun has a seed find the bug. What the test would fail with is
//
//	seed 0: 2024-01-01T01:05:00Z (step 738): the minute of 00:58 was not billed
//	  faults, 1 of 3 needed: [job.slow:57]
//	  the end of the log:
//	    …
//	  replay: CARILLON_SEED=0 CARILLON_ORDER=0 CARILLON_FAULTS=job.slow:57 go test -run '^TestMissedRun$'
//	  all of the log, and a picture: the same with CARILLON_ARTIFACTS=directory
func TestMissedRun(t *testing.T) {
	report := clocktest.Report(t, slowJobs, metering((*meter).billOne))
	for _, want := range []string{
		`^seed \d+: .* the minute of \d\d:\d\d was not billed\n`,
		`\n  faults, 1 of \d+ needed: \[job\.slow:\d+\]\n`,
		`\n  the end of the log:\n    `,
		`\n  replay: CARILLON_SEED=\d+ CARILLON_ORDER=\d+ CARILLON_FAULTS=job\.slow:\d+ go test -run '\^TestMissedRun\$'\n`,
	} {
		if !regexp.MustCompile(want).MatchString(report) {
			t.Errorf("the report lacks %s:\n%s", want, report)
		}
	}
}

func TestNoMissedRun(t *testing.T) {
	clocktest.Run(t, slowJobs, metering((*meter).billAll))
}
