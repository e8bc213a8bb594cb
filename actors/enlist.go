package actors

import (
	"cmp"
	"errors"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/stores"
)

// The store actor's part in who the scheduler is for its store: the name under
// which it claims, and the lease on what it has claimed.

// register asks the Store to be told of changes, and tells it who uses it; that
// comes last, since it lasts. If it is opened anew, the scheduler goes on under
// its name as long as its lease holds.
func (s *store) register(opened stores.Store) error {
	if err := opened.Watch(s.ctx, s.changed); err != nil && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	if s.node == "" {
		s.rename()
	}
	err := s.enlist(opened)
	if errors.Is(err, job.ErrLeaseExpired) {
		s.rename()
		err = s.enlist(opened)
	}
	return err
}

// enlist registers the scheduler's name.
func (s *store) enlist(opened stores.Store) error {
	ttl, since := s.ttl(opened), read(s.host.rt).steadily()
	if err := opened.Heartbeat(s.ctx, s.node, ttl); err != nil {
		return err
	}
	_, inMemory := opened.(stores.Transient)
	switch {
	case ttl == 0 && inMemory: // nobody else comes to it
	case ttl == 0:
		s.sole = cmp.Or(s.sole, job.NewLease(nil))
	case s.beat == nil || s.beat.node != s.node:
		s.beat = newHeartbeat(s, opened, ttl, since)
	default:
		s.beat.use(opened, since)
	}
	return nil
}

func (s *store) ttl(opened stores.Store) time.Duration {
	_, inMemory := opened.(stores.Transient)
	switch ttl := s.host.config.Lease; {
	case ttl < 0, ttl == 0 && inMemory:
		return 0
	case ttl == 0:
		return defaultLease
	default:
		return ttl
	}
}

// resign gives up the name that others might wait for.
func (s *store) resign() {
	r, able := s.store.(stores.Resigner)
	if !able || s.granted() == nil {
		return
	}
	s.beat.stop()
	if err := guard(func() error { return r.Resign(s.ctx, s.node) }); err != nil {
		s.host.log.Warn("not resigned; the lease will run out", "store", s.alias, "node", s.node, "err", err)
	}
}

// rename has the scheduler begin anew under another name. What it had claimed
// under the old one belongs to others.
func (s *store) rename() {
	s.beat.stop()
	s.granted().End(job.ErrLeaseExpired)
	s.sole = nil
	s.node = s.host.config.Name + "-" + s.host.config.NewID()
	s.claimed, s.unheard = 0, false
	if len(s.done) > 0 {
		s.host.log.Error("outcomes not recorded, their lease has ended", "store", s.alias, "runs", len(s.done))
		s.done = nil
	}
}

// leaseOver goes on under a new name: at once, or when the Store can be reached
// again.
func (s *store) leaseOver(cause error) {
	err := s.renew(cause)
	if err == nil {
		return
	}
	s.host.log.Error("store cannot be joined again", "store", s.alias, "err", err, "retry", s.host.config.RetryInterval)
	s.send(s.host.scheduler, &messages.Due{Member: s.name, At: s.host.rt.Now().Add(s.host.config.RetryInterval)})
}

// granted is the lease under which runs are executed; nil if nothing can end it.
func (s *store) granted() *job.Lease {
	if s.beat != nil {
		return s.beat.lease
	}
	return s.sole
}

// renew registers a new name in place of one whose lease has ended. An only
// owner that another one has followed stays dead.
func (s *store) renew(cause error) error {
	if s.beat == nil {
		s.followed(cause)
		return cause
	}
	if s.node == s.beat.node {
		s.host.log.Error("lease expired", "store", s.alias, "node", s.node, "err", cause)
		s.publish(&messages.LeaseExpired{At: s.host.rt.Now(), Alias: s.alias, Err: cause})
	}
	s.rename()
	return guard(func() error { return s.enlist(s.store) })
}

// followed ends the runs of an only owner, once: they belong to the other one.
func (s *store) followed(cause error) {
	if s.sole == nil || s.sole.Err() != nil {
		return
	}
	s.host.log.Error("the store has another owner now", "store", s.alias, "node", s.node, "err", cause)
	s.publish(&messages.LeaseExpired{At: s.host.rt.Now(), Alias: s.alias, Err: cause})
	s.sole.End(cause)
}
