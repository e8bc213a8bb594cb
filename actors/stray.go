package actors

import (
	"fmt"

	"github.com/asynkron/protoactor-go/actor"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
)

// stray deals with a message that was sent to an actor which is gone. A request
// that a caller had taken straight to a store goes to the scheduler, who knows
// what has become of it; others are refused, so that nobody waits for ever.
func (h *host) stray(to *actor.PID, message any) {
	h.log.Debug("message to an actor that is gone", "actor", to.Id, "message", fmt.Sprintf("%T", message))
	switch m := message.(type) {
	case messages.Jobs:
		if to.Id == h.scheduler.Id {
			m.Refuse(job.ErrNotRunning)
			return
		}
		h.post(h.scheduler, m)
	case messages.Refusable:
		m.Refuse(job.ErrNotRunning)
	case *messages.Apply:
		m.Request.Refuse(job.ErrUnknownStore)
	}
}

// dead is stray as Proto.Actor tells of it.
func (h *host) dead(event any) {
	if letter, ok := event.(*actor.DeadLetterEvent); ok {
		message, _ := open(letter.Message)
		h.stray(letter.PID, message)
	}
}

// strict has the mailboxes of an actor hand on what is left in them when it has
// gone. Proto.Actor drops that without a word: only what comes later is a dead
// letter.
func (c *cell) strict(mailbox actor.MailboxProducer) actor.PropsOption {
	return actor.WithMailbox(func() actor.Mailbox { return &strictMailbox{mailbox(), c} })
}

type strictMailbox struct {
	actor.Mailbox
	cell *cell
}

func (m *strictMailbox) RegisterHandlers(invoker actor.MessageInvoker, d actor.Dispatcher) {
	m.Mailbox.RegisterHandlers(&strictInvoker{invoker, m.cell}, d)
}

type strictInvoker struct {
	actor.MessageInvoker
	cell *cell
}

func (i *strictInvoker) InvokeUserMessage(message any) {
	if i.cell.leaving {
		i.cell.host.stray(i.cell.self, message)
		return
	}
	i.MessageInvoker.InvokeUserMessage(message)
}
