package main

import (
	"path/filepath"
	"testing"

	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/storetest"
)

// The suite skips what does not concern a store with these abilities. Durable
// would claim that unfinished runs outlive Close as well.
func TestContract(t *testing.T) {
	storetest.Run(t, storetest.Harness{
		Open: func(t testing.TB) stores.Opener {
			return openFile(filepath.Join(t.TempDir(), "jobs.json"))
		},
	})
}
