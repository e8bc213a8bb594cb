package carillon_test

import (
	"context"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/memory"
)

// mumbling is a Store that carries out a claim, or a Finish, of which the answer
// is lost: one.
type mumbling struct {
	stores.Store
	claim, finish bool // is to be lost
}

func (*mumbling) Transient() {}

func (m *mumbling) ClaimDue(ctx context.Context, claim *stores.Claim) (*stores.Claimed, error) {
	claimed, err := m.Store.ClaimDue(ctx, claim)
	if err == nil && len(claimed.Runs) > 0 && m.claim {
		m.claim = false
		return nil, errOutOfOrder
	}
	return claimed, err
}

func (m *mumbling) Finish(ctx context.Context, node string, done []stores.Done) (stores.Finished, error) {
	finished, err := m.Store.Finish(ctx, node, done)
	if err == nil && m.finish {
		m.finish = false
		return stores.Finished{}, errOutOfOrder
	}
	return finished, err
}

func (m mumbling) open(ctx context.Context, env stores.Env) (stores.Store, error) {
	store, err := memory.Open()(ctx, env)
	m.Store = store
	return &m, err
}

// TestLostAnswer adds a job between a claim whose answer is lost and its
// repetition, which is given the old answer, from before there was the job.
func TestLostAnswer(t *testing.T) {
	config := carillon.Config{Stores: carillon.Stores{"default": mumbling{claim: true}.open}, StoreRetryInterval: 10 * time.Second}
	inBubble(t, config, func(t *testing.T, r *rig) {
		r.start()
		for _, id := range []string{"before", "between"} {
			_, err := r.At(time.Now(), nothing, carillon.Job{ID: id})
			r.must(err)
			r.pass(time.Second)
		}
		r.pass(9 * time.Second)
		for _, id := range []string{"before", "between"} {
			if n := r.total(id, carillon.Executed); n != 1 {
				t.Errorf("%s has run %d times", id, n)
			}
		}
		r.shutdown()
	})
}

// TestLostFinish has a job wait, with a backlog, for runs whose end is recorded
// without the scheduler's hearing what is due then.
func TestLostFinish(t *testing.T) {
	config := carillon.Config{Stores: carillon.Stores{"default": mumbling{finish: true}.open}, StoreRetryInterval: 10 * time.Second}
	inBubble(t, config, func(t *testing.T, r *rig) {
		r.start()
		const backlog = 5000
		_, err := r.Crontab("* * * * * *", nothing, carillon.Job{ID: "behind", Coalesce: carillon.All, NextRunTime: r.clock.Now().Add(-backlog * time.Second)})
		r.must(err)
		r.pass(time.Minute)
		if n := r.checkOutcomes("behind", time.Second, carillon.Executed); n < backlog {
			t.Errorf("%d of %d runs", n, backlog)
		}
		r.shutdown()
	})
}
