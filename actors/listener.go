package actors

import (
	"fmt"
	goruntime "runtime"
	"strings"
	"sync/atomic"

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

	at      int         // how many events of the message in hand are behind it
	removed atomic.Bool // no event is delivered any more
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
	for l.at < len(m.Events) && !l.removed.Load() {
		event := m.Events[l.at]
		l.at++
		if err := guard(func() error { callListener(l.listen, event); return nil }); err != nil {
			l.host.log.Error("listener panicked", "listener", l.id, "event", fmt.Sprintf("%T", event), "err", err)
		}
	}
	l.at = 0
	l.send(l.events, &messages.Delivered{ID: l.id, Count: len(m.Events)})
	return true
}

func (l *listener) abandon(message any, _ error) { l.handle(message) }

// callListener is the frame by which [InListener] knows a listener's goroutine.
//
//go:noinline
func callListener(listen func(messages.Event), event messages.Event) { listen(event) }

// InListener reports whether the calling goroutine is delivering an event. It
// walks the stack, which costs microseconds.
func InListener() bool {
	callers := make([]uintptr, 64)
	n := goruntime.Callers(1, callers)
	for n == len(callers) {
		callers = make([]uintptr, 2*n)
		n = goruntime.Callers(1, callers)
	}
	frames := goruntime.CallersFrames(callers[:n])
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
