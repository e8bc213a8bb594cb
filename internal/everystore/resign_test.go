package everystore_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/memory"
	"github.com/carillon-go/carillon/triggers"
)

// onEachShared runs a test on each engine, and in memory.
func onEachShared(t *testing.T, test func(t *testing.T, open stores.Opener)) {
	t.Run("memory", func(t *testing.T) { test(t, memory.New().Open) })
	onEach(t, func(t *testing.T, e engine) { test(t, e.empty(t)) })
}

// sharing configures a scheduler whose lease does not run out within a test.
func sharing(open stores.Opener, tasks ...carillon.AnyTask) carillon.Config {
	return carillon.Config{
		Tasks:    carillon.NewTasks(tasks...),
		Stores:   carillon.Stores{"default": open},
		Lease:    time.Hour,
		Location: time.UTC,
		Logger:   slog.New(slog.DiscardHandler),
	}
}

// alone starts a scheduler that has the store alone, and ends it.
func alone(ctx context.Context, t *testing.T, c carillon.Config) error {
	t.Helper()
	c.Lease = carillon.SoleOwner
	s, err := carillon.New(c)
	must(t, err)
	if err := s.Start(ctx); err != nil {
		return err
	}
	return s.Shutdown(ctx)
}

// A scheduler that was shut down has left no lease behind; neither has one whose
// start has failed.
func TestShutdownLeavesNoLease(t *testing.T) {
	onEachShared(t, func(t *testing.T, open stores.Opener) {
		ctx, ran := patient(t), make(chan struct{}, 1)
		work := carillon.NewTask("work", func(context.Context, struct{}) error { ran <- struct{}{}; return nil })
		config := sharing(open, work)
		s := start(ctx, t, config)
		_, err := s.AddJob(ctx, work.With(struct{}{}), triggers.At(time.Now()), carillon.Job{})
		must(t, err)
		<-ran
		must(t, s.Shutdown(ctx))
		if err := alone(ctx, t, config); err != nil {
			t.Errorf("an only owner after a shutdown: %v", err)
		}

		fault := errors.New("no such server")
		failing := config
		failing.Stores = carillon.Stores{"default": open, "other": func(context.Context, stores.Env) (stores.Store, error) { return nil, fault }}
		s, err = carillon.New(failing)
		must(t, err)
		if err := s.Start(ctx); !errors.Is(err, fault) {
			t.Fatalf("the start fails with %v", err)
		}
		if err := alone(ctx, t, config); err != nil {
			t.Errorf("an only owner after a start that has failed: %v", err)
		}

		failing.Stores = carillon.Stores{"default": func(ctx context.Context, env stores.Env) (stores.Store, error) {
			opened, err := open(ctx, env)
			return unwatchable{opened, fault}, err
		}}
		s, err = carillon.New(failing)
		must(t, err)
		if err := s.Start(ctx); !errors.Is(err, fault) {
			t.Fatalf("the start fails with %v", err)
		}
		if err := alone(ctx, t, config); err != nil {
			t.Errorf("an only owner of a store that could not be watched: %v", err)
		}
	})
}

// unwatchable is a Store that fails when it is to be watched.
type unwatchable struct {
	stores.Store
	err error
}

func (u unwatchable) Watch(context.Context, func()) error { return u.err }

// A store that is removed is left when its runs have ended, not before.
func TestRemovedStoreIsLeft(t *testing.T) {
	onEachShared(t, func(t *testing.T, open stores.Opener) {
		ctx, begun, end := patient(t), make(chan struct{}), make(chan struct{})
		long := carillon.NewTask("long", func(context.Context, struct{}) error { close(begun); <-end; return nil })
		config := sharing(open, long)
		s := start(ctx, t, config)
		_, err := s.AddJob(ctx, long.With(struct{}{}), triggers.At(time.Now()), carillon.Job{})
		must(t, err)
		<-begun
		must(t, s.RemoveStore(ctx, "default"))
		if err := alone(ctx, t, config); !errors.Is(err, carillon.ErrShared) {
			t.Errorf("an only owner while a run goes on: %v", err)
		}
		close(end)
		for err = carillon.ErrShared; errors.Is(err, carillon.ErrShared) && ctx.Err() == nil; {
			err = alone(ctx, t, config)
		}
		must(t, err)
	})
}

// A shutdown that has given up on a run does not say that it has ended: nobody
// takes it for Lost, or starts another one, before the lease is over.
func TestRunThatOutlivesItsShutdown(t *testing.T) {
	onEachShared(t, func(t *testing.T, open stores.Opener) {
		ctx, begun, end := patient(t), make(chan struct{}, 10), make(chan struct{})
		stubborn := carillon.NewTask("stubborn", func(ctx context.Context, _ struct{}) error {
			begun <- struct{}{}
			if run, _ := carillon.FromContext(ctx); run.Attempt == 1 {
				<-end
			}
			return nil
		})
		ran := make(chan struct{}, 1)
		witness := carillon.NewTask("witness", func(context.Context, struct{}) error { ran <- struct{}{}; return nil })
		config := sharing(open, stubborn, witness)
		s := start(ctx, t, config)
		for _, delivery := range []job.Delivery{carillon.AtMostOnce, carillon.AtLeastOnce} {
			_, err := s.AddJob(ctx, stubborn.With(struct{}{}), triggers.At(time.Now()), carillon.Job{ID: delivery.String(), Delivery: delivery})
			must(t, err)
			<-begun
		}
		brief, cancel := clock.WithTimeout(ctx, clock.Real(), 50*time.Millisecond)
		defer cancel()
		if err := s.Shutdown(brief); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("Shutdown: %v", err)
		}
		if err := alone(ctx, t, config); !errors.Is(err, carillon.ErrShared) {
			t.Errorf("an only owner beside a run that goes on: %v", err)
		}
		other := start(ctx, t, config)
		_, err := other.AddJob(ctx, witness.With(struct{}{}), triggers.At(time.Now()), carillon.Job{ID: "witness"})
		must(t, err)
		<-ran // so it has claimed
		for record, err := range other.History(ctx, carillon.HistoryQuery{}) {
			must(t, err)
			if record.JobID != "witness" {
				t.Errorf("there is a record of what goes on: %+v", record)
			}
		}
		must(t, other.Shutdown(ctx))
		if len(begun) > 0 {
			t.Errorf("%d runs were started again", len(begun))
		}
		close(end)
	})
}
