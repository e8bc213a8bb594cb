package actors

import (
	"context"
	"testing"
	"testing/synctest"

	"github.com/asynkron/protoactor-go/actor"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/stores"
)

// A request that is in a store's mailbox when the store leaves is answered all
// the same, by the scheduler: with the mailbox of a store in memory, and with
// the other.
func TestRequestToStoreThatLeaves(t *testing.T) {
	for name, errands := range map[string]bool{"in memory": true, "lasting": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, func(c *Config) {
					if !errands {
						c.DefaultStore = lasting(c.DefaultStore)
					}
				})
				r.must(r.start())
				late := &messages.AddJobs{Reply: messages.To[[]job.Job](), Jobs: []job.Job{{ID: "late", Call: job.Func(func(context.Context) error { return nil })}}}
				var store *actor.PID
				for _, store = range r.host.desk.Load().stores {
				}
				r.strike(func(_ string, message any) {
					if _, closing := message.(*messages.CloseStore); closing {
						r.host.post(store, late)
					}
				})
				r.must(r.shutdown())
				if err := r.host.rt.Wait(t.Context(), late.Answered()); err != nil {
					t.Fatal(err)
				}
				jobs, err := late.Result()
				if err != nil || len(jobs) != 1 || !jobs[0].Pending {
					t.Errorf("the scheduler that is stopped now answers %v, %v", jobs, err)
				}
			})
		})
	}
}

// lasting hides that a Store keeps its jobs in memory.
func lasting(open stores.Opener) stores.Opener {
	return func(ctx context.Context, env stores.Env) (stores.Store, error) {
		store, err := open(ctx, env)
		return struct{ stores.Store }{store}, err
	}
}
