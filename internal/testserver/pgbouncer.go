package testserver

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
)

// PgBouncer returns the same PostgreSQL database behind a pooler of its own,
// which gives each transaction another connection.
func PgBouncer(t testing.TB, db *Database) *Database {
	t.Helper()
	return database(t, pgBouncer(db), []Option{Own})
}

const pgBouncerSettings = `[databases]
* = host=127.0.0.1 port=%s user=carillon
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = %s
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 4
server_round_robin = 1
`

func pgBouncer(db *Database) *kind {
	return &kind{
		name:     "PgBouncer",
		programs: []string{"pgbouncer"},
		packages: []string{"pgbouncer"},
		users:    []string{"postgres", "nobody"},
		ready:    "process up",
		quit:     syscall.SIGINT,
		orphaned: syscall.SIGKILL,
		arguments: func(s *server) []string {
			settings := fmt.Sprintf(pgBouncerSettings, db.server.port, s.port)
			if err := os.WriteFile(s.file("settings"), []byte(settings), 0o644); err != nil {
				return []string{err.Error()} // which it refuses, and quotes
			}
			return []string{s.file("settings")}
		},
		create: func(*server, int) (dsn string, drop func() error, err error) {
			return strings.ReplaceAll(db.at, "127.0.0.1:"+db.server.port, "ADDRESS"), func() error { return nil }, nil
		},
	}
}
