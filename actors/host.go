package actors

import (
	"log/slog"

	"github.com/asynkron/protoactor-go/actor"
)

// host is what the actors of one scheduler have in common. It is not changed
// once they run.
type host struct {
	rt     runtime
	log    *slog.Logger
	system *actor.ActorSystem
	config Config

	supervisor, scheduler, timer, events *actor.PID

	// inject, for tests, is called with every message before it is handled. A
	// panic in it strikes the actor.
	inject func(actor string, message any)
}

// post sends a message from anywhere. Between being put into a mailbox and the
// mailbox's being scheduled a message is not yet something that goes on; that
// the sender does makes up for it.
func (h *host) post(to *actor.PID, message any) {
	h.rt.begin()
	defer h.rt.end()
	h.system.Root.Send(to, message)
}

// child returns the address of one of the supervisor's children.
func (h *host) child(name string) *actor.PID {
	return h.system.NewLocalPID(h.supervisor.Id + "/" + name)
}
