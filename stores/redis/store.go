package redis

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

// format numbers the way in which data are kept under a prefix.
const format = 1

// store is an opening of the data under one prefix.
type store struct {
	alias   string
	log     *slog.Logger
	client  redis.UniversalClient
	own     bool // the client
	prefix  string
	keep    stores.Retention
	session string // tells this opening from others

	cache    *rows.Cache
	notebook notebook // not used by Heartbeat, List and History

	watch  watch
	closed atomic.Bool
}

var _ stores.Resigner = (*store)(nil)

var errClosed = errors.New("store has been closed")

func (c Config) open(ctx context.Context, env stores.Env) (*store, error) {
	if err := errors.Join(ctx.Err(), c.validate()); err != nil {
		return nil, err
	}
	client, own, err := c.connect()
	if err != nil {
		return nil, err
	}
	s := &store{
		alias: env.Alias, log: env.Logger, client: client, own: own,
		prefix: "{" + cmp.Or(c.Prefix, DefaultPrefix) + "}:", keep: c.retention(), session: rand.Text(),
		cache: rows.NewCache(c.Kinds),
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if _, err := s.call(ctx, openScript); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// key returns the name of a key; doc.go lists them.
func (s *store) key(name string) string { return s.prefix + name }

func (s *store) refuse(op, id string, err error) error {
	return &job.Error{Op: op, Job: id, Store: s.alias, Err: err}
}

// Close ends the watching, and the client if it is the store's own.
func (s *store) Close() error {
	if s.closed.Swap(true) {
		return nil
	}
	s.watch.end()
	if s.own {
		return s.client.Close()
	}
	return nil
}

// Heartbeat follows the rules of package stores, by the server's clock.
func (s *store) Heartbeat(ctx context.Context, node string, ttl time.Duration) error {
	answer, err := s.call(ctx, heartbeatScript, node, int64((max(ttl, 0)+time.Microsecond-1)/time.Microsecond))
	switch {
	case err != nil:
	case answer == "expired":
		err = job.ErrLeaseExpired
	default:
		if shared := list(answer); shared.text(0) == "shared" {
			err = stores.Shared(shared.text(1), time.Duration(shared.int(2))*time.Microsecond)
		}
	}
	if err != nil {
		return s.refuse("heartbeat", "", err)
	}
	return nil
}

// Resign follows the rules of package stores.
func (s *store) Resign(ctx context.Context, node string) error {
	if _, err := s.call(ctx, resignScript, node); err != nil {
		return s.refuse("resign", "", err)
	}
	return nil
}
