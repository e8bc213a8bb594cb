package mysql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Of several who bring the schema up to date at once, one does it and the
// others wait for this many seconds at the most.
const migrationPatience = 60

const (
	lockSchema   = "SELECT GET_LOCK(CONCAT('carillon_', MD5(CONCAT(DATABASE(), '/', ?))), ?)"
	unlockSchema = "SELECT RELEASE_LOCK(CONCAT('carillon_', MD5(CONCAT(DATABASE(), '/', ?))))"

	findTable = "SELECT EXISTS (SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?)"

	createMeta = `CREATE TABLE IF NOT EXISTS @meta (
	one     tinyint PRIMARY KEY,
	version int NOT NULL
) ENGINE=InnoDB COMMENT 'The version of the schema.';
INSERT IGNORE INTO @meta VALUES (1, 0)`
)

// migrate makes the tables, or brings them to the last of the versions.
func (s *store) migrate(ctx context.Context, steps []string) error {
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	version, err := s.version(ctx, conn)
	if err == nil && version < len(steps) {
		return s.advance(ctx, conn, steps)
	}
	return errors.Join(err, s.supports(version))
}

// supports refuses a version that is too new.
func (s *store) supports(version int) error {
	if version <= s.knows {
		return nil
	}
	return fmt.Errorf("the tables %s* have schema version %d and this program knows versions up to %d; use the program's newer version, or another prefix", string(s.prefix), version, s.knows)
}

// advance does what is left to do, while it has the lock.
func (s *store) advance(ctx context.Context, conn *sql.Conn, steps []string) (err error) {
	var locked sql.NullInt64
	if err := conn.QueryRowContext(ctx, lockSchema, string(s.prefix), migrationPatience).Scan(&locked); err != nil {
		return err
	}
	if locked.Int64 != 1 {
		return fmt.Errorf("somebody else has been making the tables %s* for %d s; try again when that is done", string(s.prefix), migrationPatience)
	}
	defer func() {
		var released sql.NullInt64 // a lock that is not released ends with the connection
		err = errors.Join(err, conn.QueryRowContext(ctx, unlockSchema, string(s.prefix)).Scan(&released))
	}()
	if err := s.check(ctx, conn); err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, s.prefix.in(createMeta)); err != nil {
		return err
	}
	version, err := s.version(ctx, conn)
	if err := errors.Join(err, s.supports(version)); err != nil {
		return err
	}
	for ; version < len(steps); version++ {
		if _, err := conn.ExecContext(ctx, s.prefix.in(steps[version])); err != nil {
			return fmt.Errorf("schema version %d: %w", version+1, err)
		}
		if _, err := conn.ExecContext(ctx, s.prefix.in("UPDATE @meta SET version = ?"), version+1); err != nil {
			return err
		}
	}
	return nil
}

// unsaid is the version of a schema that is just being made.
const unsaid = -1

// version returns the version of the schema, 0 if it has none.
func (s *store) version(ctx context.Context, conn *sql.Conn) (version int, err error) {
	if there, err := s.has(ctx, conn, "meta"); err != nil || !there {
		return 0, err
	}
	err = conn.QueryRowContext(ctx, s.prefix.in("SELECT version FROM @meta")).Scan(&version)
	if errors.Is(err, sql.ErrNoRows) {
		return unsaid, nil
	}
	return version, err
}

// has reports whether there is a table.
func (s *store) has(ctx context.Context, conn *sql.Conn, table string) (there bool, err error) {
	err = conn.QueryRowContext(ctx, findTable, string(s.prefix)+table).Scan(&there)
	return there, err
}

// check refuses a schema whose version was lost.
func (s *store) check(ctx context.Context, conn *sql.Conn) error {
	version, err := s.version(ctx, conn)
	if err != nil || version != unsaid {
		return err
	}
	there, err := s.has(ctx, conn, "job")
	if there && err == nil {
		err = fmt.Errorf("the table %smeta is empty; it is damaged, or that of another program", string(s.prefix))
	}
	return err
}
