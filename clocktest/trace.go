package clocktest

import (
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"time"
)

// trace follows what the actors do. Its digest tells whether two simulations were
// the same; it covers which actor handles what message when.
type trace struct {
	digest digest
	kinds  map[reflect.Type]kind

	out   scribe          // nil: the trace is only hashed
	now   *moment         // in which messages are being sent; nil: an actor's none
	woken map[row]*moment // what has made an actor that was idle go on
}

// scribe writes a trace down.
type scribe interface {
	handling(m *moment)
	fault(m *moment, f Fault) // during m, or at a time when no actor acts
	close()
}

// moment is an actor's handling one message.
type moment struct {
	row
	step    uint64
	elapsed time.Duration
	wall    time.Time
	kind    string // of the message, for instance "ClaimDue"
	message any
	cause   *moment // in which the message was sent; nil: not known
	drawn   int64   // where it is in a picture
}

// kind is a type of messages: its name, and the hash of that.
type kind struct {
	name string
	hash uint64
}

// row is what a line of the picture stands for: an actor.
type row struct{ node, actor string }

func (r row) String() string {
	if r.node == "" {
		return r.actor
	}
	return r.node + "/" + r.actor
}

func newTrace(c *Config) *trace {
	t := &trace{kinds: make(map[reflect.Type]kind), woken: make(map[row]*moment)}
	if c.Log != nil {
		t.out = c.Format.scribe(c.Log)
	}
	return t
}

// handling notes that an actor is about to handle a message.
func (t *trace) handling(l *loop, node, actor string, message any) {
	kind := t.kind(message)
	t.digest.number(l.steps)
	t.digest.at(l.now())
	t.digest.text(node)
	t.digest.text(actor)
	t.digest.number(kind.hash)
	t.digest.contents(message)
	if t.out == nil {
		return
	}
	of := row{node, actor}
	name := kind.name[strings.LastIndexByte(kind.name, '.')+1:]
	t.now = &moment{row: of, step: l.steps, elapsed: l.elapsed, wall: l.now(), kind: name, message: message, cause: t.woken[of]}
	delete(t.woken, of)
	t.out.handling(t.now)
}

// step notes that another step begins.
func (t *trace) step() { t.now = nil }

// ready notes that an actor has got something to do. If it was idle, this is
// what it does next.
func (t *trace) ready(node, actor string) {
	if t.out == nil {
		return
	}
	switch of := (row{node, actor}); {
	case t.now == nil:
		delete(t.woken, of)
	case t.now.row != of:
		t.woken[of] = t.now
		t.now.cause = nil // no chains
	}
}

// fault notes a stroke.
func (t *trace) fault(l *loop, f Fault) {
	switch {
	case t.out == nil:
	case t.now != nil:
		t.out.fault(t.now, f)
	default:
		t.out.fault(&moment{step: l.steps, elapsed: l.elapsed, wall: l.now()}, f)
	}
}

func (t *trace) close() {
	if t.out != nil {
		t.out.close()
		t.out = nil
	}
}

func (t *trace) kind(message any) kind {
	of := reflect.TypeOf(message)
	k, known := t.kinds[of]
	if !known {
		name := fmt.Sprintf("%T", message)
		k = kind{name, textHash(name)}
		t.kinds[of] = k
	}
	return k
}

var discard = slog.New(slog.DiscardHandler)
