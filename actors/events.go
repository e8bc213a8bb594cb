package actors

import (
	"errors"
	"fmt"
	"slices"

	"github.com/asynkron/protoactor-go/actor"

	"github.com/carillon-go/carillon/messages"
)

// events delivers events to the listeners. The order in which events come into
// its mailbox is the one order in which all listeners see them.
//
//	Accepts:       AddListener, RemoveListener (facade); Publish (everybody); Flush,
//	               giveUp (supervisor); Delivered (listeners)
//	Sends:         Deliver -> listeners; Interest -> scheduler; Flushed -> supervisor
//	Owns:          the list of listeners, and how far behind each is
//	Supervised by: the supervisor; the listeners are its children
//
// Each listener has an actor of its own, so that a slow one, or one that never
// returns, delays nobody else.
type events struct {
	cell
	listeners []*audience
	added     messages.ListenerID
	flushing  bool
}

// audience is what the events actor knows of a listener.
type audience struct {
	id      messages.ListenerID
	mask    messages.Mask
	body    *listener
	actor   *actor.PID
	behind  int // events sent and not delivered yet
	dropped int // events not sent, since it was too far behind
}

// patience is how many events a listener may be behind. It does not get those
// beyond, and is told how many they were.
const patience = 1 << 20

func newEvents(h *host) *events {
	e := &events{cell: cell{name: "events", host: h}}
	e.actor = e
	return e
}

func (e *events) handle(message any) bool {
	switch m := message.(type) {
	case *messages.Publish:
		e.deliver(m.Events)
	case *messages.Delivered:
		e.delivered(m)
	case *messages.AddListener:
		e.add(m)
	case *messages.RemoveListener:
		e.remove(m)
	case *messages.Flush:
		e.flushing = true
		e.flushed()
	case *giveUp:
		if e.flushing {
			e.flushing = false
			e.send(e.host.supervisor, &messages.Flushed{Err: e.laggards()})
		}
	default:
		return false
	}
	return true
}

func (e *events) abandon(message any, err error) {
	if request, ok := message.(messages.Refusable); ok {
		request.Refuse(err)
		return
	}
	e.handle(message) // it cannot be refused, and there is no doing less
}

func (e *events) deliver(published []messages.Event) {
	for _, l := range e.listeners {
		wanted, unwanted := published, func(event messages.Event) bool { return event.Mask()&l.mask == 0 }
		if slices.ContainsFunc(published, unwanted) { // mostly they are of one kind
			wanted = slices.DeleteFunc(slices.Clone(published), unwanted)
		}
		e.deliverTo(l, wanted)
	}
}

func (e *events) deliverTo(l *audience, wanted []messages.Event) {
	if room := patience - l.behind; len(wanted) > room {
		if l.dropped == 0 {
			e.host.log.Warn("listener is too far behind; it loses events", "listener", l.body.String())
		}
		l.dropped += len(wanted) - room
		wanted = wanted[:room]
	}
	if len(wanted) > 0 {
		l.behind += len(wanted)
		e.send(l.actor, &messages.Deliver{Events: wanted})
	}
}

func (e *events) delivered(m *messages.Delivered) {
	for _, l := range e.listeners {
		if l.id != m.ID {
			continue
		}
		l.behind -= m.Count
		if dropped := l.dropped; dropped > 0 && l.behind < patience {
			l.dropped = 0
			e.deliverTo(l, []messages.Event{&messages.EventsDropped{At: e.host.rt.Now(), Count: dropped}})
		}
	}
	e.flushed()
}

func (e *events) flushed() {
	if e.flushing && !slices.ContainsFunc(e.listeners, func(l *audience) bool { return l.behind > 0 }) {
		e.flushing = false
		e.send(e.host.supervisor, &messages.Flushed{})
	}
}

// laggards names the listeners that have not had all of their events.
func (e *events) laggards() error {
	var faults []error
	for _, l := range e.listeners {
		if l.behind > 0 {
			faults = append(faults, fmt.Errorf("%v is still busy; events not delivered to it: %d", l.body, l.behind-l.body.past()))
		}
	}
	return errors.Join(faults...)
}

func (e *events) add(m *messages.AddListener) {
	e.added++
	l := newListener(e.host, e.self, e.added, m)
	props := e.host.rt.props(&l.cell, func() actor.Actor { return l })
	pid, err := e.context.SpawnNamed(props, fmt.Sprintf("listener-%d", l.id))
	if err != nil {
		m.Refuse(err)
		return
	}
	e.listeners = append(e.listeners, &audience{id: l.id, mask: m.Mask, body: l, actor: pid})
	e.send(e.host.scheduler, &messages.Interest{Mask: e.mask(), Added: m, ID: l.id})
}

func (e *events) remove(m *messages.RemoveListener) {
	i := slices.IndexFunc(e.listeners, func(l *audience) bool { return l.id == m.ID })
	if i < 0 {
		m.Answer(false, nil)
		return
	}
	e.listeners[i].body.removed.Store(true)
	e.context.Stop(e.listeners[i].actor)
	e.listeners = slices.Delete(e.listeners, i, i+1)
	e.send(e.host.scheduler, &messages.Interest{Mask: e.mask()})
	e.flushed()
	m.Answer(true, nil)
}

// mask is what at least one listener wants.
func (e *events) mask() (all messages.Mask) {
	for _, l := range e.listeners {
		all |= l.mask
	}
	return all
}
