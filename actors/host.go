package actors

import (
	"fmt"
	"log/slog"
	"sync/atomic"

	"github.com/asynkron/protoactor-go/actor"

	"github.com/carillon-go/carillon/internal/funcname"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/triggers"
)

// host is what the actors of one scheduler have in common. But for the desk it
// is not changed once they run.
type host struct {
	rt     runtime
	log    *slog.Logger
	system *actor.ActorSystem
	config Config

	desk atomic.Pointer[desk] // nil: requests about jobs go to the scheduler

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

// postBy is post for a goroutine that has nothing else to do, if it has a relay.
func (h *host) postBy(by *relay, to *actor.PID, message any) {
	if by == nil {
		h.post(to, message)
		return
	}
	h.rt.send(h.system.Root, to, message, by)
}

// child returns the address of one of the supervisor's children.
func (h *host) child(name string) *actor.PID {
	return h.system.NewLocalPID(h.supervisor.Id + "/" + name)
}

// giveIDs gives an ID to each job that has none. It says nothing to people: if
// the job is without a Name too, and calls a Go function, that gives it one.
func (h *host) giveIDs(jobs []job.Job) {
	for i := range jobs {
		j := &jobs[i]
		if j.ID != "" {
			continue
		}
		j.ID = h.config.NewID()
		if f, ok := j.Call.(job.Func); ok && j.Name == "" {
			j.Name = funcname.Of(f)
		}
	}
}

// parked returns why a job cannot run here, with these executors; "": it can.
func (h *host) parked(j *job.Job, executors map[string]*actor.PID) string {
	if j.Call != nil && j.Call.TaskName() != "" {
		if _, known := h.config.Tasks[j.Call.TaskName()]; !known {
			return fmt.Sprintf("task %q is not registered with this scheduler", j.Call.TaskName())
		}
	}
	if unknown, ok := j.Trigger.(*triggers.Unknown); ok {
		return unknown.Reason()
	}
	if executors[j.Executor] == nil {
		return fmt.Sprintf("there is no executor %q", j.Executor)
	}
	return ""
}
