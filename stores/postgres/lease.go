package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// renew is what nearly every heartbeat is.
const renew = `
UPDATE @.node SET until = greatest(until, clock_timestamp() + $2)
WHERE name = $1 AND NOT sole AND state = 'alive' AND until > clock_timestamp()`

// Heartbeat takes one round trip, and some more for a new name. Leases are of
// the server's clock.
func (s *store) Heartbeat(ctx context.Context, name string, ttl time.Duration) error {
	if err := s.Begin(ctx, "heartbeat"); err != nil {
		return err
	}
	err := s.twice(ctx, func() error { return s.beat(ctx, name, max(0, ttl)) })
	if err != nil {
		return s.fail(ctx, "heartbeat", "", err)
	}
	return nil
}

func (s *store) beat(ctx context.Context, name string, ttl time.Duration) error {
	if ttl > 0 {
		tag, err := s.pool.Exec(ctx, s.sql(renew), name, ttl)
		if err != nil || tag.RowsAffected() > 0 {
			return err
		}
	}
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error { return s.register(ctx, tx, name, ttl) })
}

const resign = "UPDATE @.node SET until = least(until, clock_timestamp()), state = 'dead' WHERE name = $1 AND state = 'alive'"

// Resign takes one round trip.
func (s *store) Resign(ctx context.Context, name string) error {
	if err := s.Begin(ctx, "resign"); err != nil {
		return err
	}
	err := s.twice(ctx, func() error {
		_, err := s.pool.Exec(ctx, s.sql(resign), name)
		return err
	})
	if err != nil {
		return s.fail(ctx, "resign", "", err)
	}
	return nil
}

// lockNames has names registered one after the other.
const lockNames = "SELECT pg_advisory_xact_lock(hashtextextended($1, 1))"

// findNames finds the name, and of the others' leases the one that ends last.
const findNames = `
SELECT (SELECT state = 'alive' AND until > clock_timestamp() FROM @.node WHERE name = $1), other.name, other.until - clock_timestamp()
FROM (VALUES (1)) AS one LEFT JOIN (
	SELECT name, until FROM @.node
	WHERE name <> $1 AND NOT sole AND state = 'alive' AND until > clock_timestamp()
	ORDER BY until DESC LIMIT 1) AS other ON true`

// endSole ends the only owner that there was.
const endSole = "UPDATE @.node SET until = clock_timestamp(), state = 'dead' WHERE name <> $1 AND sole AND state = 'alive'"

const putName = `
INSERT INTO @.node AS n (name, sole, until, state)
VALUES ($1, $2::interval = '0', CASE WHEN $2::interval = '0' THEN 'infinity' ELSE clock_timestamp() + $2 END, 'alive')
ON CONFLICT (name) DO UPDATE SET sole = excluded.sole,
	until = CASE WHEN n.sole <> excluded.sole THEN excluded.until ELSE greatest(n.until, excluded.until) END`

const putAnswer = "INSERT INTO @.answer VALUES ($1, 0) ON CONFLICT DO NOTHING"

// register is the heartbeat of a name that is new, or an only owner's.
func (s *store) register(ctx context.Context, tx pgx.Tx, name string, ttl time.Duration) error {
	if _, err := tx.Exec(ctx, lockNames, s.schema.channel()); err != nil {
		return err
	}
	var alive *bool
	var other *string
	var left *time.Duration
	if err := tx.QueryRow(ctx, s.sql(findNames), name).Scan(&alive, &other, &left); err != nil {
		return err
	}
	switch {
	case alive != nil && !*alive:
		return job.ErrLeaseExpired
	case ttl == 0 && other != nil:
		return stores.Shared(*other, *left)
	}
	var b pgx.Batch
	b.Queue(s.sql(endSole), name)
	b.Queue(s.sql(putName), name, ttl)
	b.Queue(s.sql(putAnswer), name)
	return tx.SendBatch(ctx, &b).Close()
}
