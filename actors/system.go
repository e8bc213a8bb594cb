package actors

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/executors"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/triggers"
)

// Config is what a scheduler's actors are made with. All fields are set.
type Config struct {
	Clock    clock.Clock
	Logger   *slog.Logger
	Location *time.Location // of triggers without one
	Settings messages.Settings
	Tasks    job.Tasks
	Triggers triggers.Kinds

	Stores    []Member[stores.Opener]
	Executors []Member[executors.Opener]

	// DefaultStore and DefaultExecutor are opened as "default" at the start if
	// there is none.
	DefaultStore    stores.Opener
	DefaultExecutor executors.Opener

	// RetryInterval is how long a store that has failed is left alone.
	RetryInterval time.Duration

	// Lease is how long the scheduler may be out of a shared store's reach
	// before its runs are given to others. 0: [defaultLease] with stores that
	// outlive the process, else none. Negative: no store is shared.
	Lease time.Duration

	// BaseContext has the program's values for the contexts of runs.
	BaseContext context.Context

	// Name begins the name under which the scheduler claims runs.
	Name string

	// NewID returns a new unique ID, for jobs that are given none and for the
	// scheduler's own name.
	NewID func() string
}

// Member is a store or an executor by its alias.
type Member[Opener any] struct {
	Alias string
	Open  Opener
}

// System is a scheduler's actors.
type System struct{ host *host }

var systems atomic.Uint64

// New makes the actors of a scheduler, in state Stopped. They hold no
// goroutine and no timer while they have nothing to do, and need not be
// closed: a System that is stopped, or was never started, is garbage like any
// other value.
func New(config Config) *System {
	h := &host{
		rt:     newLive(config.Clock),
		log:    config.Logger,
		system: newActorSystem(),
		config: config,
		inject: func(string, any) {},
	}
	if loop, ok := config.Clock.(Loop); ok {
		h.rt, h.inject, h.config.NewID = looped{loop}, loop.Handling, loop.NewID
	}
	h.supervisor = h.system.NewLocalPID(fmt.Sprintf("carillon-%d", systems.Add(1)))
	h.scheduler = h.child("scheduler")
	h.timer = h.child("timer")
	h.events = h.child("events")
	h.system.EventStream.Subscribe(h.dead)
	s := &System{h}
	s.spawn()
	return s
}

func (s *System) spawn() {
	h := s.host
	root := newSupervisor(h)
	props := h.rt.props(&root.cell, func() actor.Actor { return root })
	if _, err := h.system.Root.SpawnNamed(props, h.supervisor.Id); err != nil {
		panic(err) // the name is unique
	}
	// The children are there once the supervisor has answered.
	_, _ = Ask(context.Background(), s, &messages.GetState{Reply: messages.To[messages.State]()})
}

// grace is how long a shutdown whose bound was reached still waits, first for the
// runs that it has cancelled and then for the stores. It is real time: under a
// fake clock nobody would move it.
const grace = time.Second

// Shutdown asks for a shutdown that is bounded by ctx. That the bound was reached
// is no error if nothing was cut short by it.
func (s *System) Shutdown(ctx context.Context) error {
	rt := s.host.rt
	m := &messages.Shutdown{Reply: messages.To[messages.None]()}
	m.From(inside())
	s.host.post(s.host.supervisor, m)
	bound := rt.Wait(ctx, m.Answered())
	if bound == nil {
		_, err := m.Result()
		return err
	}
	s.hurry(m)
	_, err := m.Result()
	if err == nil {
		return nil
	}
	return errors.Join(fmt.Errorf("shutdown: %w", bound), err)
}

// hurry halts a shutdown, more and more, until it is answered.
func (s *System) hurry(m *messages.Shutdown) {
	rt := s.host.rt
	for urgency := messages.CancelRuns; ; urgency++ {
		s.host.post(s.host.supervisor, &messages.Halt{Shutdown: m, Urgency: urgency})
		if urgency == messages.AbandonAll {
			_ = rt.Wait(context.Background(), m.Answered())
			return
		}
		patient, cancel := clock.WithTimeout(context.Background(), rt.watchdog(), grace)
		err := rt.Wait(patient, m.Answered())
		cancel()
		if err == nil {
			return
		}
	}
}

// WithTimeout is clock.WithTimeout on the scheduler's clock.
func (s *System) WithTimeout(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	return clock.WithTimeout(ctx, s.host.rt, d)
}

// Wait waits until ready is closed or ctx ends, whose cause it returns.
func (s *System) Wait(ctx context.Context, ready <-chan struct{}) error {
	return s.host.rt.Wait(ctx, ready)
}

// Now returns the time by the scheduler's clock.
func (s *System) Now() time.Time { return s.host.rt.Now() }

// Wakeup has the scheduler look for due jobs.
func (s *System) Wakeup() { s.host.post(s.host.scheduler, &messages.Wakeup{}) }

// Settle returns when the scheduler has done all that there is to do at the
// present time: no actor has a message, no run and no listener is at work.
func (s *System) Settle(ctx context.Context) error { return s.host.rt.Settle(ctx) }

// NextTimer returns when the scheduler will act by itself, the next time.
func (s *System) NextTimer() (time.Time, bool) { return s.host.rt.NextTimer() }

// Messages that may come when their actor has left are none that Proto.Actor is
// to log, for which it would start a goroutine.
func (*again) IgnoreDeadLetterLogging()    {}
func (*record) IgnoreDeadLetterLogging()   {}
func (*reported) IgnoreDeadLetterLogging() {}
func (*giveUp) IgnoreDeadLetterLogging()   {}
