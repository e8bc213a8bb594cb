package testserver

import (
	"fmt"
	"syscall"
	"testing"
)

// Redis returns an empty Redis database. What is not in a database, channels
// for instance, is shared with other tests unless the server is [Own].
func Redis(t testing.TB, options ...Option) *Database {
	t.Helper()
	return database(t, &redis, options)
}

const redisDatabases = 10_000

var redis = kind{
	name:     "Redis",
	programs: []string{"redis-server|valkey-server"},
	packages: []string{"redis-server"},
	users:    []string{"redis", "nobody"},
	ready:    "Ready to accept connections",
	quit:     syscall.SIGTERM,
	orphaned: syscall.SIGKILL,
	arguments: func(s *server) []string {
		sync := "no"
		if s.durable {
			sync = "always"
		}
		return []string{"--port", s.port, "--bind", "127.0.0.1", "--dir", s.folder, "--save", "",
			"--databases", fmt.Sprint(redisDatabases), "--appendonly", "yes", "--appendfsync", sync}
	},
	create: func(s *server, n int) (dsn string, drop func() error, err error) {
		if n >= redisDatabases {
			return "", nil, fmt.Errorf("there are no more than %d", redisDatabases)
		}
		return fmt.Sprintf("redis://ADDRESS/%d", n), func() error { return nil }, nil
	},
}
