package actors

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/stores"
)

// defaultLease is the lease on stores that outlive the process. A dead
// scheduler's runs are with others after at most four thirds of it.
const defaultLease = 15 * time.Second

// beatsPerLease is how many heartbeats fit into a lease: all but one may fail.
const beatsPerLease = 3

// heartbeat keeps a scheduler's name alive in a shared store. It does so beside
// the store's actor, since it must not wait behind a slow claim; the actor is
// told when it has failed. By its own clock it knows when the lease can have
// ended, whether the store answers or not, and has every run end then.
type heartbeat struct {
	host  *host
	owner *actor.PID // the store's actor
	name  string     // and its name
	alias string     // of the store
	node  string
	ttl   time.Duration
	lease *job.Lease

	mu      sync.Mutex
	store   stores.Store  // nil: it is being opened anew
	until   time.Time     // when the lease can end, as reading.steadily tells it
	ticker  clock.Timer   // nil: it has stopped
	beating chan struct{} // closed when the beat under way has ended; nil: none is
	cancel  context.CancelFunc
}

// leaseOver tells a store's actor that a lease has ended.
type leaseOver struct{ beat *heartbeat }

// newHeartbeat begins to keep the name alive that the store has accepted for
// the time since.
func newHeartbeat(s *store, opened stores.Store, ttl time.Duration, since time.Time) *heartbeat {
	b := &heartbeat{host: s.host, owner: s.self, name: s.name, alias: s.alias, node: s.node, ttl: ttl, store: opened, until: since.Add(ttl)}
	b.lease = job.NewLease(b.overdue)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.arm()
	return b
}

func (b *heartbeat) now() time.Time { return read(b.host.rt).steadily() }

func (b *heartbeat) overdue() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return !b.now().Before(b.until)
}

func (b *heartbeat) arm() {
	pause := min(b.ttl/beatsPerLease, b.until.Sub(b.now()))
	b.ticker = b.host.rt.AfterFunc(max(pause, time.Millisecond), b.tick)
}

// tick begins the next beat, unless the last one goes on still.
func (b *heartbeat) tick() {
	if b.overdue() {
		b.fail(job.ErrLeaseExpired)
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ticker == nil {
		return
	}
	b.arm()
	if b.beating != nil || b.store == nil {
		return
	}
	done, target := make(chan struct{}), b.store
	b.beating = done
	var ctx context.Context
	ctx, b.cancel = context.WithCancel(context.Background())
	b.host.rt.Go(func() {
		defer close(done)
		b.beat(ctx, target)
	})
}

func (b *heartbeat) beat(ctx context.Context, target stores.Store) {
	since := b.now()
	err := guard(func() error { return target.Heartbeat(ctx, b.node, b.ttl) })
	b.mu.Lock()
	b.cancel()
	b.beating = nil
	stopped := b.ticker == nil
	if err == nil {
		b.until = since.Add(b.ttl)
	}
	b.mu.Unlock()
	switch {
	case stopped:
	case err == nil:
		b.host.post(b.host.scheduler, &messages.Due{Member: b.name, At: b.host.rt.Now()})
	case errors.Is(err, job.ErrLeaseExpired):
		b.fail(err)
	default:
		b.host.log.Warn("heartbeat failed", "store", b.alias, "err", err)
	}
}

// fail ends the lease.
func (b *heartbeat) fail(cause error) {
	b.mu.Lock()
	stopped := b.ticker == nil
	b.halt()
	b.mu.Unlock()
	b.lease.End(cause)
	if !stopped {
		b.host.post(b.owner, &leaseOver{b})
	}
}

// halt has no further beats begun.
func (b *heartbeat) halt() {
	if b.ticker != nil {
		b.ticker.Stop()
		b.ticker = nil
	}
}

// use has the heartbeat go on with a Store that has accepted the name for the
// time since. With nil it waits for one. It returns when the Store that it has
// used before is left alone. A nil heartbeat does nothing.
func (b *heartbeat) use(opened stores.Store, since time.Time) {
	if b == nil {
		return
	}
	b.mu.Lock()
	b.store = opened
	if opened != nil {
		b.until = since.Add(b.ttl)
	}
	beating := b.beating
	if beating != nil {
		b.cancel()
	}
	b.mu.Unlock()
	if beating != nil {
		_ = b.host.rt.Wait(context.Background(), beating)
	}
}

// stop ends the beats, but not the lease. It returns when the Store is left
// alone. A nil heartbeat has stopped.
func (b *heartbeat) stop() {
	if b == nil {
		return
	}
	b.mu.Lock()
	b.halt()
	b.mu.Unlock()
	b.use(nil, time.Time{})
}
