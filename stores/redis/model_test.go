package redis_test

import (
	"context"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/carillon-go/carillon/internal/testserver"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/redis"
	"github.com/carillon-go/carillon/stores/storetest"
)

// On a clock that the suite moves the rules about leases need no waiting, and
// the model is played by several schedulers that die.
func TestStoreOnFakeClock(t *testing.T) {
	key := redis.SetClock(t)
	storetest.Run(t, storetest.Harness{
		Open: func(t testing.TB) stores.Opener {
			client := dial(t, testserver.Redis(t).DSN)
			open := redis.Config{Client: client, Kinds: storetest.Kinds()}.Open
			return func(ctx context.Context, env stores.Env) (stores.Store, error) {
				c := &clocked{env: env, client: client, key: "{carillon}:" + key}
				if err := c.set(); err != nil {
					return nil, err
				}
				var err error
				c.Store, err = open(ctx, env)
				return c, err
			}
		},
		Durable: true,
		Shared:  true,
		Watch:   true,
		History: true,

		HistoryAge: 7 * 24 * time.Hour, // as by default
	})
}

// clocked tells the server the time of the scheduler's clock before each call.
type clocked struct {
	stores.Store
	env    stores.Env
	client *goredis.Client
	key    string
}

func (c *clocked) set() error {
	return c.client.Set(context.Background(), c.key, c.env.Clock.Now().UnixMicro(), 0).Err()
}

func (c *clocked) Put(ctx context.Context, mode stores.PutMode, jobs []job.Job) error {
	if err := c.set(); err != nil {
		return err
	}
	return c.Store.Put(ctx, mode, jobs)
}

func (c *clocked) Delete(ctx context.Context, ids ...string) ([]string, error) {
	if err := c.set(); err != nil {
		return nil, err
	}
	return c.Store.Delete(ctx, ids...)
}

func (c *clocked) DeleteAll(ctx context.Context) (int, error) {
	if err := c.set(); err != nil {
		return 0, err
	}
	return c.Store.DeleteAll(ctx)
}

func (c *clocked) Heartbeat(ctx context.Context, node string, ttl time.Duration) error {
	if err := c.set(); err != nil {
		return err
	}
	return c.Store.Heartbeat(ctx, node, ttl)
}

func (c *clocked) Resign(ctx context.Context, node string) error {
	if err := c.set(); err != nil {
		return err
	}
	return c.Store.(stores.Resigner).Resign(ctx, node)
}

func (c *clocked) ClaimDue(ctx context.Context, claim *stores.Claim) (*stores.Claimed, error) {
	if err := c.set(); err != nil {
		return nil, err
	}
	return c.Store.ClaimDue(ctx, claim)
}

func (c *clocked) Finish(ctx context.Context, node string, done []stores.Done) (stores.Finished, error) {
	if err := c.set(); err != nil {
		return stores.Finished{}, err
	}
	return c.Store.Finish(ctx, node, done)
}

func (c *clocked) History(ctx context.Context, query *stores.HistoryQuery) ([]job.Record, error) {
	if err := c.set(); err != nil {
		return nil, err
	}
	return c.Store.History(ctx, query)
}
