package mysql

import (
	"context"
	"database/sql"
	"errors"

	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/internal/claim"
	"github.com/carillon-go/carillon/stores/internal/opening"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

// store is one opening of a database. But for Heartbeat, List and History it is
// used by one goroutine at a time.
type store struct {
	*opening.Opening
	keep   stores.Retention
	prefix prefix
	db     *sql.DB
	knows  int // versions of the schema

	cache  *rows.Cache
	memory claim.Memory
	chores rows.Chores
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
		Opening: opening.New(env, explain),
		keep:    rows.Keep(c.History, DefaultHistoryCount), prefix: p, knows: len(steps), cache: rows.NewCache(c.Kinds),
	}
	config.Logger = driverLog{s.Log, s.Alias}
	if s.db, err = connect(config); err != nil {
		return nil, err
	}
	if err = checkServer(ctx, s.db); err == nil {
		err = s.migrate(ctx, steps)
	}
	if err != nil {
		return nil, errors.Join(opening.Because(ctx, err), s.db.Close())
	}
	return s, nil
}

// fail makes an operation's error. If the server has become read-only the
// connections are given up, so that the next ones may go to the primary.
func (s *store) fail(ctx context.Context, op, id string, err error) error {
	if readOnly(err) {
		s.db.SetMaxIdleConns(-1) // which closes them
		s.db.SetMaxIdleConns(maxConns)
	}
	return s.Refuse(ctx, op, id, err)
}

// Watch is not supported: the server tells nobody of changes.
func (s *store) Watch(ctx context.Context, _ func()) error {
	if err := s.Begin(ctx, "watch"); err != nil {
		return err
	}
	return s.Refuse(ctx, "watch", "", errors.ErrUnsupported)
}

// Close closes the connections. It ends no lease.
func (s *store) Close() error {
	if !s.Closing() {
		return nil
	}
	if err := s.db.Close(); err != nil {
		return opening.About("close", s.Alias, "", err, explain)
	}
	return nil
}
