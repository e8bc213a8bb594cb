package actors

import (
	"context"
	"sync"
	"sync/atomic"
)

// busy counts what is going on and tells when nothing is.
type busy struct {
	count atomic.Int64

	mu   sync.Mutex
	idle chan struct{} // closed when count reaches 0; nil while nobody waits
}

func (b *busy) begin() { b.count.Add(1) }

func (b *busy) end() {
	if b.count.Add(-1) > 0 {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.idle != nil && b.count.Load() == 0 {
		close(b.idle)
		b.idle = nil
	}
}

func (b *busy) wait(ctx context.Context) error {
	b.mu.Lock()
	if b.count.Load() == 0 {
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
