package testserver

import (
	"fmt"
	"os"
	"syscall"
	"testing"
)

// MariaDB returns an empty MariaDB database, whose user may do everything.
func MariaDB(t testing.TB, options ...Option) *Database {
	t.Helper()
	return database(t, &mariadb, options)
}

const mariadbUser = "CREATE USER IF NOT EXISTS carillon@'127.0.0.1', carillon@localhost;\n" +
	"GRANT ALL ON *.* TO carillon@'127.0.0.1', carillon@localhost;\n"

var mariadb = kind{
	name:     "MariaDB",
	programs: []string{"mariadbd|mysqld", "mariadb-install-db", "mariadb|mysql"},
	packages: []string{"mariadb-server"},
	users:    []string{"mysql", "nobody"},
	ready:    "ready for connections",
	quit:     syscall.SIGTERM,
	orphaned: syscall.SIGKILL,
	// A server that starts removes what others have left in its tmpdir: each has
	// one of its own.
	setUp: func(s *server) error {
		if err := os.WriteFile(s.file("user.sql"), []byte(mariadbUser), 0o644); err != nil {
			return err
		}
		return s.run("mariadb-install-db", "--no-defaults", "--datadir="+s.file("data"), "--tmpdir="+s.folder, "--skip-test-db",
			"--auth-root-authentication-method=normal")
	},
	arguments: func(s *server) []string {
		flush := "2"
		if s.durable {
			flush = "1"
		}
		return []string{"--no-defaults", "--datadir=" + s.file("data"), "--tmpdir=" + s.folder, "--port=" + s.port, "--bind-address=127.0.0.1",
			"--socket=" + s.file("socket"), "--pid-file=" + s.file("pid"), "--init-file=" + s.file("user.sql"),
			"--skip-name-resolve", "--max-connections=300", "--innodb-flush-log-at-trx-commit=" + flush}
	},
	create: func(s *server, n int) (dsn string, drop func() error, err error) {
		name := fmt.Sprintf("test%d", n)
		query := func(text string) error {
			return s.run("mariadb|mysql", "--no-defaults", "--socket="+s.file("socket"), "--user=carillon", "--execute="+text)
		}
		return fmt.Sprintf("carillon@tcp(ADDRESS)/%s", name),
			func() error { return query("DROP DATABASE " + name) },
			query("CREATE DATABASE " + name + " CHARACTER SET utf8mb4")
	},
}
