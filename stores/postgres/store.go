package postgres

import (
	"context"
	"crypto/rand"
	"sync"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/internal/claim"
	"github.com/carillon-go/carillon/stores/internal/opening"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

// store is one opening of a database. But for Heartbeat, List and History it is
// used by one goroutine at a time.
type store struct {
	tables
	*opening.Opening
	pooled bool
	pool   *pgxpool.Pool
	knows  int // versions of the schema

	cache  *rows.Cache
	memory claim.Memory
	chores rows.Chores

	watching sync.WaitGroup
	unwatch  context.CancelFunc
}

var _ stores.Resigner = (*store)(nil)

func (c Config) open(ctx context.Context, env stores.Env, steps []string) (*store, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	name, err := c.schema()
	if err != nil {
		return nil, err
	}
	config, err := c.pool()
	if err != nil {
		return nil, err
	}
	s := &store{
		Opening: opening.New(env, explain),
		tables:  tables{schema: name, keep: rows.Keep(c.History, DefaultHistoryCount), self: rand.Text()}, pooled: c.Pooled, knows: len(steps),
		cache: rows.NewCache(c.Kinds), unwatch: func() {},
	}
	if s.pool, err = pgxpool.NewWithConfig(context.WithoutCancel(ctx), config); err != nil {
		return nil, err
	}
	if err := s.migrate(ctx, steps); err != nil {
		s.pool.Close()
		return nil, opening.Because(ctx, err)
	}
	return s, nil
}

// fail makes an operation's error.
func (s *store) fail(ctx context.Context, op, id string, err error) error {
	s.distrust(ctx, err)
	return s.Refuse(ctx, op, id, err)
}

// distrust reports whether err is that of a connection which was broken, as all
// are after the server was started anew. The others are given up then too.
func (s *store) distrust(ctx context.Context, err error) bool {
	if !broken(err) || ctx.Err() != nil {
		return false
	}
	s.pool.Reset()
	return true
}

// twice tries what has no effect, or none when it is repeated, on another
// connection if the first one was broken.
func (s *store) twice(ctx context.Context, f func() error) error {
	err := f()
	if s.distrust(ctx, err) {
		err = f()
	}
	return err
}

// Close closes the connections. It ends no lease.
func (s *store) Close() error {
	if !s.Closing() {
		return nil
	}
	s.unwatch()
	s.watching.Wait()
	s.pool.Close()
	return nil
}
