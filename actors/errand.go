package actors

import (
	goruntime "runtime"
	"sync"

	"github.com/asynkron/protoactor-go/actor"
)

// errandMailbox is the mailbox of an actor whose callers wait for the answer. If
// it is empty and the actor is idle, an errand is handled on the goroutine that
// posts it. That goroutine would only have waited, and another one for the actor,
// with a switch there and back, costs more than adding a job.
//
// The actor still handles one message at a time, in order. The caller's goroutine
// handles its own message only: for what has come meanwhile the actor gets a
// goroutine, as it does for all other messages. A panic strikes the actor and not
// the caller. What callers give up is that their contexts can end the wait; so an
// errand must be something that waits for nothing.
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
