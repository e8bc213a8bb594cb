package carillon

import (
	"context"
	"time"

	"github.com/carillon-go/carillon/actors"
	"github.com/carillon-go/carillon/executors"
	"github.com/carillon-go/carillon/internal/funcname"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/triggers"
)

// Scheduler runs jobs when their triggers say so. It is a thin front of the
// actors that do the work: each method checks what it is given, sends one
// message and waits for the answer.
//
// All methods may be called at any time from any goroutine, also from jobs and
// listeners. Those that take a context return its cause when it ends before
// there is an answer; what they asked for may happen all the same.
type Scheduler struct {
	system          *actors.System
	shutdownTimeout time.Duration
	triggers        triggers.Kinds
}

// New returns a scheduler in state [Stopped]. The error joins a [FieldError]
// for everything in config that cannot be accepted.
func New(config Config) (*Scheduler, error) {
	if err := config.validate(); err != nil {
		return nil, err
	}
	return &Scheduler{
		system:          actors.New(config.forActors()),
		shutdownTimeout: or(config.ShutdownTimeout, defaultShutdownTimeout),
		triggers:        config.Triggers,
	}, nil
}

// Start opens the stores and executors, puts the jobs that have been added
// before into their stores, begins to run jobs, and returns. If it fails the
// scheduler is stopped as before and the jobs still wait. It fails with
// [ErrAlreadyRunning] if the scheduler has been started. When ctx ends while it
// starts, for instance because a store does not answer, Start returns and the
// start goes on; [Scheduler.Shutdown] ends it, and [Scheduler.RemoveStore] has it
// go on without that store. When ctx ends later, that means nothing. APScheduler:
// start.
func (s *Scheduler) Start(ctx context.Context) error {
	_, err := actors.Ask(ctx, s.system, &messages.Start{Reply: messages.To[none]()})
	return err
}

// StartPaused is Start, but no job is run until [Scheduler.Resume].
// APScheduler: start(paused=True).
func (s *Scheduler) StartPaused(ctx context.Context) error {
	_, err := actors.Ask(ctx, s.system, &messages.Start{Reply: messages.To[none](), Paused: true})
	return err
}

// Run starts the scheduler and returns when it has been shut down: by
// [Scheduler.Shutdown], or by the end of ctx, in which case running jobs have
// [Config.ShutdownTimeout] to end. A clean end is no error. If ctx has ended
// before, nothing is started and its cause is returned. APScheduler:
// BlockingScheduler.start.
func (s *Scheduler) Run(ctx context.Context) error {
	start := &messages.Start{Reply: messages.To[none]()}
	_, err := actors.Ask(ctx, s.system, start)
	if err == nil {
		_, err = actors.Ask(ctx, s.system, &messages.AwaitStopped{Reply: messages.To[none]()})
	}
	if err == nil || ctx.Err() == nil {
		return err
	}
	bounded, cancel := s.system.WithTimeout(context.WithoutCancel(ctx), s.shutdownTimeout)
	defer cancel()
	if s.system.Wait(bounded, start.Answered()) == nil {
		if _, err := start.Result(); err != nil {
			return err
		}
	}
	return ignore(s.Shutdown(bounded), ErrNotRunning)
}

// Shutdown stops running jobs and waits until those that run have ended, their
// outcomes are recorded, the stores are closed and all events delivered. When
// ctx ends first, the contexts of the running jobs are cancelled with
// [ErrShutdown] as their cause; they are given a second, their stores another,
// and the error then says what was cut short, and names what is still busy: runs,
// stores, listeners. A ctx that has ended already means: do not wait. That is no
// error if there was nothing to wait for.
//
// It fails with [ErrNotRunning] if the scheduler is not started. Calls at the
// same time share one shutdown. A job or a listener may call it as well: since
// it cannot wait for its own end, it gets the answer when the shutdown has
// begun. A goroutine that a job has started and waits for is not recognised
// and needs a ctx that ends. What else would have to wait for the end of the
// shutdown, a Start or an AddStore for instance, is refused to jobs and listeners
// with [ErrShutdown].
//
// The scheduler can be started again. What was given to an executor and not
// started is handed out again then. Jobs in the default memory store are gone,
// and such runs of theirs are [Lost]. APScheduler: shutdown.
func (s *Scheduler) Shutdown(ctx context.Context) error {
	return s.system.Shutdown(ctx)
}

// Runs returns the runs that are under way: those that the scheduler has given to
// its executors and that have not ended, in the order in which that happened. It is
// answered while a Shutdown waits for them, and after one that did not wait, until
// the next start. It costs time in proportion to them.
func (s *Scheduler) Runs(ctx context.Context) ([]ActiveRun, error) {
	return actors.Ask(ctx, s.system, &messages.GetRuns{Reply: messages.To[[]ActiveRun]()})
}

// Pause stops running jobs; what runs goes on. Run times that pass meanwhile
// are dealt with when the scheduler is resumed, as the jobs' Coalesce and
// MisfireGrace say. It fails with [ErrNotRunning] if the scheduler is not
// started, and does nothing if it is paused. APScheduler: pause.
func (s *Scheduler) Pause(ctx context.Context) error {
	_, err := actors.Ask(ctx, s.system, &messages.Pause{Reply: messages.To[none]()})
	return err
}

// Resume begins to run jobs again. It fails with [ErrNotRunning] if the
// scheduler is not started, and does nothing if it is not paused.
// APScheduler: resume.
func (s *Scheduler) Resume(ctx context.Context) error {
	_, err := actors.Ask(ctx, s.system, &messages.Resume{Reply: messages.To[none]()})
	return err
}

// State returns the state. APScheduler: state.
func (s *Scheduler) State() State {
	state, _ := actors.Ask(context.Background(), s.system, &messages.GetState{Reply: messages.To[State]()})
	return state
}

// Running reports whether the scheduler is started, paused or not.
// APScheduler: running.
func (s *Scheduler) Running() bool { return s.State() != Stopped }

// SetJobDefaults changes the settings of jobs that leave them open. It fails
// with [ErrAlreadyRunning] once the scheduler is started. APScheduler:
// configure.
func (s *Scheduler) SetJobDefaults(ctx context.Context, defaults JobDefaults) error {
	if err := defaults.Validate(); err != nil {
		return err
	}
	_, err := actors.Ask(ctx, s.system, &messages.Configure{Reply: messages.To[none](), Settings: messages.Settings{Defaults: defaults}})
	return err
}

// Wakeup has the scheduler look for due jobs now. It need not be called, unless
// a store was changed behind the scheduler's back. APScheduler: wakeup.
func (s *Scheduler) Wakeup() { s.system.Wakeup() }

// Now returns the time by the scheduler's clock, [Config.Clock].
func (s *Scheduler) Now() time.Time { return s.system.Now() }

// Settle returns when the scheduler has done all that there is to do at the
// present time of its clock: every due job has been run and has ended, every
// event is delivered. It is for tests with a fake clock: move the clock, then
// Settle. A job that waits for anything but [Sleep] keeps it waiting; so does the
// job or listener that calls it, until ctx ends.
func (s *Scheduler) Settle(ctx context.Context) error { return s.system.Settle(ctx) }

// NextTimer returns when the scheduler will act by itself, the next time; not
// ok if it will not. With [Scheduler.Settle] it is what package clocktest needs
// to move a fake clock from one such time to the next.
func (s *Scheduler) NextTimer() (at time.Time, ok bool) { return s.system.NextTimer() }

// AddStore adds a store. If the scheduler is started, the store is opened
// first. It fails with [ErrAliasInUse] if there is one of that alias.
// APScheduler: add_jobstore.
func (s *Scheduler) AddStore(ctx context.Context, alias string, open stores.Opener) error {
	if err := validMember("store", alias, open != nil); err != nil {
		return err
	}
	_, err := actors.Ask(ctx, s.system, &messages.AddStore{Reply: messages.To[none](), Alias: alias, Open: open})
	return err
}

// RemoveStore removes a store; its jobs stay in it. The store is closed when
// those of its jobs that run have ended, or when it has been opened if it has not,
// which is not waited for. It fails with [ErrUnknownStore]. APScheduler:
// remove_jobstore.
func (s *Scheduler) RemoveStore(ctx context.Context, alias string) error {
	_, err := actors.Ask(ctx, s.system, &messages.RemoveStore{Reply: messages.To[none](), Alias: alias})
	return err
}

// AddExecutor adds an executor. It fails with [ErrAliasInUse] if there is one
// of that alias. APScheduler: add_executor.
func (s *Scheduler) AddExecutor(ctx context.Context, alias string, open executors.Opener) error {
	if err := validMember("executor", alias, open != nil); err != nil {
		return err
	}
	_, err := actors.Ask(ctx, s.system, &messages.AddExecutor{Reply: messages.To[none](), Alias: alias, Open: logging(open)})
	return err
}

// RemoveExecutor removes an executor and waits until its runs have ended. Jobs
// that name it are parked when they come due. It fails with
// [ErrUnknownExecutor]. APScheduler: remove_executor.
func (s *Scheduler) RemoveExecutor(ctx context.Context, alias string) error {
	return s.removeExecutor(ctx, alias, false)
}

// DetachExecutor is RemoveExecutor, but does not wait; its runs go on and are
// reported. APScheduler: remove_executor(shutdown=False).
func (s *Scheduler) DetachExecutor(ctx context.Context, alias string) error {
	return s.removeExecutor(ctx, alias, true)
}

func (s *Scheduler) removeExecutor(ctx context.Context, alias string, detach bool) error {
	detach = detach || executors.InRun() // a run cannot wait for its own end
	_, err := actors.Ask(ctx, s.system, &messages.RemoveExecutor{Reply: messages.To[none](), Alias: alias, Detach: detach})
	return err
}

// Stores returns the aliases of the stores, in the order in which they were
// added; the default one that is made at the first start is among them from then
// on.
func (s *Scheduler) Stores(ctx context.Context) ([]string, error) {
	return s.members(ctx, messages.StoreMember)
}

// Executors returns the aliases of the executors, as Stores does those of the
// stores.
func (s *Scheduler) Executors(ctx context.Context) ([]string, error) {
	return s.members(ctx, messages.ExecutorMember)
}

func (s *Scheduler) members(ctx context.Context, kind messages.Kind) ([]string, error) {
	return actors.Ask(ctx, s.system, &messages.GetMembers{Reply: messages.To[[]string](), Kind: kind})
}

// AddListener has listen called with every event of the mask, one at a time,
// in the one order in which all listeners see them, on a goroutine of its own.
// A slow listener delays nobody. One that is a million events behind loses some,
// and gets a [messages.EventsDropped] in their place, whatever its mask.
// APScheduler: add_listener.
func (s *Scheduler) AddListener(listen func(Event), mask Mask) (ListenerID, error) {
	if listen == nil {
		return 0, &FieldError{Field: "listen", Reason: "is nil; give a function"}
	}
	if mask&messages.MaskAll == 0 {
		return 0, &FieldError{Field: "mask", Reason: "has no event; give messages.MaskAll, or some of its bits"}
	}
	return s.addListener(listen, funcname.Of(listen), mask)
}

func (s *Scheduler) addListener(listen func(Event), name string, mask Mask) (ListenerID, error) {
	return actors.Ask(context.Background(), s.system, &messages.AddListener{Reply: messages.To[ListenerID](), Listen: listen, Name: name, Mask: mask})
}

// RemoveListener removes a listener and reports whether there was one. An
// event that is being delivered may still come to its end. APScheduler:
// remove_listener.
func (s *Scheduler) RemoveListener(id ListenerID) bool {
	removed, _ := actors.Ask(context.Background(), s.system, &messages.RemoveListener{Reply: messages.To[bool](), ID: id})
	return removed
}
