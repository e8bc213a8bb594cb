package actors

import (
	"context"
	"sync"
)

// rests keeps track of the goroutines that wait and do not count as something
// that goes on. There are few at any time. Whoever looks for a moment in which
// nothing goes on has to know which of them are about to go on.
type rests struct {
	mu   sync.Mutex
	list map[*rest]struct{}
}

// rest is the wait of one goroutine, until ready is closed or ctx ends.
type rest struct {
	ctx   context.Context
	ready <-chan struct{}
	over  chan struct{} // closed when the goroutine counts again
}

func (rs *rests) begin(ctx context.Context, ready <-chan struct{}) *rest {
	r := &rest{ctx, ready, make(chan struct{})}
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if rs.list == nil {
		rs.list = make(map[*rest]struct{})
	}
	rs.list[r] = struct{}{}
	return r
}

func (rs *rests) end(r *rest) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	delete(rs.list, r)
	close(r.over)
}

// ending returns a channel that is closed when one of the goroutines whose wait
// is over counts again; nil if there is none.
func (rs *rests) ending() <-chan struct{} {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	for r := range rs.list {
		if r.isOver() {
			return r.over
		}
	}
	return nil
}

func (r *rest) isOver() bool {
	select {
	case <-r.ready:
		return true
	default:
		return r.ctx.Err() != nil
	}
}
