package torture

import (
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/mysql"
	"github.com/carillon-go/carillon/stores/postgres"
	"github.com/carillon-go/carillon/stores/redis"
	"github.com/carillon-go/carillon/stores/sqlite"
)

// Place is where a store is: an engine's name, and what the engine is to be told.
type Place struct{ Engine, DSN string }

// keepAll has a store keep the history that the audit reads.
var keepAll = stores.Retention{Count: 10_000_000}

// engines open stores. No kinds of triggers are given to them: the scheduler
// knows its own.
var engines = map[string]func(dsn string) stores.Opener{
	"sqlite":   func(dsn string) stores.Opener { return sqlite.Config{Path: dsn, History: keepAll}.Open },
	"postgres": func(dsn string) stores.Opener { return postgres.Config{DSN: dsn, History: keepAll}.Open },
	"redis":    func(dsn string) stores.Opener { return redis.Config{URL: dsn, History: keepAll}.Open },
	"mysql":    func(dsn string) stores.Opener { return mysql.Config{DSN: dsn, History: keepAll}.Open },
}

func (p Place) open() stores.Opener { return engines[p.Engine](p.DSN) }
