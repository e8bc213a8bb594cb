package actors

import (
	goruntime "runtime"
	"sync"

	"github.com/asynkron/protoactor-go/actor"
)

// errandMailbox is the mailbox of an actor to which callers come who wait for
// the answer. If it is empty and the actor idle, whoever posts an errand has the
// actor handle it on his own goroutine. He would only have waited; but a
// goroutine for the actor, and two changes from one to the other, take longer
// than to add a job does.
//
// The actor still handles one message at a time, in order. The caller handles
// his own message only: for what has come meanwhile the actor gets a goroutine,
// as it does for all other messages. A panic strikes the actor and not the
// caller. What the caller gives up is that he need not wait for longer than his
// context lasts; so an errand must be something that waits for nothing.
type errandMailbox struct {
	live   *live
	errand func(message any) bool

	mu      sync.Mutex // guards the mail
	mail    mail
	running bool // somebody handles a message, or is about to
}

func newErrandMailbox(l *live, errand func(message any) bool) *errandMailbox {
	return &errandMailbox{live: l, errand: errand}
}

func (m *errandMailbox) RegisterHandlers(invoker actor.MessageInvoker, d actor.Dispatcher) {
	m.mail.RegisterHandlers(invoker, d)
}

func (m *errandMailbox) Start() {}

func (m *errandMailbox) UserMessageCount() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.mail.user.len()
}

func (m *errandMailbox) PostUserMessage(message any) {
	m.mu.Lock()
	if !m.running && !m.mail.suspended && m.errand(message) {
		m.running = true
		m.mu.Unlock()
		m.run(message)
		return
	}
	m.mail.user.push(message)
	m.posted()
}

func (m *errandMailbox) PostSystemMessage(message any) {
	m.mu.Lock()
	m.mail.system.push(message)
	m.posted()
}

// posted unlocks m.
func (m *errandMailbox) posted() {
	start := !m.running && m.mail.ready()
	m.running = m.running || start
	m.mu.Unlock()
	if start {
		m.live.Schedule(m.drain)
	}
}

// run handles the caller's message. It goes on behind it also if the message
// ends the caller's goroutine.
func (m *errandMailbox) run(message any) {
	defer func() {
		m.mu.Lock()
		m.running = false
		m.posted()
	}()
	m.mail.hand(message, false)
}

// drain handles messages until there are none.
func (m *errandMailbox) drain() {
	for i := 1; ; i++ {
		m.mu.Lock()
		if !m.mail.ready() {
			m.running = false
			m.mu.Unlock()
			return
		}
		message, system := m.mail.take()
		m.mu.Unlock()
		m.mail.hand(message, system)
		if i%m.live.Throughput() == 0 {
			goruntime.Gosched()
		}
	}
}
