package actors

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/memory"
)

// slowClaims is a Store whose claims take a second, and which notes how many
// ends of runs are recorded by what.
type slowClaims struct {
	stores.Store
	notes []string
	ends  int

	claim func(stores.Store, context.Context, *stores.Claim) (*stores.Claimed, error) // nil: the Store's
}

func (s *slowClaims) Transient() {}

func (s *slowClaims) ClaimDue(ctx context.Context, c *stores.Claim) (*stores.Claimed, error) {
	s.note("claim with", len(c.Done))
	time.Sleep(time.Second)
	if s.claim != nil {
		return s.claim(s.Store, ctx, c)
	}
	return s.Store.ClaimDue(ctx, c)
}

func (s *slowClaims) Finish(ctx context.Context, node string, done []stores.Done) (stores.Finished, error) {
	finished, err := s.Store.Finish(ctx, node, done)
	s.note("finish", finished.Held)
	return finished, err
}

func (s *slowClaims) note(what string, ends int) {
	s.notes = append(s.notes, fmt.Sprint(what, " ", ends))
	s.ends += ends
}

// newBacklog makes a rig whose store hands out 2,500 runs that are due, in three
// claims.
func newBacklog(t *testing.T, s *slowClaims) *rig {
	r := newRig(t, func(c *Config) {
		c.DefaultStore = func(ctx context.Context, env stores.Env) (_ stores.Store, err error) {
			s.Store, err = memory.Open()(ctx, env)
			return s, err
		}
	})
	jobs := make([]job.Job, 2500)
	for i := range jobs {
		jobs[i] = job.Job{ID: fmt.Sprint("job-", i), Call: job.Func(nothing)}
	}
	r.must(r.add(jobs...))
	r.must(r.start())
	return r
}

// What ends while a claim is on its way is recorded by the next one, if that
// follows at once, and else when the claim is answered.
func TestEndsAreRecordedByTheNextClaim(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &slowClaims{}
		r := newBacklog(t, s)
		time.Sleep(time.Minute)
		synctest.Wait()
		want := []string{"claim with 0", "claim with 0", "claim with 1000"}
		if len(s.notes) < 3 || !slices.Equal(s.notes[:3], want) || strings.Contains(strings.Join(s.notes[3:], ""), "claim") || s.ends != 2500 {
			t.Errorf("got %v: %d ends, want 2500, and %v first", s.notes, s.ends, want)
		}
		r.must(r.shutdown())
	})
}

// What ends while a claim is on its way does not wait for another one during a
// pause.
func TestEndsAreRecordedDuringPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &slowClaims{}
		r := newBacklog(t, s)
		time.Sleep(1500 * time.Millisecond)
		_, err := ask(r, &messages.Pause{Reply: messages.To[messages.None]()})
		r.must(err)
		time.Sleep(time.Second)
		synctest.Wait()
		if s.ends != 2000 {
			t.Errorf("got %v, want 1000 ends, and 1000 runs released", s.notes)
		}
		r.must(r.shutdown())
	})
}

// The ends of runs are recorded at once though no claim that brings them along
// succeeds.
func TestEndsAreRecordedWithoutTheClaim(t *testing.T) {
	for name, test := range map[string]struct {
		then  string
		claim func(stores.Store, context.Context, *stores.Claim) (*stores.Claimed, error)
	}{
		"fails": {"finish 1000", func(s stores.Store, ctx context.Context, c *stores.Claim) (*stores.Claimed, error) {
			if len(c.Done) > 0 {
				return nil, errors.New("out of order")
			}
			return s.ClaimDue(ctx, c)
		}},
		"fails, and has happened": {"finish 0", func(s stores.Store, ctx context.Context, c *stores.Claim) (*stores.Claimed, error) {
			claimed, err := s.ClaimDue(ctx, c)
			if len(c.Done) > 0 {
				return nil, errors.New("the answer is lost")
			}
			return claimed, err
		}},
		"panics": {"claim with 1000, finish 1000", func(s stores.Store, ctx context.Context, c *stores.Claim) (*stores.Claimed, error) {
			if len(c.Done) > 0 {
				panic("out of order")
			}
			return s.ClaimDue(ctx, c)
		}},
		"does not know of them": {"finish 1000", func(s stores.Store, ctx context.Context, c *stores.Claim) (*stores.Claimed, error) {
			alone := *c
			alone.Done = nil
			return s.ClaimDue(ctx, &alone)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &slowClaims{claim: test.claim}
				r := newBacklog(t, s)
				time.Sleep(5 * time.Minute)
				synctest.Wait()
				executed, err := s.History(t.Context(), &stores.HistoryQuery{Outcomes: []job.Outcome{job.Executed}, Limit: 5000})
				r.must(err)
				begin := "claim with 0, claim with 0, claim with 1000, " + test.then
				if notes := strings.Join(s.notes, ", "); !strings.HasPrefix(notes, begin) || len(executed) != 2500 {
					t.Errorf("%d runs have ended in the store, want 2500:\n got  %s\n want %s", len(executed), notes, begin)
				}
				r.must(r.shutdown())
			})
		})
	}
}
