package testserver

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// Option asks for more than an ordinary server.
type Option string

const (
	// Durable asks for a server that waits for the disk as in production:
	// for measurements.
	Durable Option = "durable"

	// Own asks for a server that no other test uses. It ends with the test.
	Own Option = "own"
)

// Database is an empty database for one test, and the server that it is on.
type Database struct {
	DSN     string // what a driver is to be told
	Address string // host:port of the server; it stays the same when it is started again
	at      string
	t       testing.TB
	server  *server
}

// database makes a database for t on a server of this kind.
func database(t testing.TB, k *kind, options []Option) *Database {
	t.Helper()
	s, err := serverFor(k, options)
	if err != nil {
		unavailable(t, k, err)
	}
	at, drop, err := s.create(s, s.count())
	if err != nil {
		t.Fatalf("testserver: no database in %s: %v", k.name, err)
	}
	d := &Database{Address: s.address(), at: at, t: t, server: s}
	d.DSN = d.DSNAt(d.Address)
	t.Cleanup(func() {
		if slices.Contains(options, Own) {
			d.check("removed", s.remove())
			return
		}
		d.Start() // for the next one
		d.check("cleaned", drop())
	})
	return d
}

// serverFor returns a running server.
func serverFor(k *kind, options []Option) (*server, error) {
	servers.mu.Lock()
	defer servers.mu.Unlock()
	durable, own := slices.Contains(options, Durable), slices.Contains(options, Own)
	key := fmt.Sprint(k.name, durable)
	if s := servers.shared[key]; s != nil && !own {
		return s, s.start()
	}
	paths, err := k.find()
	if err != nil {
		return nil, err
	}
	s, err := newServer(k, paths, durable)
	if err != nil {
		return nil, err
	}
	if !own {
		if servers.shared == nil {
			servers.shared = map[string]*server{}
		}
		servers.shared[key] = s
	}
	return s, nil
}

// DSNAt returns the DSN with another address: that of a [Proxy].
func (d *Database) DSNAt(address string) string {
	return strings.ReplaceAll(d.at, "ADDRESS", address)
}

// Stop asks the server to stop, and waits until it has. Every database on it is
// out of reach until [Database.Start], which the end of the test sees to.
func (d *Database) Stop() { d.t.Helper(); d.check("stopped", d.server.end(d.server.quit)) }

// Kill ends the server as a crash does.
func (d *Database) Kill() { d.t.Helper(); d.check("killed", d.server.end(os.Kill)) }

// Start starts the server again, with what it had, and waits until it is ready.
// If it runs it does nothing.
func (d *Database) Start() { d.t.Helper(); d.check("started", d.server.start()) }

func (d *Database) check(what string, err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatalf("testserver: %s cannot be %s: %v", d.server.name, what, err)
	}
}
