package actors

import (
	"errors"
	"fmt"
	"slices"

	"github.com/asynkron/protoactor-go/actor"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
)

// supervisor owns the scheduler's state and its other actors.
//
//	Accepts:       Lifecycle, Members (facade); Opened, Closed (stores, executors);
//	               ModeSet, PendingPut (scheduler); Flushed (events)
//	Sends:         SetMode, PutPending, Join, Leave -> scheduler; Open -> stores,
//	               executors; giveUp -> executors, events; Publish, Flush -> events
//	Owns:          the state, the roster of stores and executors, the children
//	Supervised by: nobody; it recovers by itself
//
// Starting, pausing, resuming and shutting down take several messages. Such an
// operation is carried out alone; commands that arrive meanwhile wait in line,
// but for those of a shutdown's runs and listeners, which it waits for.
type supervisor struct {
	cell
	state    messages.State // written by enter only
	settings messages.Settings
	roster   roster

	operation    *operation // nil: none is going on
	line         []any
	opening      bool                 // the operation is a start that waits for stores and executors
	shuttingDown bool                 // the operation is a shutdown
	urgency      messages.Urgency     // of a shutdown that is out of patience
	stopping     []*messages.Shutdown // whom it answers
	waiting      []*messages.AwaitStopped
}

// operation is what the supervisor is in the middle of.
type operation struct {
	awaited map[string]bool // actors whose word is awaited
	faults  []error
	then    func(err error) // called when all have spoken
}

func newSupervisor(h *host) *supervisor {
	s := &supervisor{cell: cell{name: "supervisor", host: h}, settings: h.config.Settings}
	s.actor = s
	for _, m := range h.config.Stores {
		s.roster.add(messages.StoreMember, m.Alias, func() opener { return newStore(h, m.Alias, m.Open) })
	}
	for _, m := range h.config.Executors {
		s.roster.add(messages.ExecutorMember, m.Alias, func() opener { return newExecutor(h, m.Alias, m.Open) })
	}
	return s
}

// Receive implements actor.Actor. A panic must not reach Proto.Actor, whose
// root supervision would stop the actor for good.
func (s *supervisor) Receive(ctx actor.Context) {
	receive := func() { s.cell.Receive(ctx) }
	for !s.survives(receive) {
		receive = s.drain
	}
	if _, first := ctx.Message().(*actor.Started); first {
		s.spawnCore()
	}
}

func (s *supervisor) survives(receive func()) (survived bool) {
	defer func() {
		if r := recover(); r != nil {
			s.host.report(s.name, failureOf(r))
		}
	}()
	receive()
	return true
}

func (s *supervisor) spawnCore() {
	s.spawn(&newScheduler(s.host).cell)
	s.spawn(&newTimer(s.host).cell)
	s.spawn(&newEvents(s.host).cell)
}

func (s *supervisor) spawn(c *cell) {
	props := s.host.rt.props(c, func() actor.Actor { return c })
	if _, err := s.context.SpawnNamed(props, c.name); err != nil && !errors.Is(err, actor.ErrNameExists) {
		panic(fmt.Sprintf("spawn %s: %v", c.name, err))
	}
}

func (s *supervisor) handle(message any) bool {
	switch m := message.(type) {
	case messages.Lifecycle:
		s.lifecycle(m)
	case messages.Members:
		s.inLine(m)
	case *messages.Opened:
		s.opened(m)
	case *messages.Closed:
		s.closed(m)
	case *messages.ModeSet:
		s.heard("scheduler", nil)
	case *messages.PendingPut:
		s.heard("scheduler", m.Err)
	case *messages.Flushed:
		s.heard("events", m.Err)
	default:
		return false
	}
	return true
}

func (s *supervisor) abandon(message any, err error) {
	switch m := message.(type) {
	case *messages.GetState:
		m.Answer(s.state, nil)
	case messages.Refusable:
		m.Refuse(err)
	default: // it cannot be refused, and there is no doing less
		s.handle(message)
	}
}

func (s *supervisor) lifecycle(message messages.Lifecycle) {
	switch m := message.(type) {
	case *messages.GetState:
		m.Answer(s.state, nil)
	case *messages.GetRuns:
		m.Answer(s.roster.active(), nil)
	case *messages.GetMembers:
		m.Answer(s.roster.aliases(m.Kind), nil)
	case *messages.AwaitStopped:
		s.awaitStopped(m)
	case *messages.Halt:
		s.halt(m)
	case *messages.Pause, *messages.Resume, *messages.Start, *messages.Shutdown, *messages.Configure:
		s.inLine(m)
	}
}

// inLine carries a command out, now or when the operation that is going on
// has ended.
func (s *supervisor) inLine(message any) {
	m, joins := message.(*messages.Shutdown)
	switch {
	case joins && len(s.stopping) > 0:
		s.joinShutdown(m)
	case s.operation == nil, s.refusable(message), s.relieves(message):
		s.command(message)
	case s.shuttingDown && fromInside(message):
		message.(messages.Refusable).Refuse(errInside)
	default:
		s.line = append(s.line, message)
	}
}

// errInside is the answer to a command that a shutdown would wait for in vain.
var errInside = fmt.Errorf("%w, and waits for the job or listener that asks for this; ask when that has returned", job.ErrShutdown)

func fromInside(message any) bool {
	m, ok := message.(interface{ Inside() bool })
	return ok && m.Inside()
}

// reorder has those leave the line who need not, or must not, wait for the end of
// the shutdown that is going on now.
func (s *supervisor) reorder() {
	line := s.line
	s.line = nil
	for _, message := range line {
		s.inLine(message)
	}
}

// refusable reports whether the command need not wait for the end of the
// shutdown that is going on, because it is refused before and after.
func (s *supervisor) refusable(message any) bool {
	switch message.(type) {
	case *messages.Pause, *messages.Resume, *messages.Shutdown:
		return s.shuttingDown && s.state == messages.Stopped
	}
	return false
}

// relieves reports whether the command takes away what a start may be waiting for.
func (s *supervisor) relieves(message any) bool {
	switch message.(type) {
	case *messages.RemoveStore, *messages.RemoveExecutor:
		return s.opening
	}
	return false
}

func (s *supervisor) command(message any) {
	switch m := message.(type) {
	case *messages.Start:
		s.start(m)
	case *messages.Pause:
		s.pause(m)
	case *messages.Resume:
		s.resume(m)
	case *messages.Shutdown:
		s.shutdown(m)
	case *messages.Configure:
		s.configure(m)
	case *messages.AddStore:
		s.addMember(m, messages.StoreMember, m.Alias, func() opener { return newStore(s.host, m.Alias, m.Open) })
	case *messages.AddExecutor:
		s.addMember(m, messages.ExecutorMember, m.Alias, func() opener { return newExecutor(s.host, m.Alias, m.Open) })
	case *messages.RemoveStore:
		s.removeStore(m)
	case *messages.RemoveExecutor:
		s.removeExecutor(m)
	}
}

// begin starts an operation that goes on when all of these actors have spoken.
func (s *supervisor) begin(then func(err error), actors ...string) {
	s.operation = &operation{then: then, awaited: make(map[string]bool, len(actors))}
	for _, name := range actors {
		s.operation.awaited[name] = true
	}
	s.proceed()
}

func (s *supervisor) heard(name string, err error) {
	if s.operation == nil || !s.operation.awaited[name] {
		return
	}
	delete(s.operation.awaited, name)
	if err != nil {
		s.operation.faults = append(s.operation.faults, err)
	}
	s.proceed()
}

func (s *supervisor) proceed() {
	if op := s.operation; len(op.awaited) == 0 {
		op.then(errors.Join(op.faults...))
	}
}

// end ends the operation and carries out what has waited for it.
func (s *supervisor) end() {
	s.operation, s.shuttingDown = nil, false
	for s.operation == nil && len(s.line) > 0 {
		message := s.line[0]
		s.line = slices.Delete(s.line, 0, 1)
		s.command(message)
	}
}

// enter is the only writer of the state.
func (s *supervisor) enter(to messages.State) {
	s.host.log.Debug("scheduler state", "from", s.state.String(), "to", to.String())
	s.state = to
}

func (s *supervisor) setMode(to messages.State) {
	s.send(s.host.scheduler, &messages.SetMode{State: to})
}

func (s *supervisor) configure(m *messages.Configure) {
	if s.state != messages.Stopped {
		m.Refuse(fmt.Errorf("configure: %w", job.ErrAlreadyRunning))
		return
	}
	s.settings = m.Settings
	m.Answer(messages.None{}, nil)
}

func (s *supervisor) pause(m *messages.Pause) {
	to, err := next(s.state, pause)
	if err != nil || to == s.state {
		m.Answer(messages.None{}, err)
		return
	}
	s.setMode(to)
	s.begin(func(error) {
		s.enter(to)
		s.publish(&messages.SchedulerPaused{At: s.host.rt.Now()})
		m.Answer(messages.None{}, nil)
		s.end()
	}, "scheduler")
}

func (s *supervisor) resume(m *messages.Resume) {
	to, err := next(s.state, resume)
	if err != nil || to == s.state {
		m.Answer(messages.None{}, err)
		return
	}
	s.enter(to)
	s.publish(&messages.SchedulerResumed{At: s.host.rt.Now()})
	s.setMode(to)
	s.begin(func(error) {
		m.Answer(messages.None{}, nil)
		s.end()
	}, "scheduler")
}
