package sqlite

import (
	"context"
	"database/sql"
	"errors"
)

// background is the context of all statements but for the one that waits: with
// one that can end, each would cost a goroutine.
var background = context.Background()

// prepared returns the statement of this text.
func (s *store) prepared(text string) (*sql.Stmt, error) {
	if statement := s.statements[text]; statement != nil {
		return statement, nil
	}
	statement, err := s.conn.PrepareContext(background, text)
	if err != nil {
		return nil, err
	}
	s.statements[text] = statement
	return statement, nil
}

// exec executes statements that are not worth preparing.
func (s *store) exec(text string) error {
	_, err := s.conn.ExecContext(background, text)
	return err
}

// do executes a prepared statement.
func (s *store) do(text string, args ...any) error {
	_, err := s.count(text, args...)
	return err
}

// count executes a prepared statement, and returns how many rows that has
// changed.
func (s *store) count(text string, args ...any) (changed int, err error) {
	statement, err := s.prepared(text)
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
func (s *store) row(text string, args []any, into ...any) error {
	statement, err := s.prepared(text)
	if err != nil {
		return err
	}
	return statement.QueryRowContext(background, args...).Scan(into...)
}

// rows has scan called for each row.
func (s *store) rows(scan func(*sql.Rows) error, text string, args ...any) error {
	statement, err := s.prepared(text)
	if err != nil {
		return err
	}
	found, err := statement.QueryContext(background, args...)
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
func (s *store) change(ctx context.Context, f func() (written bool, err error)) error {
	begin, err := s.prepared("BEGIN IMMEDIATE")
	if err != nil {
		return err
	}
	if _, err := begin.ExecContext(ctx); err != nil {
		return err
	}
	open := true
	defer func() {
		if open {
			_ = s.do("ROLLBACK") // it fails if SQLite has done that itself
		}
	}()
	written, err := f()
	if err != nil || !written {
		return err
	}
	if err := s.do("COMMIT"); err != nil {
		return err
	}
	open = false
	return nil
}
