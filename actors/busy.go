package actors

import (
	"context"
	"sync"
	"sync/atomic"
)

// busy counts what is going on and tells when nothing is.
type busy struct {
	state atomic.Uint64 // a moment

	mu   sync.Mutex
	idle chan struct{} // closed when nothing goes on; nil while nobody waits
}

// moment tells how much is going on, and apart how much has ever begun: if two
// moments are the same, nothing has begun in between.
type moment uint64

const begun moment = 1 << 32

func (m moment) idle() bool { return m%begun == 0 }

func (b *busy) now() moment { return moment(b.state.Load()) }

func (b *busy) begin() { b.state.Add(uint64(begun + 1)) }

func (b *busy) end() {
	if !moment(b.state.Add(^uint64(0))).idle() {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.idle != nil && b.now().idle() {
		close(b.idle)
		b.idle = nil
	}
}

// wait waits until nothing goes on.
func (b *busy) wait(ctx context.Context) error {
	b.mu.Lock()
	if b.now().idle() {
		b.mu.Unlock()
		return nil
	}
	if b.idle == nil {
		b.idle = make(chan struct{})
	}
	idle := b.idle
	b.mu.Unlock()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
