package executortest

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime"

	"github.com/carillon-go/carillon/executors"
	"github.com/carillon-go/carillon/job"
)

// A sequence is a scheduler's side of the contract on which one thing happens
// at a time, as in a simulation: its tasks, which are what Host.Go has started,
// take turns. A turn ends in Go, Wait and Report only, and a seed decides whose
// is next.
type sequence struct {
	rig     *rig
	random  *rand.Rand
	tasks   []*task
	current *task
	yielded chan struct{} // the current task's turn is over
	over    chan struct{} // closed: a task that gets a turn ends
	stuck   bool          // the current task has not yielded when it should have
	trace   []string      // what was reported, in order
	results []job.Result
}

type task struct {
	turn  chan struct{}
	ready func() bool // whether it can use a turn
	ended bool
}

func newSequence(r *rig, seed uint64) *sequence {
	return &sequence{
		rig:     r,
		random:  rand.New(rand.NewPCG(seed, 0)),
		yielded: make(chan struct{}),
		over:    make(chan struct{}),
	}
}

func (s *sequence) host() executors.Host {
	return executors.Host{
		Alias:  job.DefaultAlias,
		Clock:  s.rig.clock,
		Logger: slog.New(slog.DiscardHandler),
		Go:     s.goPause,
		Wait:   s.wait,
		Report: s.report,
	}
}

func (s *sequence) goPause(f func()) {
	if !isClosed(s.over) {
		s.start(f)
		s.pause()
	}
}

// start adds a task.
func (s *sequence) start(f func()) {
	t := &task{turn: make(chan struct{}), ready: always}
	s.tasks = append(s.tasks, t)
	go func() {
		defer func() {
			t.ended = true
			s.yielded <- struct{}{}
		}()
		s.await(t)
		f()
	}()
}

func (s *sequence) await(t *task) {
	<-t.turn
	if isClosed(s.over) {
		runtime.Goexit()
	}
}

// run gives turns until no task can use one. It fails if a task keeps its turn
// for good.
func (s *sequence) run() error {
	for {
		s.current = s.pick()
		if s.current == nil {
			return nil
		}
		if err := s.giveTurn(s.current); err != nil {
			return err
		}
	}
}

func (s *sequence) giveTurn(t *task) error {
	t.turn <- struct{}{}
	return s.awaitYield()
}

func (s *sequence) awaitYield() error {
	err := s.rig.receive("a goroutine of the Executor, which blocks elsewhere than in Host.Wait", s.yielded)
	s.stuck = err != nil
	return err
}

// end ends the tasks that are left, one after the other. A task that has kept
// its turn gets a second chance to give it back.
func (s *sequence) end() {
	close(s.over)
	if s.stuck && s.awaitYield() != nil {
		return
	}
	for _, t := range s.tasks {
		if !t.ended && s.giveTurn(t) != nil {
			return
		}
	}
}

func (s *sequence) pick() *task {
	var able []*task
	for _, t := range s.tasks {
		if !t.ended && t.ready() {
			able = append(able, t)
		}
	}
	if len(able) == 0 {
		return nil
	}
	return able[s.random.IntN(len(able))]
}

// yield ends the current task's turn until it is ready for another.
func (s *sequence) yield(ready func() bool) {
	if isClosed(s.over) {
		return // a deferred call of a task that ends
	}
	t := s.current
	t.ready = ready
	s.yielded <- struct{}{}
	s.await(t)
}

func (s *sequence) pause() { s.yield(always) }

func (s *sequence) wait(ctx context.Context, ready <-chan struct{}) error {
	s.yield(func() bool { return isClosed(ready) || ctx.Err() != nil })
	if isClosed(ready) {
		return nil
	}
	return context.Cause(ctx)
}

func (s *sequence) report(results []job.Result) {
	for _, result := range results {
		s.trace = append(s.trace, fmt.Sprint(result.Run.ID, " ", result.Outcome))
	}
	s.trace = append(s.trace, "|")
	s.results = append(s.results, results...)
	s.pause()
}

func always() bool { return true }

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
