package actors

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
)

// The supervisor's two long operations. Starting: open stores and executors,
// put the pending jobs into their stores, begin. Shutting down, in the order
// of the flow: take in no more runs, let the executors finish, let the stores
// record it, close them, deliver the last event.

func (s *supervisor) start(m *messages.Start) {
	command := start
	if m.Paused {
		command = startPaused
	}
	to, err := next(s.state, command)
	if err != nil {
		m.Refuse(err)
		return
	}
	s.addDefaults()
	for _, member := range s.roster.members {
		s.open(member)
	}
	s.opening = true
	s.begin(func(err error) {
		s.opening = false
		s.membersOpened(m, to, err)
	}, names(s.roster.members)...)
}

// addDefaults adds the default store and executor if there is none.
func (s *supervisor) addDefaults() {
	config, now := &s.host.config, s.host.rt.Now()
	if s.roster.find(messages.ExecutorMember, job.DefaultAlias) == nil {
		s.roster.add(messages.ExecutorMember, job.DefaultAlias, func() opener {
			return newExecutor(s.host, job.DefaultAlias, config.DefaultExecutor)
		})
		s.publish(&messages.ExecutorAdded{At: now, Alias: job.DefaultAlias})
	}
	if s.roster.find(messages.StoreMember, job.DefaultAlias) == nil {
		s.roster.add(messages.StoreMember, job.DefaultAlias, func() opener {
			return newStore(s.host, job.DefaultAlias, config.DefaultStore)
		})
		s.publish(&messages.StoreAdded{At: now, Alias: job.DefaultAlias})
	}
}

func (s *supervisor) membersOpened(m *messages.Start, to messages.State, err error) {
	if err != nil {
		s.startFailed(m, err)
		return
	}
	for _, member := range s.roster.members {
		s.join(member, nil)
	}
	s.send(s.host.scheduler, &messages.PutPending{Settings: s.settings})
	s.begin(func(err error) {
		if err != nil {
			s.startFailed(m, err)
			return
		}
		s.started(m, to)
	}, "scheduler")
}

func (s *supervisor) started(m *messages.Start, to messages.State) {
	s.enter(to)
	s.publish(&messages.SchedulerStarted{At: s.host.rt.Now(), Paused: m.Paused})
	s.setMode(to)
	s.begin(func(error) {
		m.Answer(messages.None{}, nil)
		s.end()
	}, "scheduler")
}

// startFailed undoes what the start has done. The pending jobs stay pending.
func (s *supervisor) startFailed(m *messages.Start, fault error) {
	s.closeAll(func(error) {
		m.Refuse(fmt.Errorf("start: %w", fault))
		s.end()
	})
}

func (s *supervisor) shutdown(m *messages.Shutdown) {
	to, err := next(s.state, shutdown)
	if err != nil {
		if !s.shuttingDown {
			s.urgency = messages.NoHurry
		}
		m.Refuse(err)
		return
	}
	s.joinShutdown(m)
	s.setMode(to)
	s.shuttingDown = true
	s.begin(func(error) {
		s.enter(to)
		s.answerInside()
		s.reorder()
		s.closeAll(s.membersClosed)
	}, "scheduler")
	s.reorder()
}

// joinShutdown has m answered when the shutdown that is going on has ended.
func (s *supervisor) joinShutdown(m *messages.Shutdown) {
	s.stopping = append(s.stopping, m)
	if s.state == messages.Stopped {
		s.answerInside()
	}
}

// answerInside answers those who are themselves part of what the shutdown
// waits for.
func (s *supervisor) answerInside() {
	for _, m := range s.stopping {
		if m.Inside() {
			m.Answer(messages.None{}, nil)
		}
	}
}

// closeAll closes the executors, and when their runs have ended the stores.
func (s *supervisor) closeAll(then func(err error)) {
	executors := s.roster.open(messages.ExecutorMember)
	for _, member := range executors {
		s.send(s.host.scheduler, &messages.Leave{Kind: member.kind, Member: member.actor})
	}
	s.begin(func(fault error) {
		stores := s.roster.open(messages.StoreMember)
		for _, member := range stores {
			s.send(s.host.scheduler, &messages.Leave{Kind: member.kind, Member: member.actor, Now: true})
		}
		s.begin(func(err error) { then(errors.Join(fault, err)) }, names(stores)...)
	}, names(executors)...)
}

func (s *supervisor) membersClosed(fault error) {
	s.publish(&messages.SchedulerShutdown{At: s.host.rt.Now()})
	s.send(s.host.events, &messages.Flush{})
	if s.urgency >= messages.AbandonRuns {
		s.send(s.host.events, &giveUp{})
	}
	s.begin(func(err error) {
		s.urgency = messages.NoHurry
		s.answerShutdown(errors.Join(fault, err))
		for _, m := range s.waiting {
			m.Answer(messages.None{}, nil)
		}
		s.waiting = nil
		s.end()
	}, "events")
}

func (s *supervisor) awaitStopped(m *messages.AwaitStopped) {
	if s.state == messages.Stopped && s.operation == nil {
		m.Answer(messages.None{}, nil)
		return
	}
	s.waiting = append(s.waiting, m)
}

func (s *supervisor) answerShutdown(fault error) {
	if fault != nil {
		fault = fmt.Errorf("shutdown: %w", fault)
	}
	for _, m := range s.stopping {
		m.Answer(messages.None{}, fault)
	}
	s.stopping = nil
}

// halt ends the patience of a shutdown that is going on or in line, unless it
// has been answered meanwhile.
func (s *supervisor) halt(m *messages.Halt) {
	if !s.owes(m.Shutdown) {
		return
	}
	s.urgency = max(s.urgency, m.Urgency)
	for _, member := range s.roster.all() {
		s.haltMember(member)
	}
	if s.urgency >= messages.AbandonRuns {
		s.send(s.host.events, &giveUp{})
	}
	if m.Urgency == messages.AbandonAll && s.owes(m.Shutdown) {
		s.giveUp()
	}
}

func (s *supervisor) haltMember(m *member) {
	switch {
	case m.state == memberClosed:
		return
	case m.state == memberOpening, m.kind == messages.ExecutorMember, s.urgency == messages.AbandonAll:
		m.halt()
	}
	if m.kind == messages.ExecutorMember && s.urgency >= messages.AbandonRuns {
		s.send(s.host.child(m.actor), &giveUp{})
	}
}

// owes reports whether a shutdown has not been answered yet.
func (s *supervisor) owes(m *messages.Shutdown) bool {
	return slices.Contains(s.stopping, m) || slices.Contains(s.line, any(m))
}

// giveUp answers the shutdowns that are going on or in line, and has what is going
// on go on without the stores and executors that are still busy. They may come to
// their end later, and are closed then.
func (s *supervisor) giveUp() {
	faults, busy := s.operation.faults, slices.Sorted(maps.Keys(s.operation.awaited))
	for _, actor := range busy {
		faults = append(faults, fmt.Errorf("%s is still busy", s.describe(actor)))
	}
	fault := errors.Join(faults...)
	s.answerShutdown(fault)
	s.line = slices.DeleteFunc(s.line, func(message any) bool {
		m, ok := message.(*messages.Shutdown)
		if ok {
			m.Refuse(fmt.Errorf("shutdown: %w", fault))
		}
		return ok
	})
	if !s.shuttingDown {
		s.urgency = messages.NoHurry
	}
	for _, actor := range busy {
		if m := s.roster.byActor(actor); m != nil {
			s.abandonMember(m)
		}
	}
}
