package sqlite

import (
	"context"
	"errors"

	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/internal/opening"
	"github.com/carillon-go/carillon/triggers"
)

// Open returns an Opener of the store in this file, which is made if it does
// not exist; its directory has to. It stands for Config{Path: path}.Open.
// APScheduler: SQLAlchemyJobStore.
func Open(path string) stores.Opener { return Config{Path: path}.Open }

// Config is where a store is, and how it differs from what [Open] opens.
type Config struct {
	// Path is the file. Beside it there are two more while it is open, with
	// "-wal" and "-shm" at the end of their names. A relative path is of the
	// working directory at the time of opening.
	Path string

	// History says how much is kept of what became of run times. A Count of 0
	// is [DefaultHistoryCount].
	History stores.Retention

	// Synchronous says what a loss of power may undo.
	Synchronous Synchronous

	// Kinds are decoders of the user's own kinds of triggers. Without them the
	// scheduler decodes such a trigger at each claim.
	Kinds triggers.Kinds
}

// DefaultHistoryCount is how many records a store keeps whose Config does not
// say so.
const DefaultHistoryCount = 100_000

// Synchronous says what a loss of power, or a crash of the operating system,
// may undo. The end of a process alone never undoes anything.
type Synchronous uint8

const (
	// Full: nothing that has returned. Each operation that writes waits for
	// the disk once.
	Full Synchronous = iota

	// Normal: the last operations, all or some, but none in part. So a run that
	// was executed may be handed out again.
	Normal
)

func (c Config) validate() error {
	switch {
	case c.Path == "":
		return errors.New("Config.Path is empty; give the file to keep the jobs in")
	case c.Path == ":memory:":
		return errors.New(`Config.Path is ":memory:"; give a file, or use package memory for jobs that need not survive`)
	case c.Synchronous > Normal:
		return errors.New("Config.Synchronous is neither Full nor Normal")
	}
	return nil
}

// Open is a [stores.Opener]. It fails if the file cannot be written to, is no
// database, is that of another program or of a newer version of this one.
func (c Config) Open(ctx context.Context, env stores.Env) (stores.Store, error) {
	s, err := c.open(ctx, env, schemas)
	if err != nil {
		return nil, opening.About("open store", env.Alias, "", err, explain)
	}
	return s, nil
}
