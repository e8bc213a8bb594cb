package carillon

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/carillon-go/carillon/actors"
	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/executors"
	"github.com/carillon-go/carillon/executors/pool"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/memory"
	"github.com/carillon-go/carillon/triggers"
)

// Config is what a [Scheduler] is made with. The zero value is a scheduler
// that keeps its jobs in memory and runs each in a goroutine of a pool.
type Config struct {
	// Name names the scheduler in stores that it shares with others and in
	// its log. It need not be unique. Empty: "carillon".
	Name string

	// Stores are the job stores by alias. A scheduler without a "default" one
	// makes itself a memory store when it is started.
	Stores Stores

	// Executors are the executors by alias. A scheduler without a "default" one
	// makes itself a pool without a limit when it is started.
	Executors Executors

	// Tasks are the tasks that this scheduler can run; see [NewTasks].
	Tasks Tasks

	// Triggers are kinds of triggers beside those of package triggers, for
	// stores that keep jobs as text.
	Triggers triggers.Kinds

	// JobDefaults are the settings of jobs that leave them open.
	// APScheduler: job_defaults.
	JobDefaults JobDefaults

	// Location is the time zone of triggers that have none. Nil: the local
	// one. APScheduler: timezone.
	Location *time.Location

	// StoreRetryInterval is how long a store that has failed is left alone.
	// Zero: 10 s. APScheduler: jobstore_retry_interval.
	StoreRetryInterval time.Duration

	// Lease is how long the scheduler may be out of reach of a store before
	// other schedulers that share the store take its unfinished runs for lost,
	// or take them over ([AtLeastOnce]); and, divided by three, how often it
	// sends a heartbeat and looks for work that others have left. A shutdown
	// that has not given up on a run leaves no lease behind. Zero: 15 s for
	// stores that outlive the process; a store in memory is not shared.
	// Negative ([SoleOwner]): no store is shared, and those of a scheduler that
	// has crashed are taken over at once when the next one starts.
	Lease time.Duration

	// ShutdownTimeout is how long [Scheduler.Run] waits for running jobs
	// once its context has ended. Zero: 30 s. Negative: it does not wait.
	ShutdownTimeout time.Duration

	// BaseContext has values for the contexts of runs, such as a logger or a
	// tracer. Only its values count: runs go on when it ends, and are ended by
	// [Scheduler.Shutdown]. Nil: there are none.
	BaseContext context.Context

	// Clock is where the scheduler takes the time from; it has to show one that is
	// after the zero time. Nil: the machine's.
	Clock clock.Clock

	// Logger is where it logs to: runs that fail (as errors, a panic with its
	// stack) or are missed (as warnings), and what goes wrong in the scheduler
	// itself. What its handler panics at is not logged, and does no other harm. Nil:
	// [slog.Default].
	Logger *slog.Logger
}

// Stores are stores by alias, each as what opens it.
type Stores map[string]stores.Opener

// Executors are executors by alias, each as what opens it.
type Executors map[string]executors.Opener

// SoleOwner is the [Config].Lease of a scheduler that shares its stores with
// no other. It refuses to start ([ErrShared]) while another scheduler's lease on
// one of its stores lasts; the error says whose, and for how long. The start can
// be tried again then.
const SoleOwner time.Duration = -1

const (
	defaultName            = "carillon"
	defaultRetryInterval   = 10 * time.Second
	defaultShutdownTimeout = 30 * time.Second
	shortestLease          = 100 * time.Millisecond
	maxName                = 255 // bytes, which every store has room for
	maxAlias               = 1024
)

// validate reports everything in the configuration that cannot be accepted.
func (c *Config) validate() error {
	faults := []error{c.JobDefaults.Validate()}
	faults = append(faults, c.Tasks.Validate()...)
	faults = append(faults, c.Triggers.Validate()...)
	faults = append(faults, validMembers("store", c.Stores, func(o stores.Opener) bool { return o == nil })...)
	faults = append(faults, validMembers("executor", c.Executors, func(o executors.Opener) bool { return o == nil })...)
	if !isText(c.Name, maxName) {
		faults = append(faults, &FieldError{Field: "Config.Name", Reason: fmt.Sprintf("is %.50q; give text in UTF-8 without zero bytes, of at most %d bytes", c.Name, maxName)})
	}
	if c.Clock != nil && !c.Clock.Now().After(time.Time{}) {
		faults = append(faults, &FieldError{Field: "Config.Clock", Reason: fmt.Sprintf("shows %s, which stands for no time at all; set it to a later one", c.Clock.Now().Format(time.RFC3339))})
	}
	if c.StoreRetryInterval < 0 {
		faults = append(faults, &FieldError{Field: "Config.StoreRetryInterval", Reason: fmt.Sprintf("is %v; give a positive duration", c.StoreRetryInterval)})
	}
	if c.Lease > 0 && c.Lease < shortestLease {
		faults = append(faults, &FieldError{Field: "Config.Lease", Reason: fmt.Sprintf("is %v; give at least %v, or carillon.SoleOwner", c.Lease, shortestLease)})
	}
	return errors.Join(faults...)
}

func validMembers[O any](kind string, members map[string]O, missing func(O) bool) []error {
	var faults []error
	for _, alias := range slices.Sorted(maps.Keys(members)) {
		faults = append(faults, validMember(kind, alias, !missing(members[alias])))
	}
	return faults
}

// isText reports whether every store can keep a text, of at most so many bytes.
func isText(text string, most int) bool {
	return len(text) <= most && utf8.ValidString(text) && !strings.ContainsRune(text, 0)
}

// instances are openers of each kind.
var instances = map[string]string{"store": `sqlite.Open("jobs.db")`, "executor": "pool.Open(pool.Config{})"}

func validMember(kind, alias string, given bool) error {
	switch {
	case alias == "":
		return &FieldError{Field: kind + " alias", Reason: `is empty; the one that jobs use by default is "default"`}
	case !isText(alias, maxAlias):
		return &FieldError{Field: kind + " alias", Reason: fmt.Sprintf("is %.50q; give text in UTF-8 without zero bytes, of at most %d bytes", alias, maxAlias)}
	case !given:
		return &FieldError{Field: fmt.Sprintf("%s %q", kind, alias), Reason: "is nil; give an opener, for instance " + instances[kind]}
	}
	return nil
}

func (c *Config) settings() messages.Settings { return messages.Settings{Defaults: c.JobDefaults} }

// forActors returns the configuration with everything set.
func (c *Config) forActors() actors.Config {
	return actors.Config{
		Name:            or(c.Name, defaultName),
		Clock:           or(c.Clock, clock.Real()),
		Logger:          slog.New(fenced{or(c.Logger, slog.Default()).Handler()}),
		Location:        or(c.Location, time.Local),
		Settings:        c.settings(),
		Tasks:           c.Tasks,
		Triggers:        c.Triggers,
		Stores:          members(c.Stores),
		Executors:       c.executors(),
		DefaultStore:    memory.Open(),
		DefaultExecutor: logging(pool.Open(pool.Config{})),
		BaseContext:     or(c.BaseContext, context.Background()),
		Lease:           c.Lease,
		RetryInterval:   or(c.StoreRetryInterval, defaultRetryInterval),
		NewID:           newID,
	}
}

func or[T comparable](value, otherwise T) T {
	var zero T
	if value == zero {
		return otherwise
	}
	return value
}

// executors returns the executors, whose failures are logged.
func (c *Config) executors() []actors.Member[executors.Opener] {
	list := members(c.Executors)
	for i := range list {
		list[i].Open = logging(list[i].Open)
	}
	return list
}

func members[O any](byAlias map[string]O) []actors.Member[O] {
	list := make([]actors.Member[O], 0, len(byAlias))
	for _, alias := range slices.Sorted(maps.Keys(byAlias)) {
		list = append(list, actors.Member[O]{Alias: alias, Open: byAlias[alias]})
	}
	return list
}
