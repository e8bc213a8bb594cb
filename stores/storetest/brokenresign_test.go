package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

func resigns(f func(stores.Resigner, context.Context, string) error) func(stores.Store) stores.Store {
	return func(s stores.Store) stores.Store { return &faulty{Store: s, resign: f} }
}

var brokenResigns = []broken{
	{"Resign does nothing", "resign/dead", resigns(func(stores.Resigner, context.Context, string) error { return nil })},
	{"who has resigned comes back", "resign/dead", func(s stores.Store) stores.Store {
		gone := map[string]bool{}
		return &faulty{
			Store: s,
			heartbeat: func(s stores.Store, ctx context.Context, node string, ttl time.Duration) error {
				if gone[node] {
					return nil
				}
				return s.Heartbeat(ctx, node, ttl)
			},
			resign: func(s stores.Resigner, ctx context.Context, node string) error {
				gone[node] = true
				return s.Resign(ctx, node)
			},
		}
	}},
	{"Resign gives back what was started", "resign/runs", func(s stores.Store) stores.Store {
		var held []job.Run
		f := claims(nil, func(c *stores.Claimed) { held = append(held, c.Runs...) })(s).(*faulty)
		f.resign = func(s stores.Resigner, ctx context.Context, node string) error {
			_, err := s.Finish(ctx, node, dones(job.Released, held...))
			return errors.Join(err, s.Resign(ctx, node))
		}
		return f
	}},
	{"Resign ends what was started", "resign/runs", func(s stores.Store) stores.Store {
		var held []job.Run
		f := claims(nil, func(c *stores.Claimed) { held = append(held, c.Runs...) })(s).(*faulty)
		f.resign = func(s stores.Resigner, ctx context.Context, node string) error {
			_, err := s.Finish(ctx, node, dones(job.Lost, held...))
			return errors.Join(err, s.Resign(ctx, node))
		}
		return f
	}},
	{"Resign leaves a lease behind", "resign/owner-comes", resigns(func(s stores.Resigner, ctx context.Context, node string) error {
		return errors.Join(s.Resign(ctx, node), s.Heartbeat(ctx, node+" was here", time.Hour))
	})},
	{"only owners cannot resign", "resign/owner", func(s stores.Store) stores.Store {
		owner := ""
		return &faulty{
			Store: s,
			heartbeat: func(s stores.Store, ctx context.Context, node string, ttl time.Duration) error {
				if ttl == 0 {
					owner = node
				}
				return s.Heartbeat(ctx, node, ttl)
			},
			resign: func(s stores.Resigner, ctx context.Context, node string) error {
				if node == owner {
					return nil
				}
				return s.Resign(ctx, node)
			},
		}
	}},
	{"all resign when one does", "resign/others", resigns(func(s stores.Resigner, ctx context.Context, node string) error {
		return errors.Join(s.Resign(ctx, "a"), s.Resign(ctx, "b"))
	})},
	{"Resign buries strangers", "resign/unknown", resigns(func(s stores.Resigner, ctx context.Context, node string) error {
		_ = s.Heartbeat(ctx, node, time.Hour)
		return s.Resign(ctx, node)
	})},
	{"Resign ends with Close", "resign/closed", func(s stores.Store) stores.Store {
		resigned := false
		over := func(err error) error {
			if resigned {
				return job.ErrLeaseExpired
			}
			return err
		}
		return &faulty{
			Store: s,
			heartbeat: func(s stores.Store, ctx context.Context, node string, ttl time.Duration) error {
				return over(s.Heartbeat(ctx, node, ttl))
			},
			claim: func(s stores.Store, ctx context.Context, c *stores.Claim) (*stores.Claimed, error) {
				got, err := s.ClaimDue(ctx, c)
				return got, over(err)
			},
			resign: func(stores.Resigner, context.Context, string) error { resigned = true; return nil },
		}
	}},
}

// A store in which nobody can resign is held against all other rules.
func TestResignIsOptional(t *testing.T) {
	h := harnessOf(func(s stores.Store) stores.Store { return struct{ stores.Store }{s} })
	for _, r := range append(resignRules, modelRules...) {
		if err := r.on(t, h); err != nil {
			t.Errorf("rule %s: %v", r.name, err)
		}
	}
}
