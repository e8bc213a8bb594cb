package main

import (
	"os"
	"path/filepath"

	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/memory"
	"github.com/carillon-go/carillon/stores/postgres"
	"github.com/carillon-go/carillon/stores/redis"
	"github.com/carillon-go/carillon/stores/sqlite"
)

// storeKind is a kind of store that is measured.
type storeKind struct {
	name   string
	server string // the kind of server that it needs; "": none

	// open returns what opens one store, for as many schedulers as there are.
	// Place is an empty folder, or the server's empty database.
	open func(place string) stores.Opener
}

// storeKinds are measured as they are by default: with a history, and on the
// disk when an operation has returned.
var storeKinds = []storeKind{
	{"memory", "", func(string) stores.Opener { return memory.New().Open }},
	{"sqlite", "", func(folder string) stores.Opener { return sqlite.Open(filepath.Join(folder, "jobs.db")) }},
	{"redis", redisServer, redis.Open},
	{"postgres", postgresServer, postgres.Open},
}

// riverSubject is what the store in PostgreSQL has to stand beside.
const riverSubject = "river"

// serverOf returns the kind of server that a subject needs; "": none.
func serverOf(subject string) string {
	if subject == riverSubject {
		return postgresServer
	}
	kind, _ := kindOf(subject)
	return kind.server
}

func storeNames() (names []string) {
	for _, k := range storeKinds {
		names = append(names, k.name)
	}
	return names
}

func kindOf(store string) (storeKind, bool) {
	for _, k := range storeKinds {
		if k.name == store {
			return k, true
		}
	}
	return storeKind{}, false
}

// inPlace calls f with the place of a store: a folder of its own, or the
// database that the case was given.
func (k storeKind) inPlace(f func(place string) (Sample, error)) (Sample, error) {
	if k.server != "" {
		return f(os.Getenv(databaseVariable))
	}
	folder, err := os.MkdirTemp("", "peers-")
	if err != nil {
		return Sample{}, err
	}
	defer os.RemoveAll(folder)
	return f(folder)
}
