package postgres

import (
	"context"

	"github.com/carillon-go/carillon/stores"
)

// OpenAfter opens a store as a later version of the package would, which has
// these steps besides.
func (c Config) OpenAfter(ctx context.Context, steps ...string) (stores.Store, error) {
	return c.open(ctx, stores.Env{Alias: "jobs"}, append(append([]string{}, migrations...), steps...))
}
