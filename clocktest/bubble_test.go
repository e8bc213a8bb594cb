package clocktest_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
)

// inBubble simulates ten minutes of jobs that know nothing of simulations: they
// sleep, and wait for goroutines of their own.
func inBubble(c clocktest.Config) (h history, ended int) {
	var begun, over atomic.Int64 // jobs are goroutines here
	c.Bubble = true
	sim := clocktest.New(c)
	defer sim.Close()
	s, err := carillon.New(sim.Config())
	if err != nil {
		panic(err)
	}
	for i := range 4 {
		do := func(ctx context.Context) error {
			done := make(chan struct{})
			go func() {
				time.Sleep(time.Duration(i/2*10) * time.Second)
				close(done)
			}()
			begun.Add(1)
			defer over.Add(1)
			select {
			case <-done:
				return carillon.Sleep(ctx, time.Second)
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		if _, err := s.Every(time.Minute, do, carillon.Job{ID: fmt.Sprint("job-", i)}); err != nil {
			panic(err)
		}
	}
	ctx := context.Background()
	if err := errors.Join(s.Start(ctx), sim.Advance(10*time.Minute), s.Shutdown(ctx)); err != nil {
		panic(err)
	}
	h = history{sim.Hash(), sim.Steps(), int(begun.Load()), fmt.Sprint(sim.Faults())}
	return h, int(over.Load())
}

func TestBubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		faults := clocktest.Faults{clocktest.StoreSlow: 0.05, clocktest.JobSlow: 0.1, clocktest.JobError: 0.1, clocktest.WallJump: 0.01}
		distinct := make(map[uint64]bool)
		for seed := range uint64(fewer(20)) {
			c := clocktest.Config{Seed: seed, Faults: faults}
			first, ended := inBubble(c)
			if ended != first.runs {
				t.Errorf("seed %d: %d runs have begun, and %d ended", seed, first.runs, ended)
			}
			for range 5 {
				if again, _ := inBubble(c); again != first {
					t.Fatalf("seed %d: two histories: %v and %v", seed, first, again)
				}
			}
			distinct[first.hash] = true
		}
		if want := fewer(20) * 9 / 10; len(distinct) < want {
			t.Errorf("%d histories, want at least %d", len(distinct), want)
		}
	})
}

func TestBubbleWithoutFaults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if h, _ := inBubble(clocktest.Config{}); h.runs != 40 {
			t.Errorf("%d runs, want 40", h.runs)
		}
	})
}

// Timeouts of jobs pass in the bubble's time.
func TestBubbleTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := clocktest.New(clocktest.Config{Bubble: true})
		defer sim.Close()
		s, err := carillon.New(sim.Config())
		if err != nil {
			t.Fatal(err)
		}
		var failed error
		_, err = s.At(sim.Now(), func(ctx context.Context) error {
			ctx, cancel := carillon.WithTimeout(ctx, time.Minute)
			defer cancel()
			<-ctx.Done()
			failed = ctx.Err()
			return failed
		})
		ctx := context.Background()
		before := sim.Now()
		if err := errors.Join(err, s.Start(ctx), sim.Advance(time.Minute), s.Shutdown(ctx)); err != nil {
			t.Fatal(err)
		}
		if failed != context.DeadlineExceeded || sim.Now().Sub(before) != time.Minute {
			t.Errorf("after %v: %v", sim.Now().Sub(before), failed)
		}
	})
}
