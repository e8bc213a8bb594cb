package clocktest

import (
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"testing"
)

// defaultSeeds is how many seeds Run tries if it is not told.
const defaultSeeds = 100

// Run calls body with one simulation for each seed from c.Seed on, c.Seeds of
// them. A body builds schedulers, lets time pass and states with [Sim.Always]
// and [Sim.Sometimes] what has to hold. It is called often, and by several
// goroutines at the same time, one for each processor (GOMAXPROCS), unless c.Bubble
// is set: it must keep nothing between two calls, and share nothing. What Run
// finds does not depend on how many there are.
//
// A seed that fails, the first of those that do, is run again with ever fewer
// of its faults for as long as it fails; the test then fails with the faults
// that are needed, the end of the log, and the line that replays it. A Sometimes
// that has never been seen fails the test as well: what it stands for was not
// tested.
//
// Environment: CARILLON_SEED runs one seed; CARILLON_SEEDS sets their number;
// CARILLON_FAULTS lets only the named faults strike, and CARILLON_ORDER has them
// strike in another order of steps; CARILLON_CHECK=1 runs each
// seed twice and fails if their histories differ, which they do when something
// in the body depends on more than the seed: the machine's clock, the order of
// a map, a goroutine. CARILLON_TRACE=text, json or chrome writes each simulation
// down, in a [Format]. CARILLON_ARTIFACTS is the directory for what is written
// down, and has a failure write its log and a Chrome trace there; without it
// there is the test's artifact directory, which go test -artifacts keeps.
func Run(t *testing.T, c Config, body func(s *Sim)) {
	t.Helper()
	sweep, err := newSweep(c, body)
	if err != nil {
		t.Fatal(err)
	}
	if sweep.traced {
		if sweep.traces, err = sweep.artifacts(t); err != nil {
			t.Fatal(err)
		}
		t.Logf("%s=%v: the traces are in %s", envTrace, sweep.config.Format, sweep.traces)
	}
	failed, left := sweep.run()
	switch {
	case failed != nil:
		t.Fatal(sweep.report(t, *failed))
	case left: // by t.FailNow or t.SkipNow
		runtime.Goexit()
	}
	for _, name := range slices.Sorted(maps.Keys(sweep.seen)) {
		if !sweep.seen[name] && sweep.seeds > 1 {
			t.Errorf("never seen in %d simulations: %s", sweep.seeds, name)
		}
	}
}

// report shrinks a failure and describes it.
func (s *sweep) report(t *testing.T, failed outcome) string {
	c, needed := s.shrink(failed)
	tail := &lastLines{limit: 40}
	c.Log, c.Format = tail, Text
	failure := or(s.once(c).failure, failed.failure)
	replay := fmt.Sprintf("%s=%d %s=%d %s=%s go test -run '^%s$'",
		envSeed, c.Seed, envOrder, c.order, envFaults, formatFaults(needed), t.Name())
	return fmt.Sprintf("seed %d: %s\n  faults, %d of %d needed: %v\n  the end of the log:\n%s\n  replay: %s\n  %s",
		failed.seed, failure, len(needed), len(failed.faults), needed, tail, replay, s.keep(t, c))
}

// keep writes down a failure, if there is a place for that, and says where.
func (s *sweep) keep(t *testing.T, c Config) string {
	if os.Getenv(envArtifacts) == "" {
		return fmt.Sprintf("all of the log, and a picture: the same with %s=directory", envArtifacts)
	}
	dir, err := s.artifacts(t)
	if err != nil {
		return err.Error()
	}
	for _, c.Format = range []Format{Text, Chrome} {
		if _, err := s.write(dir, c); err != nil {
			return err.Error()
		}
	}
	return "all of the log, and a picture: " + dir
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
