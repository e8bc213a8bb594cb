package executortest

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/carillon-go/carillon/job"
)

var simulationRules = []rule{
	{
		name:        "simulation/complete",
		explanation: "an Executor works when its goroutines take turns that end in the Host's functions only: it neither spins nor blocks elsewhere, nor does it hold a mutex while it calls the Host",
		check: func(r *rig) error {
			for seed := range uint64(60) {
				if _, err := r.simulate(seed); err != nil {
					return fmt.Errorf("seed %d: %w", seed, err)
				}
			}
			return nil
		},
	},
	{
		name:        "simulation/deterministic",
		explanation: "when its goroutines take turns in the same order, an Executor does the same",
		check: func(r *rig) error {
			for seed := range uint64(20) {
				one, err := r.simulate(seed)
				other, err2 := r.simulate(seed)
				if err := errors.Join(err, err2); err != nil {
					return fmt.Errorf("seed %d: %w", seed, err)
				}
				if !slices.Equal(one, other) {
					return fmt.Errorf("seed %d: reported first %v, then %v", seed, one, other)
				}
			}
			return nil
		},
	},
}

// simulate takes an Executor through its life in a sequence and returns the
// trace of what was reported.
func (r *rig) simulate(seed uint64) (trace []string, err error) {
	s := newSequence(r, seed)
	defer s.end()
	executor, err := r.open(context.Background(), s.host())
	if err != nil {
		return nil, err
	}
	pausing := func(context.Context) error { s.pause(); return nil }
	waiting := func(ctx context.Context) error { return s.wait(ctx, nil) }

	r.lastID = 0
	var batches [][]job.Run
	for range 6 {
		runs := append(r.repeat(3, succeed), r.group(pausing, exit, pausing, succeed)...)
		batches = append(batches, append(runs, r.repeat(4, pausing)...))
	}
	batches = append(batches, append(r.group(waiting, waiting), r.repeat(4, waiting)...))
	var shutdown error
	bound, cancel := context.WithCancelCause(context.Background())
	last := false // the last batch is being executed, if inline, or else has been accepted
	s.start(func() {
		for i, runs := range batches {
			last = r.Inline && i == len(batches)-1
			executor.Execute(runs)
			s.pause()
		}
		last = true
	})
	s.start(func() {
		s.yield(func() bool { return last })
		shutdown = executor.Shutdown(bound)
	})
	s.start(func() {
		for range seed % 100 {
			s.pause()
		}
		cancel(errBound)
	})
	if err := s.run(); err != nil {
		return nil, err
	}
	if !errors.Is(shutdown, errBound) {
		return nil, fmt.Errorf("Shutdown returned %v, want the cause of its context's end", shutdown)
	}
	return s.trace, checkOnce(s.results, 1, int(r.lastID))
}
