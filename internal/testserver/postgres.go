package testserver

import (
	"fmt"
	"syscall"
	"testing"
)

// Postgres returns an empty PostgreSQL database. Its owner is a superuser.
func Postgres(t testing.TB, options ...Option) *Database {
	t.Helper()
	return database(t, &postgres, options)
}

var postgres = kind{
	name:     "PostgreSQL",
	programs: []string{"postgres", "initdb", "createdb", "dropdb"},
	packages: []string{"postgresql"},
	users:    []string{"postgres", "nobody"},
	ready:    "database system is ready to accept connections",
	quit:     syscall.SIGINT,
	orphaned: syscall.SIGQUIT, // it takes its children with it
	setUp: func(s *server) error {
		return s.run("initdb", "-D", s.file("data"), "-U", "carillon", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
	},
	arguments: func(s *server) []string {
		list := []string{"-D", s.file("data"), "-p", s.port, "-k", s.folder, "-h", "127.0.0.1", "-N", "300"}
		for _, setting := range []string{"shared_buffers=256MB", "max_wal_size=4GB", "lc_messages=C"} {
			list = append(list, "-c", setting)
		}
		if !s.durable {
			list = append(list, "-c", "fsync=off", "-c", "full_page_writes=off")
		}
		return list
	},
	create: func(s *server, n int) (dsn string, drop func() error, err error) {
		name := fmt.Sprintf("test%d", n)
		at := []string{"-h", s.folder, "-p", s.port, "-U", "carillon"}
		return fmt.Sprintf("postgres://carillon@ADDRESS/%s?sslmode=disable", name),
			func() error { return s.run("dropdb", append(at, "--force", name)...) },
			s.run("createdb", append(at, name)...)
	},
}
