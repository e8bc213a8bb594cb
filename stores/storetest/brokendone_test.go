package storetest

import (
	"context"
	"slices"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// claimsDone makes a fault of ClaimDue that changes the ends of runs that it brings
// along, and the answer about them.
func claimsDone(ask func(*stores.Claim), answer func(*stores.Claim, *stores.Claimed)) func(stores.Store) stores.Store {
	return func(s stores.Store) stores.Store {
		return &faulty{Store: s, claim: func(s stores.Store, ctx context.Context, c *stores.Claim) (*stores.Claimed, error) {
			claim := *c
			claim.Done = slices.Clone(c.Done)
			ask(&claim)
			got, err := s.ClaimDue(ctx, &claim)
			if err == nil {
				answer(c, got)
			}
			return got, err
		}}
	}
}

func sameAnswer(*stores.Claim, *stores.Claimed) {}

func asIs(*stores.Claim) {}

var brokenDones = []broken{
	{"Done is not known", "done/recorded", claimsDone(func(c *stores.Claim) { c.Done = nil }, sameAnswer)},
	{"Done is thrown away", "done/recorded", claimsDone(func(c *stores.Claim) { c.Done = nil }, func(c *stores.Claim, got *stores.Claimed) {
		if len(c.Done) > 0 {
			got.Finished = &stores.Finished{Held: len(c.Done)}
		}
	})},
	{"always Finished", "done/none", claimsDone(asIs, func(_ *stores.Claim, got *stores.Claimed) {
		if got.Finished == nil {
			got.Finished = &stores.Finished{}
		}
	})},
	{"claims first", "done/first", claimsFirst},
	{"claims before it wakes", "done/waiting", claimsFirst},
	{"claims before it takes back", "done/released", claimsFirst},
	{"what is released has ended", "done/released", claimsDone(func(c *stores.Claim) {
		for i := range c.Done {
			c.Done[i].Outcome = job.Executed
		}
	}, sameAnswer)},
	{"Finished says what was brought along", "done/held", claimsDone(asIs, func(c *stores.Claim, got *stores.Claimed) {
		if got.Finished != nil {
			got.Finished.Held = len(c.Done)
		}
	})},
	{"a repetition does nothing", "done/repeated", func(s stores.Store) stores.Store {
		var last uint64
		return &faulty{Store: s, claim: func(s stores.Store, ctx context.Context, c *stores.Claim) (*stores.Claimed, error) {
			claim := *c
			if c.Seq == last && c.Seq != 0 {
				claim.Done = nil
			}
			last = c.Seq
			got, err := s.ClaimDue(ctx, &claim)
			if err == nil && got.Finished == nil && len(c.Done) > 0 {
				got.Finished = &stores.Finished{}
			}
			return got, err
		}}
	}},
	{"missed runs not ended by a claim", "done/outcomes", claimsDone(func(c *stores.Claim) {
		c.Done = slices.DeleteFunc(c.Done, func(d stores.Done) bool { return d.Outcome == job.Missed })
	}, sameAnswer)},
	{"writes to Done", "done/callers", claims(func(c *stores.Claim) {
		for i := range c.Done {
			c.Done[i].JobID = ""
		}
	}, nil)},
	{"records Done when it is asked next", "done/callers", func(s stores.Store) stores.Store {
		var kept []stores.Done
		return &faulty{Store: s, claim: func(s stores.Store, ctx context.Context, c *stores.Claim) (*stores.Claimed, error) {
			claim := *c
			claim.Done, kept = kept, c.Done
			return s.ClaimDue(ctx, &claim)
		}}
	}},
	{"every end is one of success", "done/history", claimsDone(func(c *stores.Claim) {
		for i := range c.Done {
			c.Done[i].Outcome = job.Executed
		}
	}, sameAnswer)},
	{"records for the dead", "done/expired", beats(func(s stores.Store, ctx context.Context, node string, ttl time.Duration) error {
		return s.Heartbeat(ctx, node, 100*ttl)
	})},
}

// claimsFirst records what has ended after the claim.
func claimsFirst(s stores.Store) stores.Store {
	return &faulty{Store: s, claim: func(s stores.Store, ctx context.Context, c *stores.Claim) (*stores.Claimed, error) {
		claim := *c
		claim.Done = nil
		got, err := s.ClaimDue(ctx, &claim)
		if err != nil || len(c.Done) == 0 {
			return got, err
		}
		finished, err := s.Finish(ctx, c.Node, c.Done)
		got.Finished = &finished
		return got, err
	}}
}
