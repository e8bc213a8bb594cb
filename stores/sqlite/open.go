package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	_ "modernc.org/sqlite" // the driver

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

// tuning lets a connection use up to 32 MB of memory, so that a claim of
// hundreds of jobs finds and keeps their pages there, and the WAL grow to as
// much before it is copied.
const tuning = "PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 8000; PRAGMA temp_store = MEMORY"

// patience is how many milliseconds an operation waits for another process that
// is writing.
const patience = 10_000

// open opens the file and brings it to the last of the schemas.
func (c Config) open(ctx context.Context, env stores.Env, schemas []string) (*store, error) {
	if err := errors.Join(ctx.Err(), c.validate()); err != nil {
		return nil, err
	}
	path, err := filepath.Abs(c.Path)
	if err != nil {
		return nil, err
	}
	if err := look(path); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", address(path))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	db.SetMaxOpenConns(2)
	conn, err := connect(ctx, db)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), db.Close())
	}
	s := &store{
		alias: env.Alias, clock: env.Clock, log: env.Logger, path: path, knows: len(schemas), db: db, connection: conn,
		cache: rows.NewCache(c.Kinds), keep: rows.Keep(c.History, DefaultHistoryCount), unpruned: pruneEvery,
	}
	if s.clock == nil {
		s.clock = clock.Real()
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.lease = newLeaseClock(s.clock)
	if err := s.setUp(ctx, c.Synchronous, schemas); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), s.Close())
	}
	return s, nil
}

// look gives better reasons than SQLite does.
func look(path string) error {
	switch info, err := os.Stat(path); {
	case err == nil && info.IsDir():
		return fmt.Errorf("%s is a directory; give a file in it, for instance %s", path, filepath.Join(path, "jobs.db"))
	case err != nil && !errors.Is(err, os.ErrNotExist):
		return err
	case err == nil:
		return nil
	}
	dir := filepath.Dir(path)
	switch info, err := os.Stat(dir); {
	case errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("directory %s does not exist; make it, or give another path", dir)
	case err == nil && !info.IsDir():
		return fmt.Errorf("%s is not a directory; give another path", dir)
	default:
		return err
	}
}

// address is the path as a URI, since a plain one would end at a question mark.
func address(path string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}

// setUp makes the connections ready, and the file if it is new.
func (s *store) setUp(ctx context.Context, sync Synchronous, schemas []string) error {
	if err := s.exec(fmt.Sprintf("PRAGMA busy_timeout = %d", patience)); err != nil {
		return err
	}
	if err := s.identify(); err != nil {
		return err
	}
	if err := s.useWAL(); err != nil {
		return err
	}
	level := map[Synchronous]string{Full: "FULL", Normal: "NORMAL"}[sync]
	if err := s.exec("PRAGMA synchronous = " + level + ";" + tuning); err != nil {
		return err
	}
	if err := s.migrate(ctx, schemas); err != nil {
		return err
	}
	return s.reader.open(ctx, s.db)
}

// useWAL sets the journal mode. For that SQLite does not wait for those who open
// a new file at the same time, so we do.
func (s *store) useWAL() error {
	const tries = 100
	var mode string
	err := s.row("PRAGMA journal_mode = WAL", nil, &mode)
	for n := 0; isBusy(err) && n < tries; n++ {
		if err := s.exec("BEGIN EXCLUSIVE; ROLLBACK"); err != nil {
			return explain(err)
		}
		err = s.row("PRAGMA journal_mode = WAL", nil, &mode)
	}
	if err == nil && mode != "wal" {
		err = fmt.Errorf("the journal mode is %q and cannot be set to WAL; keep the file on a local disk", mode)
	}
	return explain(err)
}

// identify refuses files that are not ours.
func (s *store) identify() error {
	id, version, tables, err := s.header()
	switch {
	case err != nil:
		return explain(err)
	case id == 0 && tables == 0 && version == 0: // a new file
		return nil
	case id != applicationID:
		return fmt.Errorf("it is the database of another program (application_id %#x); give a file that does not exist yet", id)
	}
	return s.supports(version)
}

// supports refuses a version that is too new.
func (s *store) supports(version int) error {
	if version <= s.knows {
		return nil
	}
	return fmt.Errorf("it has schema version %d and this program knows versions up to %d; use the program's newer version, or another file", version, s.knows)
}

// header reads what tells whose file it is, as it is at one moment.
func (s *store) header() (id, version, tables int, err error) {
	if err := s.exec("BEGIN"); err != nil {
		return 0, 0, 0, err
	}
	err = errors.Join(
		s.row("PRAGMA application_id", nil, &id),
		s.row("PRAGMA user_version", nil, &version),
		s.row("SELECT count(*) FROM sqlite_schema", nil, &tables),
		s.exec("COMMIT"),
	)
	return id, version, tables, err
}
