package mysql

import (
	"context"

	"github.com/carillon-go/carillon/stores"
)

// OpenAfter opens a store as a later version of the package would, which has
// these steps besides.
func (c Config) OpenAfter(ctx context.Context, steps ...string) (stores.Store, error) {
	return c.open(ctx, stores.Env{Alias: "jobs"}, append(append([]string{}, migrations...), steps...))
}

var CheckVersion = checkVersion

// Isolation returns the isolation level of a store's transactions.
func Isolation(ctx context.Context, s stores.Store) (level string, err error) {
	var name string
	err = s.(*store).db.QueryRowContext(ctx,
		"SHOW SESSION VARIABLES WHERE Variable_name IN ('tx_isolation', 'transaction_isolation')").Scan(&name, &level)
	return level, err
}
