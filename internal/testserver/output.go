package testserver

import (
	"bytes"
	"sync"
)

// output keeps the end of what a program says, and waits for a word in it.
type output struct {
	awaits []byte
	seen   chan struct{} // closed when it has come

	mu   sync.Mutex // guards everything below
	text []byte
	over bool // seen is closed
}

const keptOutput = 1 << 14

func (o *output) Write(text []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.text = append(o.text, text...)
	if !o.over && bytes.Contains(o.text, o.awaits) {
		o.over = true
		close(o.seen)
	}
	if excess := len(o.text) - keptOutput; excess > 0 {
		o.text = append(o.text[:0], o.text[excess:]...)
	}
	return len(text), nil
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return string(o.text)
}
