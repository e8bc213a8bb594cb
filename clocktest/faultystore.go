package clocktest

import (
	"context"
	"errors"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// Store returns an opener of a store, in memory unless [Config.NewStore] makes
// others, at which the simulation's faults strike. Each Store is one that all
// schedulers which are given its opener share, and that outlives their crashes.
func (s *Sim) Store() stores.Opener { return s.Faulty(s.fate.config.NewStore()) }

// Faulty has the simulation's faults strike at any store that needs neither
// goroutines nor real time, and its invariants checked: all that the opener
// opens is taken for one store.
func (s *Sim) Faulty(open stores.Opener) stores.Opener {
	ledger := s.newLedger()
	return func(ctx context.Context, env stores.Env) (stores.Store, error) {
		if s.Chance(StoreOpen) {
			return nil, errFault
		}
		inner, err := open(ctx, env)
		if err != nil {
			return nil, err
		}
		first, err := inner.List(ctx, "", 1)
		if err != nil {
			return nil, errors.Join(err, inner.Close())
		}
		ledger.open(len(first) == 0)
		n := nodeOf(env.Clock)
		n.told.keep(env.Alias, ledger)
		faulty := &faultyStore{inner: inner, sim: s, node: n, alias: env.Alias, ledger: ledger}
		if _, transient := inner.(stores.Transient); transient {
			return transientStore{faulty}, nil
		}
		return faulty, nil
	}
}

type faultyStore struct {
	inner  stores.Store
	sim    *Sim
	node   *node
	alias  string
	ledger *ledger

	unrecorded string // the name whose last Finish has failed
}

type transientStore struct{ *faultyStore }

func (transientStore) Transient() {}

// slowest is how long a slow store takes at the most.
const slowest = 10 * time.Second

// do does one operation, or what a fault makes of it.
func (f *faultyStore) do(ctx context.Context, operation func() error) error {
	if f.sim.Chance(StoreSlow) {
		if err := f.node.Sleep(ctx, f.sim.fate.length(StoreSlow, slowest)); err != nil {
			return err
		}
	}
	switch {
	case f.sim.Chance(StoreError):
		return errFault
	case f.sim.Chance(StorePanicBefore):
		panic(errFault)
	}
	err := operation()
	switch {
	case f.sim.Chance(StorePanicAfter):
		panic(errFault)
	case f.sim.Chance(StoreLost):
		return errFault
	}
	return err
}

func (f *faultyStore) Put(ctx context.Context, mode stores.PutMode, jobs []job.Job) error {
	err := f.do(ctx, func() error {
		err := f.inner.Put(ctx, mode, jobs)
		if err == nil {
			f.ledger.put(jobs)
		}
		return err
	})
	if err == nil && mode != stores.IfVersion {
		f.node.told.put(f.alias, jobs, f.ledger)
	}
	return err
}

func (f *faultyStore) Delete(ctx context.Context, ids ...string) (missing []string, err error) {
	err = f.do(ctx, func() (err error) {
		missing, err = f.inner.Delete(ctx, ids...)
		if err == nil {
			f.ledger.delete(ids, missing)
			f.node.told.deleted(f.alias, ids)
		}
		return err
	})
	return missing, err
}

func (f *faultyStore) DeleteAll(ctx context.Context) (n int, err error) {
	err = f.do(ctx, func() (err error) {
		n, err = f.inner.DeleteAll(ctx)
		if err == nil {
			f.ledger.deleteAll(n)
			f.node.told.allDeleted(f.alias)
		}
		return err
	})
	return n, err
}

func (f *faultyStore) Get(ctx context.Context, id string) (j job.Job, err error) {
	err = f.do(ctx, func() (err error) {
		j, err = f.inner.Get(ctx, id)
		return err
	})
	return j, err
}

func (f *faultyStore) List(ctx context.Context, after string, limit int) (jobs []job.Job, err error) {
	err = f.do(ctx, func() (err error) {
		jobs, err = f.inner.List(ctx, after, limit)
		return err
	})
	return jobs, err
}

func (f *faultyStore) Heartbeat(ctx context.Context, node string, ttl time.Duration) error {
	return f.do(ctx, func() error {
		err := f.inner.Heartbeat(ctx, node, ttl)
		if err == nil {
			f.ledger.heartbeat(node, ttl)
		}
		return err
	})
}

// Resign does nothing for a store in which nobody can, as if there were no Resign.
func (f *faultyStore) Resign(ctx context.Context, node string) error {
	inner, able := f.inner.(stores.Resigner)
	if !able {
		return nil
	}
	return f.do(ctx, func() error {
		err := inner.Resign(ctx, node)
		if err == nil {
			f.ledger.resign(node)
		}
		return err
	})
}

func (f *faultyStore) ClaimDue(ctx context.Context, claim *stores.Claim) (claimed *stores.Claimed, err error) {
	if len(claim.Done) > 0 {
		f.unrecorded = claim.Node
	}
	err = f.do(ctx, func() (err error) {
		claimed, err = f.ledger.claim(f.node, claim, func(c *stores.Claim) (*stores.Claimed, error) {
			return f.inner.ClaimDue(ctx, c)
		})
		return err
	})
	if err == nil {
		if len(claim.Done) > 0 {
			f.unrecorded = ""
		}
		f.ledger.received(claimed)
		f.node.told.receive(f.alias, claimed.Runs)
		f.node.told.owe(f.alias, claimed.Skipped)
	}
	return claimed, err
}

func (f *faultyStore) Finish(ctx context.Context, node string, done []stores.Done) (finished stores.Finished, err error) {
	f.unrecorded = node
	err = f.do(ctx, func() (err error) {
		finished, err = f.inner.Finish(ctx, node, done)
		if err == nil {
			f.ledger.finish(node, done, finished.Held)
		}
		return err
	})
	if err == nil {
		f.unrecorded = ""
	}
	return finished, err
}

func (f *faultyStore) History(ctx context.Context, query *stores.HistoryQuery) ([]job.Record, error) {
	return f.inner.History(ctx, query)
}

func (f *faultyStore) Watch(ctx context.Context, changed func()) error {
	return f.inner.Watch(ctx, changed)
}

func (f *faultyStore) Close() error {
	f.ledger.close(f.unrecorded)
	return f.inner.Close()
}
