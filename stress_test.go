package carillon_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	bclock "github.com/benbjohnson/clock"
	"github.com/jonboulle/clockwork"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/clocktest"
	"github.com/carillon-go/carillon/stores/memory"
)

// onFakeClocks runs a test on each kind of fake clock.
func onFakeClocks(t *testing.T, test func(t *testing.T, r *rig)) {
	start := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	own, work, mock, wall := clocktest.NewClock(start), clockwork.NewFakeClockAt(start), bclock.NewMock(), newWallClock(t)
	mock.Set(start)
	t.Run("clocktest", func(t *testing.T) { test(t, newFakeRig(t, own, own, carillon.Config{})) })
	t.Run("clockwork", func(t *testing.T) { test(t, newFakeRig(t, clock.From(work), work, carillon.Config{})) })
	t.Run("benbjohnson", func(t *testing.T) {
		test(t, newFakeRig(t, clock.From(mock), clocktest.ByAdd(mock), carillon.Config{}))
	})
	t.Run("monotonic", func(t *testing.T) { test(t, newFakeRig(t, wall, wall, carillon.Config{})) })
}

// crowd is many goroutines that add and remove jobs, and what a test knows of
// these.
type crowd struct {
	*rig
	people []*person

	mu    sync.Mutex
	first map[string]time.Time // run time of the jobs that are there for sure
}

type person struct {
	random *rand.Rand
	jobs   []string
	added  int
}

func newCrowd(r *rig, size int) *crowd {
	c := &crowd{rig: r, first: make(map[string]time.Time)}
	for i := range size {
		c.people = append(c.people, &person{random: rand.New(rand.NewPCG(uint64(i), 0))})
	}
	return c
}

// rush has everybody do a few things at once. They have when done returns.
func (c *crowd) rush() (done func()) {
	var all sync.WaitGroup
	for i, p := range c.people {
		all.Go(func() {
			for range 10 {
				c.do(i, p)
			}
		})
	}
	return all.Wait
}

// do adds a job, or removes one.
func (c *crowd) do(i int, p *person) {
	if len(p.jobs) > 5 || len(p.jobs) > 0 && p.random.IntN(3) == 0 {
		id := p.jobs[0]
		p.jobs = p.jobs[1:]
		c.mu.Lock()
		delete(c.first, id)
		c.mu.Unlock()
		c.must(c.RemoveJob(context.Background(), id))
		return
	}
	job := steady(fmt.Sprintf("job %d of %d", p.added, i))
	p.added++
	added, err := c.Every(time.Duration(1+p.random.IntN(3))*time.Second, nothing, job)
	c.must(err)
	p.jobs = append(p.jobs, job.ID)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.first[job.ID] = added.NextRunTime
}

// present returns the jobs that are there for sure, and their first run times.
func (c *crowd) present() map[string]time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.first)
}

// TestAdvanceInACrowd moves the clock while many goroutines add and remove jobs.
// When Advance returns, the jobs that were there all the time have had all their
// runs, each at its time.
func TestAdvanceInACrowd(t *testing.T) {
	onFakeClocks(t, func(t *testing.T, r *rig) {
		r.start()
		c := newCrowd(r, 8)
		random := rand.New(rand.NewPCG(1, 1))
		for range 100 {
			before := c.present()
			done := c.rush()
			r.pass(time.Duration(random.Int64N(int64(2 * time.Second))))
			now, outcomes, after := r.clock.Now(), r.counts(), c.present()
			done()
			for id, first := range before {
				if _, still := after[id]; still && !first.After(now) && outcomes[id] == 0 {
					t.Fatalf("%s was due at %v, it is %v, and it has not run", id, first, now)
				}
			}
		}
		r.pass(10 * time.Second)
		r.shutdown()
		for id := range r.outcomes {
			for _, at := range r.late(id) {
				t.Errorf("%s was due at %v and began late", id, at)
			}
		}
	})
}

// counts returns how many run times of each job have had an outcome.
func (l *ledger) counts() map[string]int {
	l.mu.Lock()
	defer l.mu.Unlock()
	counts := make(map[string]int, len(l.outcomes))
	for id, times := range l.outcomes {
		counts[id] = len(times)
	}
	return counts
}

// late returns the run times of a job that began later than they were to, but
// for the first: that may have been so when the job was added.
func (l *ledger) late(id string) (times []time.Time) {
	for i, result := range l.results(id) {
		if i > 0 && result.Started.After(result.Run.Scheduled) {
			times = append(times, result.Run.Scheduled)
		}
	}
	return times
}

// TestSettleOfCancelledSleeps cancels sleeping jobs at the very moment at which
// the clock stops: they have come to their end when Advance returns.
func TestSettleOfCancelledSleeps(t *testing.T) {
	onFakeClocks(t, func(t *testing.T, r *rig) {
		r.start()
		for i := range 100 {
			sleeper, asleep := fmt.Sprint("sleeper ", i), make(chan context.CancelFunc, 1)
			r.once(sleeper, func(ctx context.Context) error {
				ctx, cancel := context.WithCancel(ctx)
				asleep <- cancel
				return carillon.Sleep(ctx, time.Hour)
			})
			r.settle()
			cancel := <-asleep
			_, err := r.At(r.clock.Now().Add(time.Second), func(context.Context) error { cancel(); return nil })
			r.must(err)
			r.pass(time.Second)
			if results := r.results(sleeper); len(results) != 1 {
				t.Fatalf("round %d: the sleeper has had %d outcomes", i, len(results))
			}
		}
		r.shutdown()
	})
}

// TestSettleFromManySides settles from many goroutines at once, while jobs come
// due.
func TestSettleFromManySides(t *testing.T) {
	onFakeClocks(t, func(t *testing.T, r *rig) {
		r.start()
		r.add("job", func(ctx context.Context) error { return carillon.Sleep(ctx, 1500*time.Millisecond) })
		stop := make(chan struct{})
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
						r.must(r.Settle(context.Background()))
					}
				}
			})
		}
		for i := range 20 {
			r.pass(time.Second)
			if n := r.total("job", carillon.Executed); n != max(0, i-1) {
				t.Errorf("%d runs have ended after %d s", n, i+1)
			}
		}
		close(stop)
		all.Wait()
		_, err := r.PauseJob(context.Background(), "job")
		r.must(err)
		r.pass(2 * time.Second)
		r.shutdown()
		r.checkOutcomes("job", time.Second, carillon.Executed)
	})
}

// counting is a trigger that changes, as a trigger may that looks after itself.
type counting struct{ asked atomic.Int64 }

func (c *counting) Next(prev, now time.Time) (time.Time, bool) {
	c.asked.Add(1)
	if prev.IsZero() {
		prev = now
	}
	return prev.Add(time.Millisecond), true
}

// TestTriggerThatChanges shares a trigger between two stores, for the race
// detector: stores read no trigger but by its methods.
func TestTriggerThatChanges(t *testing.T) {
	inBubble(t, carillon.Config{Stores: carillon.Stores{"default": memory.Open(), "b": memory.Open()}}, func(t *testing.T, r *rig) {
		shared := new(counting)
		for _, store := range []string{"default", "b"} {
			_, err := r.AddJob(patience(t), carillon.Func(nothing), shared, carillon.Job{Store: store})
			r.must(err)
		}
		r.start()
		r.pass(200 * time.Millisecond)
		r.shutdown()
		if asked := shared.asked.Load(); asked < 400 {
			t.Errorf("the trigger was asked %d times", asked)
		}
	})
}
