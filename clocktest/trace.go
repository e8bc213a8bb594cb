package clocktest

import (
	"fmt"
	"hash"
	"hash/fnv"
	"io"
	"log/slog"
	"reflect"
	"strconv"
	"time"
)

// trace is the log of a simulation: a line for each message that an actor
// handles. Its hash tells whether two simulations were the same.
type trace struct {
	hash  hash.Hash64
	out   io.Writer // nil: only hashed
	line  []byte
	kinds map[reflect.Type]string
}

func newTrace(out io.Writer) *trace {
	return &trace{hash: fnv.New64a(), out: out, kinds: make(map[reflect.Type]string)}
}

func (t *trace) message(step uint64, now time.Time, node, actor string, message any) {
	t.line = strconv.AppendUint(t.line[:0], step, 10)
	t.line = append(t.line, ' ')
	t.line = strconv.AppendInt(t.line, now.UnixNano(), 10)
	t.line = append(t.line, ' ')
	t.line = append(t.line, node...)
	t.line = append(t.line, '/')
	t.line = append(t.line, actor...)
	t.line = append(t.line, ' ')
	t.line = append(t.line, t.kind(message)...)
	t.line = append(t.line, '\n')
	_, _ = t.hash.Write(t.line)
	if t.out != nil {
		_, _ = t.out.Write(t.line)
	}
}

func (t *trace) kind(message any) string {
	of := reflect.TypeOf(message)
	name, ok := t.kinds[of]
	if !ok {
		name = fmt.Sprintf("%T", message)
		t.kinds[of] = name
	}
	return name
}

var discard = slog.New(slog.DiscardHandler)
