package mysql

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/go-sql-driver/mysql"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/internal/opening"
	"github.com/carillon-go/carillon/triggers"
)

// Open returns an Opener of the store in the database that the DSN names, in
// tables that begin with [DefaultPrefix]. It stands for Config{DSN: dsn}.Open.
// APScheduler: SQLAlchemyJobStore.
func Open(dsn string) stores.Opener { return Config{DSN: dsn}.Open }

// Config is where a store is, and how it differs from what [Open] opens.
type Config struct {
	// DSN names the server, the user and the database, which has to exist:
	// "user:password@tcp(host:3306)/database", or "user@unix(/path)/database".
	// It may set options of the connection, such as ?tls=true; see the
	// documentation of github.com/go-sql-driver/mysql. What the store needs, it
	// sets itself; parseTime, loc and time_zone mean nothing to it.
	DSN string

	// Prefix is what the names of the tables begin with. Empty:
	// [DefaultPrefix]. Stores with different prefixes have nothing in common.
	Prefix string

	// History says how much is kept of what became of run times. A Count of 0
	// is [DefaultHistoryCount].
	History stores.Retention

	// Kinds are decoders of the user's own kinds of triggers. Without them the
	// scheduler decodes such a trigger at each claim.
	Kinds triggers.Kinds
}

const (
	// DefaultPrefix is the Prefix of a store whose Config does not say so.
	DefaultPrefix = "carillon_"

	// DefaultHistoryCount is how many records a store keeps whose Config does
	// not say so.
	DefaultHistoryCount = 100_000
)

const (
	dsnRemedy    = "give for instance user:password@tcp(host:3306)/database"
	prefixRemedy = "give up to 40 lower-case letters, digits and underscores"
)

var prefixes = regexp.MustCompile(`^[a-z_][a-z0-9_]{0,39}$`)

func (c Config) prefix() (prefix, error) {
	p := cmp.Or(c.Prefix, DefaultPrefix)
	if !prefixes.MatchString(p) {
		return "", &job.FieldError{Field: "Config.Prefix", Reason: fmt.Sprintf("is %q; %s", p, prefixRemedy)}
	}
	return prefix(p), nil
}

var charset = regexp.MustCompile(`[?&]charset=([^&]*)`)

// driver returns the configuration of the driver. Its errors do not show the
// password.
func (c Config) driver() (*mysql.Config, error) {
	refuse := func(reason string) error { return &job.FieldError{Field: "Config.DSN", Reason: reason} }
	d, err := mysql.ParseDSN(c.DSN)
	if err != nil {
		return nil, refuse(fmt.Sprintf("cannot be read: %v; %s", err, dsnRemedy))
	}
	if d.DBName == "" {
		return nil, refuse("names no database; " + dsnRemedy)
	}
	if set := charset.FindStringSubmatch(c.DSN); set != nil && set[1] != "utf8mb4" {
		return nil, refuse(fmt.Sprintf("has charset=%s; leave it out, since the store needs utf8mb4", set[1]))
	}
	if d.Collation != "" && !strings.HasPrefix(d.Collation, "utf8mb4_") {
		return nil, refuse(fmt.Sprintf("has collation=%s; leave it out, or give one of utf8mb4", d.Collation))
	}
	// Statements go in batches, with their arguments in them, and rows count
	// that were found, whether they were changed or not.
	d.MultiStatements, d.InterpolateParams, d.ClientFoundRows = true, true, true
	d.MaxAllowedPacket = 0 // the server's
	return d, nil
}

// Open is a [stores.Opener]. It makes the tables if they do not exist, and
// brings older ones up to date; it fails if the database cannot be reached, is
// too old, or has tables of a newer version of this package.
func (c Config) Open(ctx context.Context, env stores.Env) (stores.Store, error) {
	s, err := c.open(ctx, env, migrations)
	if err != nil {
		return nil, opening.About("open store", env.Alias, "", err, explain)
	}
	return s, nil
}
