package mysql

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/internal/claim"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

// store is one opening of a database. But for Heartbeat, List and History it is
// used by one goroutine at a time.
type store struct {
	alias  string
	clock  clock.Clock
	log    *slog.Logger
	keep   stores.Retention
	prefix prefix
	db     *sql.DB
	closed atomic.Bool
	knows  int // versions of the schema

	cache    *rows.Cache
	memory   claim.Memory
	unpruned int       // records written since the history was pruned
	pruned   time.Time // when that was, or zero
}

var _ stores.Resigner = (*store)(nil)

func (c Config) open(ctx context.Context, env stores.Env, steps []string) (*store, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	p, err := c.prefix()
	if err != nil {
		return nil, err
	}
	config, err := c.driver()
	if err != nil {
		return nil, err
	}
	s := &store{
		alias: env.Alias, clock: env.Clock, log: cmp.Or(env.Logger, slog.New(slog.DiscardHandler)),
		keep: c.retention(), prefix: p, knows: len(steps), cache: rows.NewCache(c.Kinds),
	}
	if s.clock == nil {
		s.clock = clock.Real()
	}
	config.Logger = driverLog{s.log, s.alias}
	if s.db, err = connect(config); err != nil {
		return nil, err
	}
	if err = checkServer(ctx, s.db); err == nil {
		err = s.migrate(ctx, steps)
	}
	if err != nil {
		return nil, errors.Join(because(ctx, err), s.db.Close())
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

// fail makes an operation's error. If the server has become read-only the
// connections are given up, so that the next ones may go to the primary.
func (s *store) fail(ctx context.Context, op, id string, err error) error {
	if readOnly(err) {
		s.db.SetMaxIdleConns(-1) // which closes them
		s.db.SetMaxIdleConns(maxConns)
	}
	return about(op, s.alias, id, because(ctx, err))
}

// Watch is not supported: the server tells nobody of changes.
func (s *store) Watch(ctx context.Context, _ func()) error {
	if err := s.begin(ctx, "watch"); err != nil {
		return err
	}
	return about("watch", s.alias, "", errors.ErrUnsupported)
}

// Close closes the connections. It ends no lease.
func (s *store) Close() error {
	if s.closed.Swap(true) {
		return nil
	}
	if err := s.db.Close(); err != nil {
		return about("close", s.alias, "", err)
	}
	return nil
}
