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
	id       messages.ListenerID
	events   *actor.PID
	listen   func(messages.Event)
	function string // its name

	at      atomic.Int64 // how many events of the message in hand it has been given
	removed atomic.Bool  // no event is delivered any more
}

func newListener(h *host, events *actor.PID, id messages.ListenerID, m *messages.AddListener) *listener {
	l := &listener{cell: cell{name: fmt.Sprintf("listener-%d", id), host: h}, id: id, events: events, listen: m.Listen, function: m.Name}
	l.actor, l.mayBlock = l, true
	return l
}

// String names the listener for people: "listener 2 (billing.notify)".
func (l *listener) String() string { return fmt.Sprintf("listener %d (%s)", l.id, l.function) }

// past is how many events of the message in hand it has dealt with. Anybody may
// ask.
func (l *listener) past() int { return int(max(0, l.at.Load()-1)) }

func (l *listener) handle(message any) bool {
	m, ok := message.(*messages.Deliver)
	if !ok {
		return false
	}
	for l.at.Load() < int64(len(m.Events)) && !l.removed.Load() {
		event := m.Events[l.at.Load()]
		l.at.Add(1)
		if err := guard(func() error { callListener(l.listen, event); return nil }); err != nil {
			l.host.log.Error("listener panicked", "listener", l.String(), "event", fmt.Sprintf("%T", event), "err", err)
		}
	}
	l.at.Store(0)
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
