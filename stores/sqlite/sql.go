package sqlite

import (
	"context"
	"database/sql"
	"errors"
)

// background is the context of all statements but for the one that waits, and
// for what is read beside them: with one that can end, each would cost a
// goroutine.
var background = context.Background()

// connection is a connection to the file. It is used by one goroutine at a time.
type connection struct {
	*sql.Conn
	statements map[string]*sql.Stmt // prepared, by their text
	args       []any                // memory for arguments
}

// connect makes a connection, which the pool has to be large enough for.
func connect(ctx context.Context, db *sql.DB) (c connection, err error) {
	conn, err := db.Conn(ctx)
	return connection{Conn: conn, statements: map[string]*sql.Stmt{}}, err
}

// close closes the connection; the zero one is closed.
func (c *connection) close() (err error) {
	for _, statement := range c.statements {
		err = errors.Join(err, statement.Close())
	}
	if c.Conn != nil {
		err = errors.Join(err, c.Conn.Close())
	}
	return err
}

// prepared returns the statement of this text.
func (c *connection) prepared(text string) (*sql.Stmt, error) {
	if statement := c.statements[text]; statement != nil {
		return statement, nil
	}
	statement, err := c.PrepareContext(background, text)
	if err != nil {
		return nil, err
	}
	c.statements[text] = statement
	return statement, nil
}

// exec executes statements that are not worth preparing.
func (c *connection) exec(text string) error {
	_, err := c.ExecContext(background, text)
	return err
}

// do executes a prepared statement.
func (c *connection) do(text string, args ...any) error {
	_, err := c.count(text, args...)
	return err
}

// count executes a prepared statement, and returns how many rows that has
// changed.
func (c *connection) count(text string, args ...any) (changed int, err error) {
	statement, err := c.prepared(text)
	if err != nil {
		return 0, err
	}
	result, err := statement.ExecContext(background, args...)
	if err != nil {
		return 0, err
	}
	n, err := result.RowsAffected()
	return int(n), err
}

// row reads one row; it fails with [sql.ErrNoRows] if there is none.
func (c *connection) row(text string, args []any, into ...any) error {
	statement, err := c.prepared(text)
	if err != nil {
		return err
	}
	return statement.QueryRowContext(background, args...).Scan(into...)
}

// rows has scan called for each row.
func (c *connection) rows(scan func(*sql.Rows) error, text string, args ...any) error {
	return c.rowsUntil(background, scan, text, args...)
}

// rowsUntil is rows, until ctx ends.
func (c *connection) rowsUntil(ctx context.Context, scan func(*sql.Rows) error, text string, args ...any) error {
	statement, err := c.prepared(text)
	if err != nil {
		return err
	}
	found, err := statement.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	for found.Next() {
		if err := scan(found); err != nil {
			return errors.Join(err, found.Close())
		}
	}
	return errors.Join(found.Err(), found.Close())
}

// change runs f in a transaction that nobody else writes beside. It is
// committed if f says that it has written something.
func (c *connection) change(ctx context.Context, f func() (written bool, err error)) error {
	begin, err := c.prepared("BEGIN IMMEDIATE")
	if err != nil {
		return err
	}
	if _, err := begin.ExecContext(ctx); err != nil {
		return err
	}
	open := true
	defer func() {
		if open {
			_ = c.do("ROLLBACK") // it fails if SQLite has done that itself
		}
	}()
	written, err := f()
	if err != nil || !written {
		return err
	}
	if err := c.do("COMMIT"); err != nil {
		return err
	}
	open = false
	return nil
}
