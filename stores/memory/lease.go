package memory

import (
	"context"
	"slices"
	"time"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// node is a scheduler by the name under which it claims.
type node struct {
	name  string
	sole  bool          // it lives until another name is registered
	until time.Duration // else until then
	dead  bool
	last  answer
}

func (n *node) alive(now time.Duration) bool { return !n.dead && (n.sole || now < n.until) }

// stopwatch returns how leases are measured by c, which reads now: setting the
// wall clock neither ends nor prolongs them, where c can tell.
func stopwatch(c clock.Clock) func(now time.Time) time.Duration {
	if m, ok := c.(clock.Monotonic); ok {
		return func(time.Time) time.Duration { return m.Elapsed() }
	}
	start := c.Now()
	return func(now time.Time) time.Duration { return now.Sub(start) }
}

// leases are the names that have ever been registered.
type leases struct {
	nodes   []*node             // those whose runs have not been dealt with
	expired map[string]struct{} // the others
}

func (l *leases) find(name string) *node {
	for _, n := range l.nodes {
		if n.name == name {
			return n
		}
	}
	return nil
}

// beat registers the name, or renews its lease.
func (l *leases) beat(name string, ttl, now time.Duration) error {
	n, sole := l.find(name), ttl <= 0
	if _, expired := l.expired[name]; expired || n != nil && !n.alive(now) {
		return job.ErrLeaseExpired
	}
	var last *node
	for _, o := range l.nodes {
		if o != n && !o.sole && o.alive(now) && (last == nil || last.until < o.until) {
			last = o
		}
	}
	if sole && last != nil {
		return stores.Shared(last.name, last.until-now)
	}
	for _, o := range l.nodes {
		if o != n && o.sole {
			o.dead = true
		}
	}
	if n == nil {
		n = &node{name: name}
		l.nodes = append(l.nodes, n)
	}
	n.sole, n.until = sole, max(n.until, now+ttl)
	return nil
}

// bury forgets the nodes whose leases have ended, and returns them.
func (l *leases) bury(now time.Duration) (dead []*node) {
	l.nodes = slices.DeleteFunc(l.nodes, func(n *node) bool {
		if n.alive(now) {
			return false
		}
		if l.expired == nil {
			l.expired = map[string]struct{}{}
		}
		l.expired[n.name] = struct{}{}
		dead = append(dead, n)
		return true
	})
	return dead
}

// Heartbeat follows the rules of the package documentation.
func (s *session) Heartbeat(ctx context.Context, name string, ttl time.Duration) error {
	if err := s.lock(ctx, "heartbeat"); err != nil {
		return err
	}
	defer s.mu.Unlock()
	if err := s.leases.beat(name, ttl, s.elapsed); err != nil {
		return s.refuse("heartbeat", "", err)
	}
	return nil
}

// Resign follows the rules of the package documentation.
func (s *session) Resign(ctx context.Context, name string) error {
	if err := s.lock(ctx, "resign"); err != nil {
		return err
	}
	defer s.mu.Unlock()
	if n := s.leases.find(name); n != nil {
		n.dead = true
	}
	return nil
}

// holder returns the node of this name if its lease has not ended, else nil.
func (s *session) holder(name string) *node {
	if n := s.leases.find(name); n != nil && n.alive(s.elapsed) {
		return n
	}
	return nil
}
