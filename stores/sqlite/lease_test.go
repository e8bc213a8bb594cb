package sqlite_test

import (
	"errors"
	"testing"
	"time"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/sqlite"
)

// machine is a machine's time: a wall clock that can be set, and what elapses.
type machine struct {
	clock.Clock
	wall    time.Time
	elapsed time.Duration
}

func (m *machine) Now() time.Time { return m.wall }

func (m *machine) Elapsed() time.Duration { return m.elapsed }

func (m *machine) pass(d time.Duration) {
	m.wall = m.wall.Add(d)
	m.elapsed += d
}

func (m *machine) set(d time.Duration) { m.wall = m.wall.Add(d) }

// join opens the file for one more scheduler.
func (m *machine) join(t *testing.T, path string) stores.Store {
	t.Helper()
	s, err := sqlite.Open(path)(t.Context(), stores.Env{Alias: "jobs", Clock: m})
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

func beats(t *testing.T, s stores.Store, name string) {
	t.Helper()
	must(t, s.Heartbeat(t.Context(), name, time.Minute))
}

// alive checks that the claims of a name succeed.
func alive(t *testing.T, s stores.Store, name string, want bool) {
	t.Helper()
	_, err := s.ClaimDue(t.Context(), &stores.Claim{Node: name, Now: noon, Limit: 1})
	switch {
	case want && err != nil:
		t.Errorf("%s is dead: %v", name, err)
	case !want && !errors.Is(err, job.ErrLeaseExpired):
		t.Errorf("%s is alive: %v", name, err)
	}
}

// Setting the wall clock ends no lease of those who are there, and prolongs none.
func TestLeaseIsElapsedTime(t *testing.T) {
	for name, step := range map[string]time.Duration{"forward": time.Hour, "back": -time.Hour} {
		t.Run(name, func(t *testing.T) {
			m, path := &machine{wall: noon}, file(t)
			a, b := m.join(t, path), m.join(t, path)
			beats(t, a, "a")
			m.set(step)
			m.pass(30 * time.Second)
			alive(t, b, "a", true)
			beats(t, b, "b")
			m.pass(31 * time.Second)
			alive(t, a, "b", true)
			alive(t, b, "a", false)
		})
	}
}

// Who comes when the wall clock has been set back has a lease as long as all
// others.
func TestLeaseAfterWallClockWasSetBack(t *testing.T) {
	m, path := &machine{wall: noon}, file(t)
	a := m.join(t, path)
	beats(t, a, "a")
	m.set(-time.Hour)
	b := m.join(t, path)
	beats(t, b, "b")
	m.pass(59 * time.Second)
	alive(t, a, "b", true)
	alive(t, b, "a", true)
	m.pass(time.Second)
	alive(t, b, "b", false) // by its own clock, which has not stood still
	alive(t, a, "b", false)
}

// The time in which nobody has the file open counts.
func TestLeaseWhileNobodyIsThere(t *testing.T) {
	m, path := &machine{wall: noon}, file(t)
	a := m.join(t, path)
	beats(t, a, "a")
	must(t, a.Close())
	m.wall, m.elapsed = m.wall.Add(time.Hour), 0 // as after a restart of the machine
	b := m.join(t, path)
	beats(t, b, "b")
	alive(t, b, "a", false)
}
