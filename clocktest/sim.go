package clocktest

import (
	"context"
	"io"
	"math/rand/v2"
	"time"

	"github.com/carillon-go/carillon"
)

// SimConfig says how a simulation runs. The zero value is a simulation with
// seed 0 that begins on 1 January 2024.
type SimConfig struct {
	// Seed decides everything that is left to chance.
	Seed uint64

	// Start is the time at which the simulation begins. Zero: midnight of 1
	// January 2024, UTC.
	Start time.Time

	// Log, if not nil, gets a line for each message that an actor handles.
	Log io.Writer

	// StepLimit is how many steps may be made at one instant before the
	// simulation is thought to be going round in circles. Zero: 10,000,000.
	StepLimit uint64
}

// Sim runs whole schedulers, actors, jobs and all, on virtual time and on one
// goroutine: the caller's. The order of everything that could happen at the
// same time is chosen by the seed, so the same seed gives the same history,
// message by message.
//
//	sim := clocktest.New(clocktest.SimConfig{Seed: 7})
//	defer sim.Close()
//	s, err := carillon.New(sim.Config())
//	…
//	sim.Advance(365 * 24 * time.Hour)
//
// A job must not block on anything but carillon.Sleep and the scheduler's
// methods, nor call runtime.Goexit. None of it is safe for concurrent use.
type Sim struct{ loop *loop }

const defaultStepLimit = 10_000_000

// New returns a simulation.
func New(config SimConfig) *Sim {
	start := config.Start
	if start.IsZero() {
		start = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	limit := config.StepLimit
	if limit == 0 {
		limit = defaultStepLimit
	}
	return &Sim{&loop{
		choice: rand.New(rand.NewPCG(config.Seed, 1)),
		ids:    rand.New(rand.NewPCG(config.Seed, 2)),
		wall:   start.Round(0),
		limit:  limit,
		log:    newTrace(config.Log),
	}}
}

// Config returns a configuration for a scheduler that runs in the simulation,
// in UTC. Everything but the Clock may be changed.
func (s *Sim) Config() carillon.Config { return s.Node("").Config() }

// Now returns the time on the simulated wall.
func (s *Sim) Now() time.Time { return s.loop.now() }

// Node returns a place for one of several schedulers in the simulation.
func (s *Sim) Node(name string) *Node { return &Node{&node{loop: s.loop, name: name}} }

// Node is where one scheduler lives in a simulation: what a process is in the
// world.
type Node struct{ node *node }

// Config returns a configuration for the node's scheduler, in UTC. Everything
// but the Clock may be changed.
func (n *Node) Config() carillon.Config {
	return carillon.Config{Clock: n.node, Location: time.UTC, Logger: discard}
}

// Crash ends the node as a kill would: nothing of its scheduler moves any more,
// nothing is closed, and nobody is told.
func (n *Node) Crash() { n.node.crashed = true }

// Skew sets the node's wall clock apart from the simulation's.
func (n *Node) Skew(d time.Duration) { n.node.skew = d }

// Step makes one step: one message of one actor, one stretch of one job, or one
// timer. False: there is none to be made until time passes.
func (s *Sim) Step() bool { return s.loop.step() }

// Steps returns how many steps have been made.
func (s *Sim) Steps() uint64 { return s.loop.steps }

// Settle makes steps until there are none to be made. It fails if they do not
// come to an end.
func (s *Sim) Settle() error { return s.loop.settle(context.Background()) }

// Advance lets d pass.
func (s *Sim) Advance(d time.Duration) error {
	return s.loop.advance(context.Background(), s.loop.elapsed+d)
}

// AdvanceTo lets time pass until the wall clock shows t.
func (s *Sim) AdvanceTo(t time.Time) error { return s.Advance(t.Sub(s.Now())) }

// JumpWall sets the wall clock forward, or with a negative d back, without
// letting time pass.
func (s *Sim) JumpWall(d time.Duration) { s.loop.jump(d) }

// Hash sums up the history so far.
func (s *Sim) Hash() uint64 { return s.loop.log.hash.Sum64() }

// Close ends the jobs that are still running. A simulation whose schedulers
// have been shut down has none.
func (s *Sim) Close() { s.loop.close() }
