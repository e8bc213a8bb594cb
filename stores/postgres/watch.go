package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/carillon-go/carillon/clock"
)

// Watch listens on a connection of its own. When it breaks, another one is
// made; changed is called then, for what may have been missed.
func (s *store) Watch(ctx context.Context, changed func()) error {
	if err := s.Begin(ctx, "watch"); err != nil {
		return err
	}
	if s.pooled {
		return s.Refuse(ctx, "watch", "", errors.ErrUnsupported)
	}
	conn, err := s.listen(ctx)
	if err != nil {
		return s.fail(ctx, "watch", "", err)
	}
	s.unwatch()
	s.watching.Wait()
	ctx, s.unwatch = context.WithCancel(ctx)
	s.watching.Go(func() { s.watch(ctx, conn, changed) })
	return nil
}

// listen makes a connection that hears of changes.
func (s *store) listen(ctx context.Context) (*pgx.Conn, error) {
	conn, err := pgx.ConnectConfig(ctx, s.pool.Config().ConnConfig)
	if err != nil {
		return nil, err
	}
	if _, err := conn.Exec(ctx, "LISTEN "+s.schema.channel()); err != nil {
		return nil, errors.Join(err, s.hangUp(conn))
	}
	return conn, nil
}

// hangUp closes a connection, which may be broken.
func (s *store) hangUp(conn *pgx.Conn) error {
	ctx, cancel := clock.WithTimeout(context.Background(), clock.Real(), time.Second)
	defer cancel()
	return conn.Close(ctx)
}

// The bounds of how long to wait before connecting again.
const (
	minPause = 100 * time.Millisecond
	maxPause = 5 * time.Second
)

// watch waits for notifications until ctx ends.
func (s *store) watch(ctx context.Context, conn *pgx.Conn, changed func()) {
	for pause := minPause; ; {
		heard, err := conn.WaitForNotification(ctx)
		if err == nil {
			pause = minPause
			if heard.Payload != s.self {
				changed()
			}
			continue
		}
		_ = s.hangUp(conn) // it is of no use any more
		for ctx.Err() == nil {
			s.Log.WarnContext(ctx, "no changes are heard of, connecting again", "err", err, "pause", pause)
			if !sleep(ctx, pause) {
				return
			}
			pause = min(2*pause, maxPause)
			if conn, err = s.listen(ctx); err == nil {
				changed()
				break
			}
		}
		if ctx.Err() != nil {
			if err == nil {
				_ = s.hangUp(conn)
			}
			return
		}
	}
}

// sleep reports whether d has passed before ctx has ended.
func sleep(ctx context.Context, d time.Duration) bool {
	passed := make(chan struct{})
	timer := clock.Real().AfterFunc(d, func() { close(passed) })
	defer timer.Stop()
	select {
	case <-passed:
		return true
	case <-ctx.Done():
		return false
	}
}
