package clocktest

import (
	"fmt"
	"os"
	"strconv"
)

// The environment variables that Run obeys. They are no flags, for go test
// refuses flags that not every package knows.
const (
	envSeed      = "CARILLON_SEED"      // run this seed only
	envSeeds     = "CARILLON_SEEDS"     // run so many seeds
	envFaults    = "CARILLON_FAULTS"    // let these faults strike only: "store.error:17,job.slow:3"
	envOrder     = "CARILLON_ORDER"     // choose another order of steps
	envCheck     = "CARILLON_CHECK"     // 1: run each seed twice and compare the histories
	envTrace     = "CARILLON_TRACE"     // text, json or chrome: write each simulation down
	envArtifacts = "CARILLON_ARTIFACTS" // the directory for what is written down
)

// obey has the environment decide.
func (s *sweep) obey() error {
	s.check = os.Getenv(envCheck) == "1"
	if text := os.Getenv(envSeeds); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return fmt.Errorf("%s=%s: want a number of seeds", envSeeds, text)
		}
		s.seeds = n
	}
	if text := os.Getenv(envSeed); text != "" {
		seed, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			return fmt.Errorf("%s=%s: want a seed", envSeed, text)
		}
		s.config.Seed, s.seeds = seed, 1
	}
	if text := os.Getenv(envOrder); text != "" {
		order, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			return fmt.Errorf("%s=%s: want a number", envOrder, text)
		}
		s.config.order = order
	}
	if text, given := os.LookupEnv(envFaults); given {
		only, err := parseFaults(text)
		if err != nil {
			return fmt.Errorf("%s: %w", envFaults, err)
		}
		s.config.only = only
	}
	if text := os.Getenv(envTrace); text != "" {
		format, err := parseFormat(text)
		if err != nil {
			return fmt.Errorf("%s=%w", envTrace, err)
		}
		s.config.Format, s.traced = format, true
	}
	return nil
}
