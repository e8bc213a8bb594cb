package redis

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/triggers"
)

// Open returns an Opener of the store on the server that has this URL, for
// instance "redis://user:password@localhost:6379/0". It stands for
// Config{URL: url}.Open. APScheduler: RedisJobStore.
func Open(url string) stores.Opener { return Config{URL: url}.Open }

// Config is where a store is, and how it differs from what [Open] opens.
type Config struct {
	// URL names a server: "redis://user:password@host:port/database",
	// "rediss://…" with TLS, or "unix://user:password@/path?db=number". It may
	// set options of the connection, for instance ?read_timeout=1s; see
	// redis.ParseURL of go-redis.
	URL string

	// Client, in place of URL, is a client of the program's own: of a cluster,
	// of Sentinels, or with other options. The store does not close it.
	Client redis.UniversalClient

	// Prefix is what the keys begin with, between braces. Empty:
	// [DefaultPrefix]. Stores with different prefixes know nothing of each
	// other; schedulers that are to share a store give the same one.
	Prefix string

	// History says how much is kept of what became of run times. A Count of 0
	// is [DefaultHistoryCount].
	History stores.Retention

	// Kinds are decoders of the user's own kinds of triggers. Without them the
	// scheduler decodes such a trigger at each claim.
	Kinds triggers.Kinds
}

const (
	// DefaultPrefix is the Prefix of a Config that does not say so.
	DefaultPrefix = "carillon"

	// DefaultHistoryCount is how many records a store keeps whose Config does
	// not say so: some 10 MB of them.
	DefaultHistoryCount = 100_000

	defaultHistoryAge = 7 * 24 * time.Hour
)

func (c Config) validate() error {
	switch {
	case c.URL == "" && c.Client == nil:
		return errors.New("Config.URL is empty; give the server, such as redis://localhost:6379/0, or a Client")
	case c.URL != "" && c.Client != nil:
		return errors.New("Config.URL and Config.Client are both given; keep one of them")
	}
	return checkPrefix(c.Prefix)
}

func checkPrefix(prefix string) error {
	if strings.ContainsAny(prefix, "{}") {
		return fmt.Errorf("Config.Prefix is %q; leave out the braces, which are put around it", prefix)
	}
	return nil
}

// retention returns how much history is kept.
func (c Config) retention() stores.Retention {
	return stores.Retention{
		Age:   cmp.Or(c.History.Age, defaultHistoryAge),
		Count: cmp.Or(c.History.Count, DefaultHistoryCount),
	}
}

// connect returns the client, and whether it is the store's own.
func (c Config) connect() (client redis.UniversalClient, own bool, err error) {
	if c.Client != nil {
		return c.Client, false, nil
	}
	options, err := parse(c.URL)
	if err != nil {
		return nil, false, err
	}
	options.ClientName = cmp.Or(options.ClientName, "carillon")
	options.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	return redis.NewClient(options), true, nil
}

// parse reads a URL. Its errors do not show the password.
func parse(text string) (*redis.Options, error) {
	options, err := redis.ParseURL(text)
	if about, ok := errors.AsType[*url.Error](err); ok {
		err = about.Err
	}
	if err != nil {
		return nil, fmt.Errorf("Config.URL cannot be used: %w; write it like redis://user:password@host:6379/0", err)
	}
	return options, nil
}

// Open is a [stores.Opener]. It fails if the server cannot be reached or is too
// old, or if what is kept under the Prefix is not of this version of Carillon.
func (c Config) Open(ctx context.Context, env stores.Env) (stores.Store, error) {
	s, err := c.open(ctx, env)
	if err != nil {
		return nil, &job.Error{Op: "open store", Store: env.Alias, Err: err}
	}
	return s, nil
}
