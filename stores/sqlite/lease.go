package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// leaseClock measures leases: a time in microseconds that every process of the
// machine agrees on, and that goes on when the wall clock is set. See "Leases"
// in the package documentation.
type leaseClock struct {
	base    int64 // the wall clock when the file was opened, and what was caught up since
	elapsed func() time.Duration
}

func newLeaseClock(c clock.Clock) leaseClock {
	start := c.Now()
	l := leaseClock{base: start.UnixMicro(), elapsed: func() time.Duration { return c.Now().Sub(start) }}
	if m, ok := c.(clock.Monotonic); ok {
		from := m.Elapsed()
		l.elapsed = func() time.Duration { return m.Elapsed() - from }
	}
	return l
}

// now reads the clock. It is never behind beat, the latest heartbeat of anybody.
func (l *leaseClock) now(beat int64) int64 {
	t := l.base + l.elapsed().Microseconds()
	if behind := beat - t; behind > 0 {
		l.base += behind
		t = beat
	}
	return t
}

// now reads the lease clock in a transaction.
func (s *store) now() (int64, error) {
	var beat sql.NullInt64
	if err := s.row("SELECT max(beat) FROM node WHERE state <> 'buried'", nil, &beat); err != nil {
		return 0, err
	}
	return s.lease.now(beat.Int64), nil
}

// Heartbeat follows the rules of package stores.
func (s *store) Heartbeat(ctx context.Context, name string, ttl time.Duration) error {
	if err := s.lock(ctx, "heartbeat"); err != nil {
		return err
	}
	defer s.mu.Unlock()
	err := s.change(ctx, func() (bool, error) { return true, s.beat(name, ttl) })
	if err != nil {
		return s.about("heartbeat", "", err)
	}
	return nil
}

func (s *store) beat(name string, ttl time.Duration) error {
	now, err := s.now()
	if err != nil {
		return err
	}
	if alive, _, err := s.node(name, now); err != nil {
		return err
	} else if !alive {
		var registered bool
		if err := s.row("SELECT EXISTS (SELECT 1 FROM node WHERE name = ?)", []any{name}, &registered); err != nil {
			return err
		} else if registered {
			return job.ErrLeaseExpired
		}
	}
	var until any // NULL: the only owner
	if ttl > 0 {
		until = now + ttl.Microseconds()
	} else {
		var other string
		var end int64
		err := s.row("SELECT name, until FROM node WHERE state = 'alive' AND until > ? AND name <> ? ORDER BY until DESC LIMIT 1", []any{now, name}, &other, &end)
		if err == nil {
			return stores.Shared(other, time.Duration(end-now)*time.Microsecond)
		} else if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
	}
	if err := s.do("UPDATE node SET state = 'dead' WHERE state = 'alive' AND until IS NULL AND name <> ?", name); err != nil {
		return err
	}
	return s.do(`INSERT INTO node (name, beat, until, state, claim) VALUES (?1, ?2, ?3, 'alive', 0)
		ON CONFLICT (name) DO UPDATE SET beat = ?2, until = iif(?3 IS NULL, NULL, max(?3, ifnull(until, ?3)))`, name, now, until)
}

// Resign follows the rules of package stores.
func (s *store) Resign(ctx context.Context, name string) error {
	if err := s.lock(ctx, "resign"); err != nil {
		return err
	}
	defer s.mu.Unlock()
	err := s.change(ctx, func() (bool, error) {
		return true, s.do("UPDATE node SET state = 'dead' WHERE name = ? AND state = 'alive'", name)
	})
	if err != nil {
		return s.about("resign", "", err)
	}
	return nil
}

// node reports whether the name is alive, and the Seq of its last claim that
// has written anything.
func (s *store) node(name string, now int64) (alive bool, claim uint64, err error) {
	var state string
	var until sql.NullInt64
	var seq int64
	err = s.row("SELECT state, until, claim FROM node WHERE name = ?", []any{name}, &state, &until, &seq)
	if errors.Is(err, sql.ErrNoRows) {
		return false, 0, nil
	}
	return state == "alive" && (!until.Valid || now < until.Int64), uint64(seq), err
}

// dead returns the names that have died and whose runs were not dealt with.
func (s *store) dead(now int64) (names []any, err error) {
	err = s.rows(func(r *sql.Rows) error {
		var name string
		err := r.Scan(&name)
		names = append(names, name)
		return err
	}, "SELECT name FROM node WHERE state <> 'buried' AND (state = 'dead' OR until <= ?)", now)
	return names, err
}
