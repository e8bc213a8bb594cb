package carillon_test

import (
	"context"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/stores"
)

// hooked is a Store whose operations call a hook before they do anything: it
// may fail, panic, wait.
type hooked struct {
	stores.Store
	hook func(op string) error
}

var _ stores.Transient = (*hooked)(nil)

// hookedStore opens hooked stores. Opening one is an operation too.
func hookedStore(open stores.Opener, hook func(op string) error) stores.Opener {
	return func(ctx context.Context, env stores.Env) (stores.Store, error) {
		if err := hook("open"); err != nil {
			return nil, err
		}
		store, err := open(ctx, env)
		if err != nil {
			return nil, err
		}
		return &hooked{store, hook}, nil
	}
}

func (h *hooked) Transient() {}

func (h *hooked) Put(ctx context.Context, mode stores.PutMode, jobs []carillon.Job) error {
	if err := h.hook("put"); err != nil {
		return err
	}
	return h.Store.Put(ctx, mode, jobs)
}

func (h *hooked) Delete(ctx context.Context, ids ...string) (int, error) {
	if err := h.hook("delete"); err != nil {
		return 0, err
	}
	return h.Store.Delete(ctx, ids...)
}

func (h *hooked) Get(ctx context.Context, id string) (carillon.Job, error) {
	if err := h.hook("get"); err != nil {
		return carillon.Job{}, err
	}
	return h.Store.Get(ctx, id)
}

func (h *hooked) List(ctx context.Context, after string, limit int) ([]carillon.Job, error) {
	if err := h.hook("list"); err != nil {
		return nil, err
	}
	return h.Store.List(ctx, after, limit)
}

func (h *hooked) Heartbeat(ctx context.Context, node string, ttl time.Duration) error {
	if err := h.hook("heartbeat"); err != nil {
		return err
	}
	return h.Store.Heartbeat(ctx, node, ttl)
}

func (h *hooked) ClaimDue(ctx context.Context, claim *stores.Claim) (*stores.Claimed, error) {
	if err := h.hook("claim"); err != nil {
		return nil, err
	}
	return h.Store.ClaimDue(ctx, claim)
}

func (h *hooked) Finish(ctx context.Context, node string, done []stores.Done) (stores.Finished, error) {
	if err := h.hook("finish"); err != nil {
		return stores.Finished{}, err
	}
	return h.Store.Finish(ctx, node, done)
}

func (h *hooked) Watch(ctx context.Context, changed func()) error {
	if err := h.hook("watch"); err != nil {
		return err
	}
	return h.Store.Watch(ctx, changed)
}

func (h *hooked) Close() error {
	if err := h.hook("close"); err != nil {
		return err
	}
	return h.Store.Close()
}
