package memory_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/memory"
	"github.com/carillon-go/carillon/stores/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestOpen(t *testing.T) {
	storetest.Run(t, storetest.Harness{
		Open:    func(testing.TB) stores.Opener { return memory.Open() },
		Watch:   true,
		History: true,

		HistoryAge: 7 * 24 * time.Hour, // as by default
	})
}

func TestNew(t *testing.T) {
	storetest.Run(t, storetest.Harness{
		Open:    func(testing.TB) stores.Opener { return memory.New().Open },
		Durable: true,
		Shared:  true,
		Watch:   true,
		History: true,

		HistoryAge: 7 * 24 * time.Hour, // as by default
	})
}

func Benchmark(b *testing.B) {
	storetest.Benchmark(b, storetest.Harness{
		Open: func(testing.TB) stores.Opener { return memory.Open() },
	})
}

// A Store that has been closed does nothing any more, and says so.
func TestClosed(t *testing.T) {
	ctx := context.Background()
	m := memory.New()
	s, err := m.Open(ctx, stores.Env{Alias: "default"})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.Close(), s.Close()); err != nil {
		t.Fatal(err)
	}
	_, list := s.List(ctx, "", 1)
	for what, err := range map[string]error{
		"Put":       s.Put(ctx, stores.Insert, nil),
		"Heartbeat": s.Heartbeat(ctx, "n", 0),
		"Watch":     s.Watch(ctx, func() {}),
		"List":      list,
	} {
		if about, ok := errors.AsType[*job.Error](err); !ok || about.Store != "default" {
			t.Errorf("%s after Close: got error %v", what, err)
		}
	}
}

// Open takes a context that has ended for a no.
func TestOpenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := memory.Open()(ctx, stores.Env{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v", err)
	}
}

// Watchers hear of what others do, for as long as they watch.
func TestWatch(t *testing.T) {
	m := memory.New()
	open := func() stores.Store {
		s, err := m.Open(t.Context(), stores.Env{})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	put := func(s stores.Store, id string) {
		if err := s.Put(t.Context(), stores.Replace, []job.Job{{ID: id}}); err != nil {
			t.Fatal(err)
		}
	}
	mine, other := open(), open()
	ctx, cancel := context.WithCancel(t.Context())
	heard := 0
	if err := mine.Watch(ctx, func() { heard++ }); err != nil {
		t.Fatal(err)
	}
	put(mine, "a")
	put(other, "b")
	cancel()
	put(other, "c")
	if heard != 1 {
		t.Errorf("heard %d times of one change by another session", heard)
	}
}

// What is kept of a time is the wall clock's, not the monotonic one's.
func TestTimesAreWallTimes(t *testing.T) {
	s, err := memory.Open()(t.Context(), stores.Env{})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	now = now.Add(-time.Duration(now.Nanosecond() % 1000)) // its monotonic reading stays
	if err := s.Put(t.Context(), stores.Insert, []job.Job{{ID: "a", NextRunTime: now}}); err != nil {
		t.Fatal(err)
	}
	j, err := s.Get(t.Context(), "a")
	if err != nil || j.NextRunTime != now.Round(0) {
		t.Errorf("got %v, %v", j.NextRunTime, err)
	}
	if err := s.Heartbeat(t.Context(), "n", 0); err != nil {
		t.Fatal(err)
	}
	c, err := s.ClaimDue(t.Context(), &stores.Claim{Node: "n", Now: now, Limit: 1, Plan: func(_ *job.Job, _ int, step *stores.Step) {
		step.Runs, step.First, step.Next = append(step.Runs, now), now, now.Add(time.Hour)
	}})
	if err != nil || c.Runs[0].Scheduled != now.Round(0) || c.Runs[0].First != now.Round(0) || c.Next != now.Add(time.Hour).Round(0) {
		t.Errorf("got %+v, %v", c, err)
	}
}

// settable is a fake clock whose wall clock can be set.
type settable struct {
	clock.Clock
	wall    time.Time
	elapsed time.Duration
}

func (c *settable) Now() time.Time { return c.wall }

func (c *settable) Elapsed() time.Duration { return c.elapsed }

// Setting the wall clock ends no lease.
func TestLeasesAreElapsedTime(t *testing.T) {
	c := &settable{wall: time.Now()}
	s, err := memory.New().Open(t.Context(), stores.Env{Clock: c})
	if err != nil {
		t.Fatal(err)
	}
	beat := func() error { return s.Heartbeat(t.Context(), "n", time.Minute) }
	first := beat()
	c.wall = c.wall.Add(time.Hour)
	c.elapsed = time.Second
	if err := errors.Join(first, beat()); err != nil {
		t.Error(err)
	}
	c.wall = c.wall.Add(-2 * time.Hour)
	c.elapsed = time.Hour
	if err := beat(); !errors.Is(err, job.ErrLeaseExpired) {
		t.Errorf("got error %v", err)
	}
}

// recorded returns the IDs of the jobs in the history, the newest first.
func recorded(t *testing.T, s stores.Store) (ids []string) {
	t.Helper()
	records, err := s.History(t.Context(), &stores.HistoryQuery{Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		ids = append(ids, r.JobID)
	}
	return ids
}

// remove leaves a record about a job of this ID.
func remove(t *testing.T, s stores.Store, id string) {
	t.Helper()
	err := s.Put(t.Context(), stores.Replace, []job.Job{{ID: id}})
	if _, fault := s.Delete(t.Context(), id); err != nil || fault != nil {
		t.Fatal(err, fault)
	}
}

// The history keeps the Count newest records, whatever came before.
func TestHistoryCount(t *testing.T) {
	for _, count := range []int{1, 2, 3, 7} {
		s, err := memory.Config{History: stores.Retention{Count: count}}.Open(t.Context(), stores.Env{})
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for i := range 25 {
			id := fmt.Sprint(i)
			remove(t, s, id)
			want = append([]string{id}, want[:min(len(want), count-1)]...)
			if got := recorded(t, s); !slices.Equal(got, want) {
				t.Fatalf("Count %d, after %d records: got %v, want %v", count, i+1, got, want)
			}
		}
	}
}

// A record goes when more than Age has elapsed, however the wall clock is set.
func TestHistoryAge(t *testing.T) {
	open := func(age time.Duration) (stores.Store, *settable) {
		c := &settable{wall: time.Now()}
		s, err := memory.Config{History: stores.Retention{Age: age}}.New().Open(t.Context(), stores.Env{Clock: c})
		if err != nil {
			t.Fatal(err)
		}
		return s, c
	}
	s, c := open(time.Minute)
	remove(t, s, "a")
	c.wall, c.elapsed = c.wall.Add(time.Hour), time.Second
	remove(t, s, "b")
	c.wall, c.elapsed = c.wall.Add(-3*time.Hour), time.Minute
	both := recorded(t, s)
	c.elapsed++
	one := recorded(t, s)
	c.elapsed += time.Hour
	none := recorded(t, s)
	remove(t, s, "c")
	if got, want := fmt.Sprint(both, one, none, recorded(t, s)), "[b a] [b] [] [c]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for age, want := range map[time.Duration]int{0: 1, -1: 2} { // a week, and for ever
		s, c := open(age)
		remove(t, s, "a")
		c.elapsed += 7 * 24 * time.Hour
		remove(t, s, "b")
		if got := recorded(t, s); len(got) != 2 {
			t.Errorf("Age %v: got %v after a week", age, got)
		}
		c.elapsed++
		if got := recorded(t, s); len(got) != want {
			t.Errorf("Age %v: got %v after more than a week", age, got)
		}
	}
}

// A negative Count keeps nothing, and everything else works.
func TestNoHistory(t *testing.T) {
	storetest.Run(t, storetest.Harness{
		Open: func(testing.TB) stores.Opener {
			return memory.Config{History: stores.Retention{Count: -1}}.New().Open
		},
		Durable: true,
		Shared:  true,
		Watch:   true,
	})
}

// At is the wall time of the clock, without its monotonic reading.
func TestHistoryAt(t *testing.T) {
	c := &settable{wall: time.Now()}
	s, err := memory.Open()(t.Context(), stores.Env{Clock: c})
	if err != nil {
		t.Fatal(err)
	}
	remove(t, s, "a")
	records, err := s.History(t.Context(), &stores.HistoryQuery{Limit: 1})
	if err != nil || records[0].At != c.wall.Round(0) {
		t.Errorf("got %v, %v", records, err)
	}
}

// A claim that is repeated, which nobody does who has heard its answer, tells of
// no run that another scheduler has by now.
func TestRepeatedClaimTellsWhatIsHeld(t *testing.T) {
	m := memory.New()
	open := func(node string) stores.Store {
		s, err := m.Open(t.Context(), stores.Env{})
		if err := errors.Join(err, s.Heartbeat(t.Context(), node, time.Minute)); err != nil {
			t.Fatal(err)
		}
		return s
	}
	a, b := open("a"), open("b")
	now := time.Now()
	claim := func(s stores.Store, node string) []job.Run {
		c, err := s.ClaimDue(t.Context(), &stores.Claim{Node: node, Seq: 1, Now: now, Limit: 1, Plan: func(_ *job.Job, _ int, step *stores.Step) {
			step.Runs, step.Ended = append(step.Runs, now), true
		}})
		if err != nil {
			t.Fatal(err)
		}
		return c.Runs
	}
	if err := a.Put(t.Context(), stores.Insert, []job.Job{{ID: "j", NextRunTime: now}}); err != nil {
		t.Fatal(err)
	}
	run := claim(a, "a")[0]
	if _, err := a.Finish(t.Context(), "a", []stores.Done{{RunID: run.ID, Attempt: 1, Outcome: job.Released}}); err != nil {
		t.Fatal(err)
	}
	if of, again := claim(b, "b"), claim(a, "a"); len(of) != 1 || len(again) != 0 {
		t.Errorf("b has %v, and a is told of %v", of, again)
	}
}
