package postgres

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/internal/claim"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

// store is one opening of a database. But for Heartbeat it is used by one
// goroutine at a time.
type store struct {
	tables
	alias  string
	clock  clock.Clock
	log    *slog.Logger
	pooled bool
	pool   *pgxpool.Pool
	closed atomic.Bool

	cache    *rows.Cache
	memory   claim.Memory
	doubt    *claim.Decision // that of a claim whose commit was not confirmed
	stuck    int             // jobs in the last claim's pages that were not to be planned
	unpruned int             // records written since the history was pruned
	pruned   time.Time       // when that was, or zero

	watching sync.WaitGroup
	unwatch  context.CancelFunc
}

var _ stores.Store = (*store)(nil)

func (c Config) open(ctx context.Context, env stores.Env) (*store, error) {
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
		alias: env.Alias, clock: env.Clock, log: env.Logger,
		tables: tables{schema: name, keep: c.retention(), self: rand.Text()}, pooled: c.Pooled,
		cache: rows.NewCache(c.Kinds), unwatch: func() {},
	}
	if s.clock == nil {
		s.clock = clock.Real()
	}
	s.log = cmp.Or(s.log, slog.New(slog.DiscardHandler))
	if s.pool, err = pgxpool.NewWithConfig(context.WithoutCancel(ctx), config); err != nil {
		return nil, err
	}
	if err := s.migrate(ctx, migrations); err != nil {
		s.pool.Close()
		return nil, because(ctx, err)
	}
	return s, nil
}

// begin begins an operation.
func (s *store) begin(ctx context.Context, op string) error {
	err := ctx.Err()
	if err == nil && s.closed.Load() {
		err = errClosed
	}
	if err != nil {
		return about(op, s.alias, "", err)
	}
	return nil
}

// fail makes an operation's error. After one of the network, the other
// connections are not trusted any more.
func (s *store) fail(ctx context.Context, op, id string, err error) error {
	if _, told := errors.AsType[*pgconn.PgError](err); !told && ctx.Err() == nil {
		if _, ours := errors.AsType[*pgconn.ConnectError](err); !ours {
			s.pool.Reset()
		}
	}
	return about(op, s.alias, id, because(ctx, err))
}

// Close closes the connections. It ends no lease.
func (s *store) Close() error {
	if s.closed.Swap(true) {
		return nil
	}
	s.unwatch()
	s.watching.Wait()
	s.pool.Close()
	return nil
}
