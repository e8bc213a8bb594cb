package actors

import (
	"github.com/asynkron/protoactor-go/actor"
)

// stepMailbox is the mailbox of an actor on a [Loop]: it handles one message a
// step, system messages first. It keeps the contract of Proto.Actor's own
// mailbox: a message that panics is gone and is escalated, and a suspended
// mailbox handles system messages only.
//
// It has no locks: all of it happens on the Loop's goroutine.
type stepMailbox struct {
	loop   Loop
	task   *Task
	queued bool // the Loop has been told that the task is ready

	system, user queue
	suspended    bool
	invoker      actor.MessageInvoker
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

func (m *stepMailbox) RegisterHandlers(invoker actor.MessageInvoker, _ actor.Dispatcher) {
	m.invoker = invoker
}

func (m *stepMailbox) Start() {}

func (m *stepMailbox) UserMessageCount() int { return m.user.len() }

func (m *stepMailbox) posted() {
	if m.ready() && !m.queued {
		m.queued = true
		m.loop.Ready(m.task)
	}
}

func (m *stepMailbox) ready() bool {
	return m.system.len() > 0 || !m.suspended && m.user.len() > 0
}

// step handles one message. The task counts as queued meanwhile, so that a
// message that the actor sends to itself does not queue it twice.
func (m *stepMailbox) step() (more bool) {
	if m.ready() {
		m.handle()
	}
	m.queued = m.ready()
	return m.queued
}

func (m *stepMailbox) handle() {
	var message any
	defer func() {
		if r := recover(); r != nil {
			m.invoker.EscalateFailure(r, message)
		}
	}()
	if m.system.len() > 0 {
		message = m.system.pop()
		switch message.(type) {
		case *actor.SuspendMailbox:
			m.suspended = true
		case *actor.ResumeMailbox:
			m.suspended = false
		default:
			m.invoker.InvokeSystemMessage(message)
		}
		return
	}
	message = m.user.pop()
	m.invoker.InvokeUserMessage(message)
}

// queue is a first-in first-out queue whose memory is used again.
type queue struct {
	items []any
	head  int
}

func (q *queue) len() int { return len(q.items) - q.head }

func (q *queue) push(item any) { q.items = append(q.items, item) }

func (q *queue) pop() any {
	item := q.items[q.head]
	q.items[q.head] = nil
	q.head++
	if q.head == len(q.items) {
		q.items, q.head = q.items[:0], 0
	}
	return item
}
