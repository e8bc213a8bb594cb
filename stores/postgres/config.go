package postgres

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"regexp"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/internal/opening"
	"github.com/carillon-go/carillon/triggers"
)

// Open returns an Opener of the store in the database that the connection
// string names, in the schema [DefaultSchema]. It stands for
// Config{DSN: dsn}.Open. APScheduler: SQLAlchemyJobStore.
func Open(dsn string) stores.Opener { return Config{DSN: dsn}.Open }

// Config is where a store is, and how it differs from what [Open] opens.
type Config struct {
	// DSN is a URL such as "postgres://user:password@host:5432/database", or
	// words such as "host=/run/postgresql dbname=jobs". What it leaves open is
	// taken from the environment (PGHOST, PGUSER, PGPASSWORD and so on). Its
	// pool_max_conns is how many connections are opened at the most; by default
	// 4, of which a scheduler mostly uses one.
	DSN string

	// Schema is the database schema that the tables are in. Empty:
	// [DefaultSchema]. Stores with different schemas have nothing in common.
	Schema string

	// Pooled says that there is a pooler such as PgBouncer between, which may
	// give each transaction another connection. The store then prepares
	// nothing, and does not Watch: it is polled.
	Pooled bool

	// History says how much is kept of what became of run times. A Count of 0
	// is [DefaultHistoryCount].
	History stores.Retention

	// Kinds are decoders of the user's own kinds of triggers. Without them the
	// scheduler decodes such a trigger at each claim.
	Kinds triggers.Kinds
}

const (
	// DefaultSchema is the schema of a store whose Config does not say so.
	DefaultSchema = "carillon"

	// DefaultHistoryCount is how many records a store keeps whose Config does
	// not say so.
	DefaultHistoryCount = 100_000

	defaultConns = 4
)

var schemaName = regexp.MustCompile(`^[a-z_][a-z0-9_]{0,49}$`)

func (c Config) schema() (schema, error) {
	name := cmp.Or(c.Schema, DefaultSchema)
	if !schemaName.MatchString(name) {
		return "", &job.FieldError{Field: "Config.Schema", Reason: fmt.Sprintf("is %q; give up to 50 lower-case letters, digits and underscores", name)}
	}
	return schema(name), nil
}

// pool returns the configuration of the pool of connections.
func (c Config) pool() (*pgxpool.Config, error) {
	pool, err := pgxpool.ParseConfig(c.DSN)
	if err != nil {
		return nil, &job.FieldError{Field: "Config.DSN", Reason: fmt.Sprintf("cannot be read: %v; give for instance postgres://user@host:5432/database", err)}
	}
	if !poolSize.MatchString(c.DSN) {
		pool.MaxConns = defaultConns
	}
	pool.AfterConnect = func(_ context.Context, conn *pgx.Conn) error {
		useColumns(conn.TypeMap())
		return nil
	}
	if c.Pooled {
		pool.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeCacheDescribe
		return pool, nil
	}
	pool.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeCacheStatement
	params := maps.Clone(unlessGiven)
	maps.Copy(params, pool.ConnConfig.RuntimeParams)
	maps.Copy(params, session)
	pool.ConnConfig.RuntimeParams = params
	return pool, nil
}

var poolSize = regexp.MustCompile(`\bpool_max_conns=`)

// session are settings of our connections, or transactions. Every statement
// finds its rows by an index, and is planned once; statistics of tables that
// grow and shrink as quickly as these would tempt the planner to scan them. And
// a scheduler that hangs must not keep what it has locked.
//
// The planner may still go through a table that it takes for small, and through
// the whole list that was given for each of its rows. It does not where they
// are compared by = ANY (ARRAY[x]) instead of = x: that finds rows by an index,
// but is no reason to read the table in the order of the index, which is the
// way that is left to it.
var session = map[string]string{
	"plan_cache_mode":                     "force_generic_plan",
	"enable_seqscan":                      "off",
	"enable_bitmapscan":                   "off",
	"enable_sort":                         "off",
	"enable_hashjoin":                     "off",
	"enable_mergejoin":                    "off",
	"jit":                                 "off",
	"idle_in_transaction_session_timeout": "15s",
	"default_transaction_isolation":       "read committed",
}

// unlessGiven are settings that the DSN may give otherwise.
var unlessGiven = map[string]string{
	"application_name": "carillon",
	"lock_timeout":     lockPatience,
}

// lockPatience is how long an operation waits for what a program's transaction has
// locked by PutTx, and all others of the scheduler for the operation.
const lockPatience = "15s"

// Open is a [stores.Opener]. It makes the schema if it does not exist, and
// brings an older one up to date; it fails if the database cannot be reached,
// or has a schema of a newer version of this package.
func (c Config) Open(ctx context.Context, env stores.Env) (stores.Store, error) {
	s, err := c.open(ctx, env, migrations)
	if err != nil {
		return nil, opening.About("open store", env.Alias, "", err, explain)
	}
	return s, nil
}
