package carillon_test

import (
	"context"
	"errors"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/memory"
)

// store returns what opens a store of one of the reference's kinds. A store
// that will be taken out and put back keeps its jobs meanwhile.
func (w *world) store(alias, kind, from string) stores.Opener {
	var open stores.Opener
	switch {
	case kind == "stashed":
		return w.kept[from]
	case kind != "memory" && kind != "flaky":
		return nil
	case w.stashed[alias]:
		open = memory.New().Open
	default:
		open = memory.Open()
	}
	return func(ctx context.Context, env stores.Env) (stores.Store, error) {
		store, err := open(ctx, env)
		return &watched{store, w, alias}, err
	}
}

// watched is a memory store that cannot tell what is due as long as the world
// says so.
type watched struct {
	stores.Store
	world *world
	alias string
}

func (*watched) Transient() {}

func (s *watched) ClaimDue(ctx context.Context, claim *stores.Claim) (*stores.Claimed, error) {
	if now := s.world.clock.Now(); now.Before(s.world.failing(s.alias)) {
		s.world.record(entry{T: now, Event: claimFailed, Alias: s.alias})
		return nil, errors.New("store is out of order")
	}
	if s.world.countsByExecutor {
		counted, plan := *claim, claim.Plan
		counted.Plan = func(j *job.Job, _ int, step *stores.Step) {
			plan(j, s.world.unfinished(j.Executor, j.ID), step)
		}
		claim = &counted
	}
	return s.Store.ClaimDue(ctx, claim)
}

// claimFailed is in our log what a store tells that cannot tell what is due.
const claimFailed = "CLAIM_FAILED"
