package actors

import (
	"fmt"
	"slices"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
)

// roster is the supervisor's list of stores and executors, in the order in
// which they were added.
type roster struct {
	members []*member
	closing []*member // removed, but not closed yet
	opened  int       // counts the openings
}

// member is a store or an executor.
type member struct {
	kind  messages.Kind
	alias string
	make  func() opener
	state memberState

	actor    string                          // the name of its actor; each opening has a new one
	halt     func()                          // ends the context of what its actor is doing
	active   func() []job.ActiveRun          // the runs that it has not reported; nil: it is a store
	fleeting bool                            // a store that is gone when it is closed
	adder    messages.Request[messages.None] // who waits for it to be opened
	remover  *messages.RemoveExecutor        // who waits for it to be closed
}

type memberState uint8

const (
	memberClosed  memberState = iota // has no actor; open leads to memberOpening
	memberOpening                    // leads to memberOpen, or back to memberClosed
	memberOpen                       // leads to memberClosed
)

// opener is the behaviour of a store or executor actor.
type opener interface {
	behaviour
	body() *cell
	halt()
}

func (r *roster) add(kind messages.Kind, alias string, make func() opener) *member {
	m := &member{kind: kind, alias: alias, make: make}
	r.members = append(r.members, m)
	return m
}

func (r *roster) all() []*member { return slices.Concat(r.members, r.closing) }

func (r *roster) find(kind messages.Kind, alias string) *member {
	for _, m := range r.members {
		if m.kind == kind && m.alias == alias {
			return m
		}
	}
	return nil
}

func (r *roster) byActor(name string) *member {
	for _, m := range r.all() {
		if m.actor == name {
			return m
		}
	}
	return nil
}

// active returns the runs that no executor has reported, in the order in which they
// were given to one. Those of an executor that was not waited for are there until
// it is opened anew.
func (r *roster) active() (list []job.ActiveRun) {
	for _, m := range r.all() {
		if m.active != nil {
			list = append(list, m.active()...)
		}
	}
	slices.SortStableFunc(list, func(a, b job.ActiveRun) int { return a.Submitted.Compare(b.Submitted) })
	return list
}

// aliases returns the aliases of the members of a kind.
func (r *roster) aliases(kind messages.Kind) (list []string) {
	for _, m := range r.members {
		if m.kind == kind {
			list = append(list, m.alias)
		}
	}
	return list
}

func (r *roster) remove(m *member) {
	r.members = without(r.members, m)
}

// open returns the members of this kind that have an actor.
func (r *roster) open(kind messages.Kind) []*member {
	return slices.DeleteFunc(r.all(), func(m *member) bool {
		return m.kind != kind || m.state == memberClosed
	})
}

func without(members []*member, m *member) []*member {
	return slices.DeleteFunc(members, func(o *member) bool { return o == m })
}

// names returns the names of the members' actors.
func names(members []*member) []string {
	var list []string
	for _, m := range members {
		list = append(list, m.actor)
	}
	return list
}

// open spawns a member's actor and has it open the store or executor.
func (s *supervisor) open(m *member) {
	s.roster.opened++
	actor := m.make()
	body := actor.body()
	body.name = fmt.Sprintf("%s-%s-%d", m.kind, m.alias, s.roster.opened)
	m.state, m.actor, m.halt = memberOpening, body.name, actor.halt
	if e, executes := actor.(*executor); executes {
		m.active = e.lots.active
	}
	s.spawn(body)
	s.send(s.host.child(m.actor), &messages.Open{})
}

// describe names an actor for people.
func (s *supervisor) describe(actor string) string {
	if m := s.roster.byActor(actor); m != nil {
		return fmt.Sprintf("%s %q", m.kind, m.alias)
	}
	return actor
}

// join makes a member known to the scheduler, which answers the asker then: what
// this one asks next finds the member there.
func (s *supervisor) join(m *member, asker messages.Request[messages.None]) {
	s.send(s.host.scheduler, &messages.Join{Kind: m.kind, Alias: m.alias, Member: m.actor, Fleeting: m.fleeting, Asker: asker})
}

// addMember adds a member and, if the scheduler is started, opens it. Nobody
// else waits for that.
func (s *supervisor) addMember(asker messages.Request[messages.None], kind messages.Kind, alias string, make func() opener) {
	if s.roster.find(kind, alias) != nil {
		asker.Refuse(&job.Error{Op: fmt.Sprintf("add %s %q", kind, alias), Err: job.ErrAliasInUse})
		return
	}
	m := s.roster.add(kind, alias, make)
	m.adder = asker
	if s.state == messages.Stopped {
		s.memberAdded(m)
		return
	}
	s.open(m)
}

// memberAdded tells of a member that was added, and has its adder answered.
func (s *supervisor) memberAdded(m *member) {
	now := s.host.rt.Now()
	if m.kind == messages.StoreMember {
		s.publish(&messages.StoreAdded{At: now, Alias: m.alias})
	} else {
		s.publish(&messages.ExecutorAdded{At: now, Alias: m.alias})
	}
	if m.state == memberOpen && !s.shuttingDown {
		s.join(m, m.adder)
	} else {
		s.answerNow(m.adder)
	}
	m.adder = nil
}

// answerNow answers who has asked for something that the scheduler need not know
// of.
func (s *supervisor) answerNow(asker messages.Request[messages.None]) {
	s.answer(func() { asker.Answer(messages.None{}, nil) })
}

func (s *supervisor) opened(m *messages.Opened) {
	if member := s.roster.byActor(m.Member); member != nil {
		member.state, member.fleeting = memberOpen, m.Fleeting
		if member.adder != nil {
			s.memberOpened(member, m.Err)
		}
		if m.Err != nil {
			s.memberGone(member)
		}
	}
	s.heard(m.Member, m.Err)
}

// memberOpened goes on with adding a member. If the scheduler is being shut down
// it is being closed already.
func (s *supervisor) memberOpened(m *member, err error) {
	if err != nil {
		s.roster.remove(m)
		m.adder.Refuse(err)
		m.adder = nil
		return
	}
	s.memberAdded(m)
}

func (s *supervisor) removeStore(m *messages.RemoveStore) {
	member := s.roster.find(messages.StoreMember, m.Alias)
	if member == nil {
		m.Refuse(&job.Error{Op: "remove store", Store: m.Alias, Err: job.ErrUnknownStore})
		return
	}
	s.publish(&messages.StoreRemoved{At: s.host.rt.Now(), Alias: m.Alias})
	s.leave(member, m)
}

func (s *supervisor) removeExecutor(m *messages.RemoveExecutor) {
	member := s.roster.find(messages.ExecutorMember, m.Alias)
	if member == nil {
		m.Refuse(&job.Error{Op: fmt.Sprintf("remove executor %q", m.Alias), Err: job.ErrUnknownExecutor})
		return
	}
	if member.state != memberOpen || m.Detach {
		s.publish(&messages.ExecutorRemoved{At: s.host.rt.Now(), Alias: m.Alias})
		s.leave(member, m)
		return
	}
	s.leave(member, nil)
	member.remover = m
}

// leave takes a member off the roster; what it still has to do goes on. The asker
// is answered when the scheduler has forgotten it.
func (s *supervisor) leave(m *member, asker messages.Request[messages.None]) {
	s.roster.remove(m)
	if m.adder != nil {
		m.adder.Refuse(fmt.Errorf("%s %q was removed while it was being opened", m.kind, m.alias))
		m.adder = nil
	}
	if m.state == memberClosed {
		s.answerNow(asker)
		return
	}
	s.roster.closing = append(s.roster.closing, m)
	s.send(s.host.scheduler, &messages.Leave{Kind: m.kind, Member: m.actor, Asker: asker})
	if s.opening {
		s.heard(m.actor, nil)
	}
}

// abandonMember goes on as if a member were closed that is busy, with what it is
// told still to be done.
func (s *supervisor) abandonMember(m *member) {
	actor, fault := m.actor, fmt.Errorf("%s %q is still busy", m.kind, m.alias)
	if m.adder != nil {
		s.roster.remove(m)
		m.adder.Refuse(fault)
		m.adder = nil
	}
	s.send(s.host.scheduler, &messages.Leave{Kind: m.kind, Member: actor, Now: true})
	s.memberGone(m)
	m.actor = "" // what it says from now on is not about this member any more
	s.heard(actor, fault)
}

func (s *supervisor) closed(m *messages.Closed) {
	if member := s.roster.byActor(m.Member); member != nil {
		s.memberGone(member)
	}
	s.heard(m.Member, m.Err)
}

// memberGone notes that a member has no actor any more.
func (s *supervisor) memberGone(m *member) {
	m.state = memberClosed
	s.roster.closing = without(s.roster.closing, m)
	if m.remover != nil {
		s.publish(&messages.ExecutorRemoved{At: s.host.rt.Now(), Alias: m.alias})
		m.remover.Answer(messages.None{}, nil)
		m.remover = nil
	}
}
