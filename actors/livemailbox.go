package actors

import (
	goruntime "runtime"
	"sync"

	"github.com/asynkron/protoactor-go/actor"
)

// liveMailbox is the mailbox of an actor that runs live. The actor handles one
// message at a time, in order, and has a goroutine while there are any. To start
// one takes longer than most messages do, so in two cases it uses the sender's:
//
// An errand is for callers that wait for the answer. If the mailbox is empty and the
// actor is idle, an errand is handled on the goroutine that posts it, which would
// only have waited. That goroutine handles its own message only: for what has come
// meanwhile the actor gets a goroutine, as it does for all other messages. A panic
// strikes the actor and not the caller. What callers give up is that their contexts
// can end the wait; so an errand must be something that waits for nothing.
//
// A relay is for actors and alarms. When an actor has no more messages, its
// goroutine goes on as that of the first actor which its last message has woken. If
// it has more, the other one gets a goroutine at once: no actor waits for another.
type liveMailbox struct {
	live *live
	cell *cell

	mu      sync.Mutex // guards the mail
	mail    mail
	running bool // a goroutine handles a message, or is about to; it owns cell.relay
}

// relay is put around a message that is sent, and notes which actor the sender's
// goroutine goes on as.
type relay struct {
	message any
	next    *liveMailbox // of the actor that has been woken; nil: none has
}

// IgnoreDeadLetterLogging: see stray.
func (*relay) IgnoreDeadLetterLogging() {}

// take returns what is next, and forgets it.
func (r *relay) take() (next *liveMailbox) {
	next, r.next = r.next, nil
	return next
}

// open returns what was sent, and the relay that it was sent with, if any.
func open(message any) (any, *relay) {
	if r, ok := message.(*relay); ok {
		return r.message, r
	}
	return message, nil
}

func (m *liveMailbox) RegisterHandlers(invoker actor.MessageInvoker, d actor.Dispatcher) {
	m.mail.RegisterHandlers(invoker, d)
}

func (m *liveMailbox) Start() {}

func (m *liveMailbox) UserMessageCount() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.mail.user.len()
}

func (m *liveMailbox) PostUserMessage(message any) {
	message, by := open(message)
	m.mu.Lock()
	if !m.running && !m.mail.suspended && m.cell.errand != nil && m.cell.errand(message) {
		m.running = true
		m.mu.Unlock()
		m.run(message)
		return
	}
	m.mail.user.push(message)
	m.posted(by)
}

func (m *liveMailbox) PostSystemMessage(message any) {
	m.mu.Lock()
	m.mail.system.push(message)
	m.posted(nil)
}

// posted unlocks m.
func (m *liveMailbox) posted(by *relay) {
	start := !m.running && m.mail.ready()
	m.running = m.running || start
	m.mu.Unlock()
	if start {
		m.live.wake(m, by)
	}
}

// run handles the caller's message. What is behind it is seen to even if the
// message ends the caller's goroutine.
func (m *liveMailbox) run(message any) {
	defer func() {
		m.live.start(m.cell.relay.take())
		m.mu.Lock()
		m.running = false
		m.posted(nil)
	}()
	m.mail.hand(message, false)
}

// throughput is how many messages an actor handles before it offers its
// processor to others.
const throughput = 300

// drain handles messages until there are none, and returns which mailbox is next.
func (m *liveMailbox) drain() (next *liveMailbox) {
	for i := 1; ; i++ {
		m.mu.Lock()
		if !m.mail.ready() {
			next = m.cell.relay.take()
			m.running = false
			m.mu.Unlock()
			return next
		}
		message, system := m.mail.take()
		m.mu.Unlock()
		m.live.start(m.cell.relay.take())
		m.mail.hand(message, system)
		if i%throughput == 0 {
			goruntime.Gosched()
		}
	}
}
