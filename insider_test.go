package carillon_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/executors/pool"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/stores/memory"
)

// insiders are places of a program for whose end a shutdown waits, each as what
// has do called there.
var insiders = map[string]func(r *rig, do func()){
	"job": func(r *rig, do func()) {
		r.once("job", func(context.Context) error { do(); return nil })
	},
	"listener": func(r *rig, do func()) {
		_, err := carillon.On(r.Scheduler, func(*messages.JobExecuted) { do() })
		r.must(err)
		r.once("job", nothing)
	},
}

// TestInsidersDuringShutdown has a job and a listener ask for what would have to
// wait for the end of the shutdown, which waits for them: they are refused.
func TestInsidersDuringShutdown(t *testing.T) {
	ctx := context.Background()
	for name, ask := range map[string]func(s *carillon.Scheduler) error{
		"Start":          func(s *carillon.Scheduler) error { return s.Start(ctx) },
		"Run":            func(s *carillon.Scheduler) error { return s.Run(ctx) },
		"SetJobDefaults": func(s *carillon.Scheduler) error { return s.SetJobDefaults(ctx, carillon.JobDefaults{}) },
		"AddStore":       func(s *carillon.Scheduler) error { return s.AddStore(ctx, "new", memory.Open()) },
		"RemoveStore":    func(s *carillon.Scheduler) error { return s.RemoveStore(ctx, "default") },
		"AddExecutor":    func(s *carillon.Scheduler) error { return s.AddExecutor(ctx, "new", pool.Open(pool.Config{})) },
		"RemoveExecutor": func(s *carillon.Scheduler) error { return s.RemoveExecutor(ctx, "default") },
		"DetachExecutor": func(s *carillon.Scheduler) error { return s.DetachExecutor(ctx, "default") },
	} {
		for place, inside := range insiders {
			t.Run(name+" in a "+place, func(t *testing.T) {
				inBubble(t, carillon.Config{}, func(t *testing.T, r *rig) {
					g, asked := newGate(), make(chan error, 1)
					inside(r, func() { g.pass(); asked <- ask(r.Scheduler) })
					r.start()
					<-g.reached
					shut := make(chan error, 1)
					go func() { shut <- r.Shutdown(ctx) }()
					r.pass(time.Second)
					close(g.open)
					if err := <-asked; !errors.Is(err, carillon.ErrShutdown) {
						t.Errorf("%s: %v, want %v", name, err, carillon.ErrShutdown)
					}
					r.must(<-shut)
				})
			})
		}
	}
}

// TestInsiderBehindAShutdown has a listener stand in line behind a shutdown that
// is yet to begin, since a start goes on. It is not forgotten there.
func TestInsiderBehindAShutdown(t *testing.T) {
	for name, row := range map[string]struct {
		ask  func(s *carillon.Scheduler) error
		want error
	}{
		"Shutdown": {func(s *carillon.Scheduler) error { return s.Shutdown(context.Background()) }, nil},
		"Pause":    {func(s *carillon.Scheduler) error { return s.Pause(context.Background()) }, carillon.ErrNotRunning},
		"Resume":   {func(s *carillon.Scheduler) error { return s.Resume(context.Background()) }, carillon.ErrNotRunning},
		"AddStore": {func(s *carillon.Scheduler) error { return s.AddStore(context.Background(), "new", memory.Open()) }, carillon.ErrShutdown},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, carillon.Config{}, func(t *testing.T, r *rig) {
				opening, listening, asked := newGate(), newGate(), make(chan error, 1)
				r.must(r.AddStore(context.Background(), "slow", opening.at(memory.Open())))
				_, err := carillon.On(r.Scheduler, func(*messages.ExecutorAdded) {
					listening.pass()
					asked <- row.ask(r.Scheduler)
				})
				r.must(err)
				started, shut := make(chan error, 1), make(chan error, 1)
				go func() { started <- r.Start(context.Background()) }()
				<-opening.reached
				<-listening.reached
				go func() { shut <- r.Shutdown(context.Background()) }()
				r.pass(time.Second)
				close(listening.open)
				r.pass(time.Second)
				close(opening.open)
				r.must(<-started)
				r.must(<-shut)
				if err := <-asked; !errors.Is(err, row.want) {
					t.Errorf("%s: %v, want %v", name, err, row.want)
				}
			})
		})
	}
}
