package mysql

import (
	"context"
	"database/sql"
	"database/sql/driver"
)

// transaction is what is sent on one connection, all or none of it. It begins
// with the first batch.
type transaction struct {
	ctx    context.Context
	prefix prefix
	conn   *sql.Conn
	open   bool
}

// attempts bounds how often an operation is begun that is in the way of
// another.
const attempts = 10

// transact runs f in a transaction, which f ends by commit or leaves without
// an effect. It is begun again, up to a bound, if somebody else was faster.
func (s *store) transact(ctx context.Context, f func(*transaction) error) (err error) {
	for range attempts {
		if err = s.attempt(ctx, f); ctx.Err() != nil || !transient(err) {
			return err
		}
	}
	return err
}

func (s *store) attempt(ctx context.Context, f func(*transaction) error) error {
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return err
	}
	t := &transaction{ctx: ctx, prefix: s.prefix, conn: conn}
	defer t.close()
	return f(t)
}

// send sends a batch.
func (t *transaction) send(b *batch) error {
	if !t.open {
		*b = append(batch{{text: "START TRANSACTION"}}, *b...)
		t.open = true
	}
	return b.send(t.ctx, t.conn, t.prefix)
}

// commit sends the last batch.
func (t *transaction) commit(b *batch) error { return t.end(b, "COMMIT") }

// rollback sends a last batch that has only read.
func (t *transaction) rollback(b *batch) error { return t.end(b, "ROLLBACK") }

func (t *transaction) end(b *batch, how string) error {
	b.do(how)
	if err := t.send(b); err != nil {
		return err
	}
	t.open = false
	return nil
}

// close gives the connection back. If it is of no use any more, the server
// ends the transaction when it is closed.
func (t *transaction) close() {
	if t.open {
		if _, err := t.conn.ExecContext(t.ctx, "ROLLBACK"); err != nil {
			_ = t.conn.Raw(func(any) error { return driver.ErrBadConn })
		}
	}
	_ = t.conn.Close() // it fails for a connection that is gone already
}
