package clocktest

import (
	"io"
	"time"

	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/memory"
)

// Config says how a simulation runs. The zero value is a simulation without
// faults, with seed 0, that begins on 1 January 2024.
type Config struct {
	// Seed decides everything that is left to chance.
	Seed uint64

	// Seeds is how many seeds [Run] tries, from Seed on. Zero: 100.
	Seeds int

	// Start is the time at which the simulation begins. Zero: midnight of 1
	// January 2024, UTC.
	Start time.Time

	// Faults are what can go wrong, and how often.
	Faults Faults

	// EveryFault has each of the Faults strike in every simulation. Otherwise
	// the seed chooses which of them can strike in this one: bugs that need
	// one fault and no other are found sooner ("swarm testing").
	EveryFault bool

	// NewStore makes the stores that [Sim.Store] returns, of which each is
	// another one. They may need neither goroutines nor real time. Nil: stores
	// in memory.
	NewStore func() stores.Opener

	// Strategy chooses among steps that could be made at the same time. Nil:
	// RandomWalk.
	Strategy Strategy

	// SwitchAtSend lets others go on between two messages that an actor sends
	// while it handles one, as they can when each has a processor. It finds
	// more and costs about three times as much.
	SwitchAtSend bool

	// Bubble says that the simulation runs in a bubble of testing/synctest,
	// and has jobs executed by goroutines of it, which may block on whatever
	// counts as durably blocked there: on time.Sleep, on channels. The order
	// of the steps is the seed's as always; what several jobs do with each
	// other at the same instant is not. Such jobs may not call the
	// scheduler.
	Bubble bool

	// Log, if not nil, gets each message that an actor handles, and each
	// fault. Its errors are ignored.
	Log io.Writer

	// Format is how Log is written. Zero: Text.
	Format Format

	// StepLimit is how many steps may be made at one instant before the
	// simulation is thought to be going round in circles. Zero: 10,000,000.
	StepLimit uint64

	only  map[Fault]bool // the faults that may strike; nil: all
	order uint64         // another order of steps under the same seed
}

const defaultStepLimit = 10_000_000

func (c Config) withDefaults() Config {
	if c.Start.IsZero() {
		c.Start = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	c.Start = c.Start.Round(0)
	if c.NewStore == nil {
		c.NewStore = func() stores.Opener { return memory.New().Open }
	}
	if c.Strategy == nil {
		c.Strategy = RandomWalk
	}
	if c.StepLimit == 0 {
		c.StepLimit = defaultStepLimit
	}
	return c
}
