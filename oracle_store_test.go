package carillon_test

import (
	"context"
	"errors"

	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/memory"
)

// store returns what opens a store of one of the reference's kinds. A store
// that will be taken out and put back keeps its jobs meanwhile.
func (w *world) store(alias, kind, from string) stores.Opener {
	switch kind {
	case "memory":
		if !w.stashed[alias] {
			return memory.Open()
		}
		return memory.New().Open
	case "stashed":
		return w.kept[from]
	case "flaky":
		return func(ctx context.Context, env stores.Env) (stores.Store, error) {
			store, err := memory.Open()(ctx, env)
			return &flaky{store.(stores.Transient), w, alias}, err
		}
	}
	return nil
}

// flaky is a store that cannot tell what is due until some time.
type flaky struct {
	stores.Transient
	world *world
	alias string
}

func (f *flaky) ClaimDue(ctx context.Context, claim *stores.Claim) (*stores.Claimed, error) {
	if now := f.world.clock.Now(); now.Before(f.world.failing(f.alias)) {
		f.world.record(entry{T: now, Event: claimFailed, Alias: f.alias})
		return nil, errors.New("store is out of order")
	}
	return f.Transient.ClaimDue(ctx, claim)
}

// claimFailed is in our log what a store tells that cannot tell what is due.
const claimFailed = "CLAIM_FAILED"
