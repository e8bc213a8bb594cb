package redis

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// watch is what a store listens to.
type watch struct {
	mu   sync.Mutex
	subs []*redis.PubSub
	life sync.WaitGroup
}

// patience is how long the server may take to say that it is listened to.
const patience = 5 * time.Second

// Watch listens on a connection of its own, which is made again if it breaks;
// then changed is called too, since hints may have been lost.
func (s *store) Watch(ctx context.Context, changed func()) error {
	if err := ctx.Err(); err != nil {
		return s.refuse("watch", "", err)
	}
	if s.closed.Load() {
		return s.refuse("watch", "", errClosed)
	}
	sub := s.client.Subscribe(undated{ctx}, s.key("changed"))
	if _, err := sub.ReceiveTimeout(undated{ctx}, patience); err != nil {
		return s.refuse("watch", "", errors.Join(s.explain(ctx, err), sub.Close()))
	}
	hints := sub.ChannelWithSubscriptions()
	s.watch.mu.Lock()
	s.watch.subs = append(s.watch.subs, sub)
	s.watch.mu.Unlock()
	stop := context.AfterFunc(ctx, func() { _ = sub.Close() })
	s.watch.life.Go(func() {
		defer stop()
		for hint := range hints {
			if m, ok := hint.(*redis.Message); !ok || m.Payload != s.session {
				changed()
			}
		}
	})
	return nil
}

// end ends all watching, and waits until nothing is called any more.
func (w *watch) end() {
	w.mu.Lock()
	subs := w.subs
	w.subs = nil
	w.mu.Unlock()
	for _, sub := range subs {
		_ = sub.Close() // it may be closed, for its context has ended
	}
	w.life.Wait()
}
