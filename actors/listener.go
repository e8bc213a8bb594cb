package actors

import (
	"fmt"
	goruntime "runtime"
	"strings"

	"github.com/asynkron/protoactor-go/actor"

	"github.com/carillon-go/carillon/messages"
)

// listener is the actor of one listener: it calls the user's function, with
// one event at a time. A panic is logged, and the next event delivered.
//
//	Accepts:       Deliver (events)
//	Sends:         Delivered -> events
//	Owns:          the user's function
//	Supervised by: the events actor
type listener struct {
	cell
	id     messages.ListenerID
	events *actor.PID
	listen func(messages.Event)
}

func newListener(h *host, events *actor.PID, id messages.ListenerID, listen func(messages.Event)) *listener {
	l := &listener{cell: cell{name: fmt.Sprintf("listener-%d", id), host: h}, id: id, events: events, listen: listen}
	l.actor, l.mayBlock = l, true
	return l
}

func (l *listener) handle(message any) bool {
	m, ok := message.(*messages.Deliver)
	if !ok {
		return false
	}
	for _, event := range m.Events {
		if err := guard(func() error { callListener(l.listen, event); return nil }); err != nil {
			l.host.log.Error("listener panicked", "listener", l.id, "event", fmt.Sprintf("%T", event), "err", err)
		}
	}
	l.send(l.events, &messages.Delivered{ID: l.id, Count: len(m.Events)})
	return true
}

func (l *listener) abandon(any, error) {}

// callListener is the frame by which [InListener] knows a listener's goroutine.
//
//go:noinline
func callListener(listen func(messages.Event), event messages.Event) { listen(event) }

// InListener reports whether the calling goroutine is delivering an event. It
// walks the stack, which costs microseconds.
func InListener() bool {
	var pcs [64]uintptr
	frames := goruntime.CallersFrames(pcs[:goruntime.Callers(1, pcs[:])])
	for {
		frame, more := frames.Next()
		if strings.HasSuffix(frame.Function, "/actors.callListener") {
			return true
		}
		if !more {
			return false
		}
	}
}
