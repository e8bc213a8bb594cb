package memory

import (
	"context"

	"github.com/carillon-go/carillon/stores"
)

// Config is how a Store differs from what [Open] and [New] make, which is a
// Store with the zero Config.
type Config struct {
	// History says how much is kept of what became of run times. Both
	// bounds are exact; a Count of 0 is [DefaultHistoryCount]. A record takes
	// 208 bytes, and the texts of errors.
	History stores.Retention
}

// New returns an empty Store.
func (c Config) New() *Store { return &Store{jobs: newTable(), history: newHistory(c.History)} }

// Open is a [stores.Opener] of which every opening begins empty, and is gone
// with its Close:
//
//	memory.Config{History: stores.Retention{Count: 100_000}}.Open
func (c Config) Open(ctx context.Context, env stores.Env) (stores.Store, error) {
	s, err := c.New().open(ctx, env)
	if err != nil {
		return nil, err
	}
	return fleeting{s}, nil
}
