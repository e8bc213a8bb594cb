package main

import (
	"fmt"
	"testing"

	"github.com/carillon-go/carillon/internal/testserver"
)

// The kinds of servers that cases may need.
const (
	redisServer    = "redis"
	postgresServer = "postgres"
)

// databaseVariable is the environment variable in which a case finds the DSN of
// an empty database of its own.
const databaseVariable = "PEERS_DATABASE"

// databases makes databases for cases, on servers that are started when they
// are needed first, and end with this process. They wait for the disk, as in
// production.
type databases map[string]error // why a kind of server cannot be had; nil: it can

// create returns the DSN of an empty database, and what removes it. A server
// that cannot be had is an error.
func (d databases) create(kind string) (dsn string, remove func(), err error) {
	if err, tried := d[kind]; tried && err != nil {
		return "", nil, err
	}
	h := new(host)
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("no %s server: %v", kind, r)
			h.clean()
		}
		d[kind] = err
	}()
	switch kind {
	case redisServer:
		dsn = testserver.Redis(h, testserver.Durable).DSN
	case postgresServer:
		dsn = testserver.Postgres(h, testserver.Durable).DSN
	default:
		panic("it is not known how to start one")
	}
	return dsn, h.clean, nil
}

// host stands for the test that package testserver wants: what it calls Fatal
// or Skip panics.
type host struct {
	testing.TB
	cleanups []func()
}

func (h *host) Helper()                         {}
func (h *host) Name() string                    { return "peers" }
func (h *host) Cleanup(f func())                { h.cleanups = append(h.cleanups, f) }
func (h *host) Fatal(args ...any)               { panic(fmt.Sprint(args...)) }
func (h *host) Fatalf(form string, args ...any) { panic(fmt.Sprintf(form, args...)) }
func (h *host) Skip(args ...any)                { panic(fmt.Sprint(args...)) }
func (h *host) Error(args ...any)               { panic(fmt.Sprint(args...)) }
func (h *host) Errorf(form string, args ...any) { panic(fmt.Sprintf(form, args...)) }

func (h *host) clean() {
	for i := len(h.cleanups) - 1; i >= 0; i-- {
		h.cleanups[i]()
	}
	h.cleanups = nil
}
