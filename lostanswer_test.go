package carillon_test

import (
	"context"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/memory"
)

// mumbling is a Store that carries out a claim, once, of which the answer is
// lost.
type mumbling struct {
	stores.Store
	lost bool
}

func (*mumbling) Transient() {}

func (m *mumbling) ClaimDue(ctx context.Context, claim *stores.Claim) (*stores.Claimed, error) {
	claimed, err := m.Store.ClaimDue(ctx, claim)
	if err == nil && len(claimed.Runs) > 0 && !m.lost {
		m.lost = true
		return nil, errOutOfOrder
	}
	return claimed, err
}

// TestLostAnswer adds a job between a claim whose answer is lost and its
// repetition, which is given the old answer, from before there was the job.
func TestLostAnswer(t *testing.T) {
	open := func(ctx context.Context, env stores.Env) (stores.Store, error) {
		store, err := memory.Open()(ctx, env)
		return &mumbling{Store: store}, err
	}
	config := carillon.Config{Stores: carillon.Stores{"default": open}, StoreRetryInterval: 10 * time.Second}
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
