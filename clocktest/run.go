package clocktest

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
)

// The environment variables that Run obeys. They are no flags, for go test
// refuses flags that not every package knows.
const (
	envSeed   = "CARILLON_SEED"   // run this seed only
	envSeeds  = "CARILLON_SEEDS"  // run so many seeds
	envFaults = "CARILLON_FAULTS" // let these faults strike only: "store.error:17,job.slow:3"
	envOrder  = "CARILLON_ORDER"  // choose another order of steps
	envCheck  = "CARILLON_CHECK"  // 1: run each seed twice and compare the histories
	envTrace  = "CARILLON_TRACE"  // text, json or chrome: write each simulation down
)

// defaultSeeds is how many seeds Run tries if it is not told.
const defaultSeeds = 100

// Run calls body with one simulation for each seed from c.Seed on, c.Seeds of
// them. A body builds schedulers, lets time pass and states with [Sim.Always]
// and [Sim.Sometimes] what has to hold; it is called often, so it must keep
// nothing between two calls.
//
// A seed that fails is run again with ever fewer of its faults for as long as
// it fails; the test then fails with the faults that are needed, the end of
// the log, and the line that replays it. A Sometimes that has never been seen
// fails the test as well: what it stands for was not tested.
//
// Environment: CARILLON_SEED runs one seed; CARILLON_SEEDS sets their number;
// CARILLON_FAULTS lets only the named faults strike, and CARILLON_ORDER has them
// strike in another order of steps; CARILLON_CHECK=1 runs each
// seed twice and fails if their histories differ, which they do when something
// in the body depends on more than the seed: the machine's clock, the order of
// a map, a goroutine. CARILLON_TRACE=text, json or chrome writes each simulation
// down, in a [Format], in the test's artifact directory (go test -artifacts).
func Run(t *testing.T, c Config, body func(s *Sim)) {
	t.Helper()
	sweep, err := newSweep(c, body)
	if err != nil {
		t.Fatal(err)
	}
	if sweep.traced {
		sweep.traces = t.ArtifactDir()
		t.Logf("%s=%v: the traces are in %s", envTrace, sweep.config.Format, sweep.traces)
	}
	for i := range sweep.seeds {
		if result := sweep.try(sweep.config.Seed + uint64(i)); result.failure != "" {
			t.Fatal(sweep.report(t, result))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(sweep.seen)) {
		if !sweep.seen[name] && sweep.seeds > 1 {
			t.Errorf("never seen in %d simulations: %s", sweep.seeds, name)
		}
	}
}

// sweep is one call of Run.
type sweep struct {
	config Config
	seeds  int
	check  bool
	traced bool
	traces string // the directory for them; "": none are written
	body   func(s *Sim)
	seen   map[string]bool // what Sometimes has been asked for
}

func newSweep(c Config, body func(s *Sim)) (*sweep, error) {
	s := &sweep{config: c, seeds: c.Seeds, check: os.Getenv(envCheck) == "1", body: body, seen: make(map[string]bool)}
	if s.seeds == 0 {
		s.seeds = defaultSeeds
	}
	if text := os.Getenv(envSeeds); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return nil, fmt.Errorf("%s=%s: want a number of seeds", envSeeds, text)
		}
		s.seeds = n
	}
	if text := os.Getenv(envSeed); text != "" {
		seed, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("%s=%s: want a seed", envSeed, text)
		}
		s.config.Seed, s.seeds = seed, 1
	}
	if text := os.Getenv(envOrder); text != "" {
		order, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("%s=%s: want a number", envOrder, text)
		}
		s.config.order = order
	}
	if text, given := os.LookupEnv(envFaults); given {
		only, err := parseFaults(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", envFaults, err)
		}
		s.config.only = only
	}
	if text := os.Getenv(envTrace); text != "" {
		format, err := parseFormat(text)
		if err != nil {
			return nil, fmt.Errorf("%s=%w", envTrace, err)
		}
		s.config.Format, s.traced = format, true
	}
	return s, nil
}

// outcome is how one simulation went.
type outcome struct {
	seed    uint64
	failure string
	hash    uint64
	faults  []Fault
}

func (s *sweep) try(seed uint64) outcome {
	c := s.config
	c.Seed = seed
	first := s.trace(c)
	if s.check && first.failure == "" {
		if second := s.once(c); second.hash != first.hash {
			first.failure = "the same seed gave two histories: something depends on more than the seed"
		}
	}
	return first
}

func (s *sweep) once(c Config) outcome {
	sim := New(c)
	defer sim.Close()
	func() {
		defer sim.recoverFailure()
		s.body(sim)
	}()
	for name, seen := range sim.sometimes {
		s.seen[name] = s.seen[name] || seen
	}
	return outcome{c.Seed, sim.failure, sim.Hash(), slices.Clone(sim.Faults())}
}

// report shrinks a failure and describes it.
func (s *sweep) report(t *testing.T, failed outcome) string {
	c, needed := s.shrink(failed)
	tail := &lastLines{limit: 40}
	path := filepath.Join(t.ArtifactDir(), fmt.Sprintf("seed-%d.log", failed.seed))
	if file, err := os.Create(path); err == nil {
		defer file.Close()
		tail.all = file
	}
	c.Log, c.Format = tail, Text
	again := s.once(c)
	return fmt.Sprintf("seed %d: %s\n  faults, %d of %d needed: %v\n  the end of the log (all of it: %s):\n%s\n  replay: %s=%d %s=%d %s=%s go test -run '^%s$'",
		failed.seed, or(again.failure, failed.failure), len(needed), len(failed.faults), needed, path, tail,
		envSeed, c.Seed, envOrder, c.order, envFaults, formatFaults(needed), t.Name())
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
