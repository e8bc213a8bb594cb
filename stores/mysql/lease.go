package mysql

import (
	"context"
	"database/sql"
	"math"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// renew is what nearly every heartbeat is.
const renew = `
UPDATE @node SET until = GREATEST(until, ` + now + ` + ?)
WHERE name = ? AND sole = 0 AND state = 'alive' AND until > ` + now

// Heartbeat takes one round trip, and two more for a new name. Leases are of
// the server's clock.
func (s *store) Heartbeat(ctx context.Context, name string, ttl time.Duration) error {
	if err := s.Begin(ctx, "heartbeat"); err != nil {
		return err
	}
	if ttl > 0 {
		renewed, err := s.update(ctx, renew, micros(ttl), []byte(name))
		if err != nil {
			return s.fail(ctx, "heartbeat", "", err)
		}
		if renewed > 0 {
			return nil
		}
	}
	err := s.transact(ctx, func(t *transaction) error { return register(t, name, max(0, ttl)) })
	if err != nil {
		return s.fail(ctx, "heartbeat", "", err)
	}
	return nil
}

// update executes one statement, again if it is in the way of another, and
// returns how many rows it has found.
func (s *store) update(ctx context.Context, text string, args ...any) (found int64, err error) {
	for range attempts {
		var result sql.Result
		if result, err = s.db.ExecContext(ctx, s.prefix.in(text), args...); err == nil {
			found, err = result.RowsAffected()
		}
		if !transient(err) {
			break
		}
	}
	return found, err
}

const resign = "UPDATE @node SET until = LEAST(until, " + now + "), state = 'dead' WHERE name = ? AND state = 'alive'"

// Resign takes one round trip.
func (s *store) Resign(ctx context.Context, name string) error {
	if err := s.Begin(ctx, "resign"); err != nil {
		return err
	}
	if _, err := s.update(ctx, resign, []byte(name)); err != nil {
		return s.fail(ctx, "resign", "", err)
	}
	return nil
}

// micros rounds up.
func micros(d time.Duration) int64 { return (d + time.Microsecond - 1).Microseconds() }

// lockNames has names registered one after the other.
const lockNames = "SELECT version FROM @meta FOR UPDATE"

// findNames finds the name, and of the others' leases the one that ends last.
const findNames = `
SELECT (SELECT state = 'alive' AND until > ` + now + ` FROM @node WHERE name = ?), other.name, other.until - ` + now + `
FROM (SELECT 1) AS one LEFT JOIN (
	SELECT name, until FROM @node
	WHERE name <> ? AND sole = 0 AND state = 'alive' AND until > ` + now + `
	ORDER BY until DESC LIMIT 1) AS other ON TRUE`

const findSole = "SELECT name FROM @node WHERE state = 'alive' AND sole = 1 AND name <> ?"

const endSole = "UPDATE @node FORCE INDEX (PRIMARY) SET until = " + now + ", state = 'dead' WHERE name IN ({?}) AND sole = 1 AND state = 'alive'"

const (
	putSole = `
INSERT INTO @node (name, sole, until, state) VALUES (?, 1, ?, 'alive')
ON DUPLICATE KEY UPDATE until = VALUES(until), sole = 1`

	putName = `
INSERT INTO @node (name, sole, until, state) VALUES (?, 0, ` + now + ` + ?, 'alive')
ON DUPLICATE KEY UPDATE until = IF(sole = 1, VALUES(until), GREATEST(until, VALUES(until))), sole = 0`

	putAnswer = "INSERT INTO @answer VALUES (?, 0) ON DUPLICATE KEY UPDATE claim = claim"
)

// register is the heartbeat of a name that is new, or an only owner's.
func register(t *transaction, name string, ttl time.Duration) error {
	var alive sql.NullBool
	var other sql.NullString
	var left sql.NullInt64
	var sole []string
	var b batch
	b.find(func(r *sql.Rows) error { return r.Scan(new(int)) }, lockNames)
	b.find(func(r *sql.Rows) error { return r.Scan(&alive, &other, &left) }, findNames, []byte(name), []byte(name))
	b.find(texts(&sole), findSole, []byte(name))
	if err := t.send(&b); err != nil {
		return err
	}
	switch {
	case alive.Valid && !alive.Bool:
		return job.ErrLeaseExpired
	case ttl == 0 && other.Valid:
		return stores.Shared(other.String, time.Duration(left.Int64)*time.Microsecond)
	}
	b = nil
	b.doEach(endSole, len(sole), func(args []any, i int) []any { return append(args, []byte(sole[i])) })
	if ttl == 0 {
		b.do(putSole, []byte(name), int64(math.MaxInt64))
	} else {
		b.do(putName, []byte(name), micros(ttl))
	}
	b.do(putAnswer, []byte(name))
	return t.commit(&b)
}

// texts collects rows of one text.
func texts(list *[]string) func(*sql.Rows) error {
	return func(r *sql.Rows) error {
		var text string
		err := r.Scan(&text)
		*list = append(*list, text)
		return err
	}
}
