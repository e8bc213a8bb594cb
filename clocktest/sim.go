package clocktest

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/carillon-go/carillon"
)

// Sim runs whole schedulers, actors, jobs and all, on virtual time and on one
// goroutine: the caller's. The order of everything that could happen at the
// same time is chosen by the seed, so the same seed gives the same history,
// message by message.
//
//	sim := clocktest.New(clocktest.Config{Seed: 7})
//	defer sim.Close()
//	s, err := carillon.New(sim.Config())
//	…
//	sim.Advance(365 * 24 * time.Hour)
//
// A job must not block on anything but carillon.Sleep and the scheduler's
// methods, nor call runtime.Goexit. Nothing of it is safe for concurrent use.
type Sim struct {
	loop   *loop
	fate   *fate
	chance *rand.Rand // for what is neither the order of steps nor a fault

	nodes     []*node
	ledgers   []*ledger
	failure   string // "": none so far
	sometimes map[string]bool
}

// New returns a simulation.
func New(config Config) *Sim {
	config = config.withDefaults()
	s := &Sim{
		fate:   newFate(config),
		chance: rand.New(rand.NewPCG(config.Seed, 3)),

		sometimes: make(map[string]bool),
	}
	s.loop = &loop{
		sim:    s,
		chance: rand.New(rand.NewPCG(config.Seed, 4)),
		choose: config.Strategy(rand.New(rand.NewPCG(config.Seed, 1+config.order<<8))),
		ids:    rand.New(rand.NewPCG(config.Seed, 2)),
		wall:   config.Start,
		limit:  config.StepLimit,
		yields: config.SwitchAtSend,
		log:    newTrace(&config),
	}
	if config.Bubble {
		s.loop.bubble = newBubble()
	}
	return s
}

// Config returns a configuration for a scheduler that runs in the simulation,
// in UTC, with faults at its default store and executor. Everything but the
// Clock may be changed.
func (s *Sim) Config() carillon.Config { return s.Node("").Config() }

// Now returns the time on the simulated wall.
func (s *Sim) Now() time.Time { return s.loop.now() }

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

// Quiesce lets no more faults strike, and d pass: time in which a scheduler that
// is in order catches up with everything.
func (s *Sim) Quiesce(d time.Duration) error {
	s.fate.off = true
	return s.Advance(d)
}

// JumpWall sets the wall clock forward, or with a negative d back, without
// letting time pass.
func (s *Sim) JumpWall(d time.Duration) { s.loop.jump(d) }

// Chance reports whether a fault strikes at the site.
func (s *Sim) Chance(site Site) bool {
	strikes := s.fate.strikes(site)
	if strikes {
		s.loop.log.fault(s.loop, s.fate.struck[len(s.fate.struck)-1])
	}
	return strikes
}

// Faults returns the faults that have struck, in order.
func (s *Sim) Faults() []Fault { return s.fate.struck }

// Rand is a source of chance for what the user's own code leaves to it; the
// order of steps and the faults do not depend on it.
func (s *Sim) Rand() *rand.Rand { return s.chance }

// Duration returns a random duration up to limit.
func (s *Sim) Duration(limit time.Duration) time.Duration {
	return time.Duration(s.loop.chance.Int64N(int64(limit)) + 1)
}

// Hash sums up the history so far.
func (s *Sim) Hash() uint64 { return uint64(s.loop.log.digest) }

// Close ends what is still blocked: jobs that have not returned, schedulers
// that have crashed. A simulation whose schedulers have been shut down has none.
func (s *Sim) Close() {
	s.loop.close()
	s.loop.log.close()
}

// Node returns a place for one of several schedulers in the simulation.
func (s *Sim) Node(name string) *Node {
	n := &node{loop: s.loop, name: name, told: newHistory(s)}
	s.nodes = append(s.nodes, n)
	return &Node{s, n}
}

// Node is where one scheduler lives in a simulation: what a process is in the
// world.
type Node struct {
	sim  *Sim
	node *node
}

// Config returns a configuration for the node's scheduler, as [Sim.Config]
// does.
func (n *Node) Config() carillon.Config {
	return carillon.Config{
		Name:      n.node.name,
		Clock:     n.node,
		Location:  time.UTC,
		Logger:    discard,
		Stores:    carillon.Stores{"default": n.sim.Store()},
		Executors: carillon.Executors{"default": n.sim.Executor()},
	}
}

// Crash ends the node as a kill would: nothing of its scheduler moves any more,
// nothing is closed, and nobody is told.
func (n *Node) Crash() { n.node.crashed = true }

// Freeze stops the node as SIGSTOP would: nothing of its scheduler moves, while
// time passes for everybody else, until it is thawed. Do not call its scheduler
// meanwhile.
func (n *Node) Freeze() { n.node.freeze() }

// Thaw has a frozen node go on, with all that has come due meanwhile.
func (n *Node) Thaw() { n.node.thaw() }

// Skew sets the node's wall clock apart from the simulation's.
func (n *Node) Skew(d time.Duration) { n.node.skew = d }
