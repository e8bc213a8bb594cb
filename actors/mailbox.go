package actors

import (
	"github.com/asynkron/protoactor-go/actor"
)

// mail is what is in a mailbox. It keeps the contract of Proto.Actor's own
// mailbox: system messages come first, a message that panics is gone and is
// escalated, and a suspended mailbox hands out system messages only.
type mail struct {
	system, user queue
	suspended    bool
	invoker      actor.MessageInvoker
}

func (m *mail) RegisterHandlers(invoker actor.MessageInvoker, _ actor.Dispatcher) {
	m.invoker = invoker
}

func (m *mail) ready() bool { return m.system.len() > 0 || !m.suspended && m.user.len() > 0 }

// take takes out the next message; m is ready.
func (m *mail) take() (message any, system bool) {
	if m.system.len() == 0 {
		return m.user.pop(), false
	}
	message = m.system.pop()
	switch message.(type) {
	case *actor.SuspendMailbox:
		m.suspended = true
	case *actor.ResumeMailbox:
		m.suspended = false
	}
	return message, true
}

// hand has the actor handle a message that was taken out.
func (m *mail) hand(message any, system bool) {
	defer func() {
		if r := recover(); r != nil {
			m.invoker.EscalateFailure(r, message)
		}
	}()
	switch message.(type) {
	case *actor.SuspendMailbox, *actor.ResumeMailbox:
		return
	}
	if system {
		m.invoker.InvokeSystemMessage(message)
	} else {
		m.invoker.InvokeUserMessage(message)
	}
}

// stepMailbox is the mailbox of an actor on a [Loop]: it handles one message a
// step. It has no locks: all of it happens on the Loop's goroutine.
type stepMailbox struct {
	mail
	loop   Loop
	task   *Task
	queued bool // the Loop has been told that the task is ready
}

func newStepMailbox(loop Loop, c *cell) *stepMailbox {
	m := &stepMailbox{loop: loop}
	m.task = &Task{Name: c.name, Step: m.step, MayBlock: c.mayBlock}
	return m
}

func (m *stepMailbox) PostUserMessage(message any) {
	m.user.push(message)
	m.posted()
}

func (m *stepMailbox) PostSystemMessage(message any) {
	m.system.push(message)
	m.posted()
}

func (m *stepMailbox) Start() {}

func (m *stepMailbox) UserMessageCount() int { return m.user.len() }

func (m *stepMailbox) posted() {
	if m.ready() && !m.queued {
		m.queued = true
		m.loop.Ready(m.task)
	}
}

// step handles one message. The task counts as queued meanwhile, so that a
// message that the actor sends to itself does not queue it twice.
func (m *stepMailbox) step() (more bool) {
	if m.ready() {
		m.hand(m.take())
	}
	m.queued = m.ready()
	return m.queued
}

// queue is a first-in first-out queue whose memory is used again.
type queue struct {
	items []any
	head  int
}

func (q *queue) len() int { return len(q.items) - q.head }

// push moves the items to the beginning if that saves more room than it moves.
func (q *queue) push(item any) {
	if n := q.len(); len(q.items) == cap(q.items) && q.head > n {
		copy(q.items, q.items[q.head:])
		clear(q.items[n:])
		q.items, q.head = q.items[:n], 0
	}
	q.items = append(q.items, item)
}

func (q *queue) pop() any {
	item := q.items[q.head]
	q.items[q.head] = nil
	q.head++
	if q.head == len(q.items) {
		q.items, q.head = q.items[:0], 0
	}
	return item
}
