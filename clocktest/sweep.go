package clocktest

import (
	"runtime"
	"slices"
	"sync"
)

// sweep is one call of Run: one simulation after the other, or several beside
// each other.
type sweep struct {
	config Config
	seeds  int
	check  bool
	traced bool
	traces string // the directory for them; "": none are written
	body   func(s *Sim)

	mu     sync.Mutex      // guards what follows
	seen   map[string]bool // what Sometimes has been asked for
	begun  int             // seeds
	failed *outcome        // the first seed's of those that have failed
	left   bool            // a body has ended its goroutine
}

// outcome is how one simulation went.
type outcome struct {
	seed    uint64
	failure string
	hash    uint64
	faults  []Fault
}

func newSweep(c Config, body func(s *Sim)) (*sweep, error) {
	s := &sweep{config: c, seeds: c.Seeds, body: body, seen: make(map[string]bool)}
	if s.seeds == 0 {
		s.seeds = defaultSeeds
	}
	return s, s.obey()
}

// run tries all seeds, or at least all up to the first that fails, whose outcome
// it returns. left means that a body has ended its goroutine.
func (s *sweep) run() (failed *outcome, left bool) {
	workers := min(runtime.GOMAXPROCS(0), s.seeds)
	if workers == 1 || s.config.Bubble {
		s.work()
		return s.failed, false
	}
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			returned := false
			defer func() { s.leave(!returned) }()
			s.work()
			returned = true
		})
	}
	all.Wait()
	return s.failed, s.left
}

// work tries seeds until there are no more, or one has failed. Since they are
// begun in order, all those before have then been begun, and will end.
func (s *sweep) work() {
	for {
		i, ok := s.next()
		if !ok {
			return
		}
		if result := s.try(s.config.Seed + uint64(i)); result.failure != "" {
			s.fail(result)
		}
	}
}

func (s *sweep) next() (i int, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i = s.begun
	s.begun++
	return i, i < s.seeds && s.failed == nil && !s.left
}

func (s *sweep) fail(o outcome) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed == nil || o.seed-s.config.Seed < s.failed.seed-s.config.Seed {
		s.failed = &o
	}
}

func (s *sweep) leave(early bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.left = s.left || early
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
	s.see(sim.sometimes)
	return outcome{c.Seed, sim.failure, sim.Hash(), slices.Clone(sim.Faults())}
}

func (s *sweep) see(sometimes map[string]bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name, seen := range sometimes {
		s.seen[name] = s.seen[name] || seen
	}
}
