package memory

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// Open returns an Opener of which every opening begins empty, and is gone with
// its Close. It is what a scheduler uses by default, and is [Config.Open] of the
// zero Config. APScheduler: MemoryJobStore.
func Open() stores.Opener { return Config{}.Open }

// Store is what lies behind the stores that its method Open opens: it outlives
// them, and several schedulers may share it. Use it to play through restarts,
// crashes and replicas without a database. It is safe for concurrent use.
type Store struct {
	mu       sync.Mutex  // guards everything below
	clock    clock.Clock // that of the first Open
	measure  func(now time.Time) time.Duration
	sessions []*session
	leases   leases
	jobs     table
	runs     ring
	orphans  []int64 // runs that nobody holds, and some that have ended since
	history  history

	// When the operation at hand began, by the wall clock and by elapsed time.
	now     time.Time
	elapsed time.Duration

	warmth byte // means nothing: what is read has to be used

	// Lent to every Plan in turn.
	job  job.Job
	step stores.Step
}

// New returns an empty Store. It is [Config.New] of the zero Config.
func New() *Store { return Config{}.New() }

// Open is a [stores.Opener]. The clock of the first call measures leases and
// dates records for all; nil is the real clock.
func (m *Store) Open(ctx context.Context, env stores.Env) (stores.Store, error) {
	s, err := m.open(ctx, env)
	if err != nil {
		return nil, err
	}
	return s, nil
}

func (m *Store) open(ctx context.Context, env stores.Env) (*session, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if env.Clock == nil {
		env.Clock = clock.Real()
	}
	if m.clock == nil {
		m.clock, m.measure = env.Clock, stopwatch(env.Clock)
	}
	s := &session{Store: m, alias: env.Alias}
	m.sessions = append(m.sessions, s)
	return s, nil
}

// session is the Store as one scheduler has opened it.
type session struct {
	*Store
	alias  string
	closed bool

	known  *stores.Known // of the last claim
	judged bool          // there has been one
	seen   int           // spots of the lot this session has looked at

	told map[*record]string // why jobs are parked that were told of since they were put

	watching context.Context // nil: not watching
	changed  func()
}

// fleeting is the only session of a Store, which nobody else knows.
type fleeting struct{ *session }

// Fleeting says that the Store is gone when it is closed.
func (fleeting) Fleeting() {}

var (
	_ stores.Transient = (*session)(nil)
	_ stores.Prompt    = (*session)(nil)
	_ stores.Resigner  = (*session)(nil)
	_ stores.Transient = fleeting{}
	_ stores.Prompt    = fleeting{}
	_ stores.Fleeting  = fleeting{}
	_ stores.Resigner  = fleeting{}
)

// Transient says that jobs may be Go functions.
func (s *session) Transient() {}

// Prompt says that no method waits for anything but memory.
func (s *session) Prompt() {}

var errClosed = errors.New("store has been closed")

// lock begins an operation.
func (s *session) lock(ctx context.Context, op string) error {
	if err := ctx.Err(); err != nil {
		return s.refuse(op, "", err)
	}
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return s.refuse(op, "", errClosed)
	}
	now := s.clock.Now()
	s.now, s.elapsed = now.Round(0), s.measure(now)
	return nil
}

func (s *session) refuse(op, id string, err error) error {
	return &job.Error{Op: op, Job: id, Store: s.alias, Err: err}
}

// forget has all sessions tell of a job anew if they park it.
func (m *Store) forget(r *record) {
	for _, s := range m.sessions {
		delete(s.told, r)
	}
}

// Close leaves the jobs to the Store.
func (s *session) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	s.sessions = slices.DeleteFunc(s.sessions, func(o *session) bool { return o == s })
	return nil
}

// Watch has changed called after a Put, a Delete or a release of another
// session, on the goroutine of that.
func (s *session) Watch(ctx context.Context, changed func()) error {
	if err := s.lock(ctx, "watch"); err != nil {
		return err
	}
	defer s.mu.Unlock()
	s.watching, s.changed = ctx, changed
	return nil
}

// tell calls the other sessions' watchers. s is not locked.
func (s *session) tell() {
	var watchers []func()
	s.mu.Lock()
	for _, o := range s.sessions {
		if o != s && o.changed != nil && o.watching.Err() == nil {
			watchers = append(watchers, o.changed)
		}
	}
	s.mu.Unlock()
	for _, changed := range watchers {
		changed()
	}
}
