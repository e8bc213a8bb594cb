package clocktest_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
	"github.com/carillon-go/carillon/executors/pool"
	"github.com/carillon-go/carillon/messages"
)

// The sweeps run schedulers through everything that can happen to them, and
// have the simulator check that its invariants hold. They state themselves what
// has to be seen for that to mean something.

// seeds is how many seeds a sweep tries: fewer with the race detector, which makes
// all ten times slower, and has most to say about the first ones.
func seeds() int {
	if builtWithRace() {
		return 10
	}
	return 100
}

var background = context.Background()

// insist repeats what a fault may have prevented.
func insist(s *clocktest.Sim, what string, do func() error) {
	for range 500 {
		if do() == nil {
			return
		}
	}
	s.Fatalf("%s: %v", what, do())
}

func must(s *clocktest.Sim, err error) {
	if err != nil {
		s.Fatalf("%v", err)
	}
}

// newScheduler returns a scheduler whose events are all wanted.
func newScheduler(s *clocktest.Sim, config carillon.Config) *carillon.Scheduler {
	return newSchedulerWith(s, config, messages.MaskAll)
}

// newQuietScheduler returns one whose events are all wanted, or all but those
// that jobs were added or removed, without which its stores tell it less.
func newQuietScheduler(s *clocktest.Sim, config carillon.Config) *carillon.Scheduler {
	mask := messages.MaskAll
	if s.Rand().IntN(2) == 0 {
		mask &^= messages.MaskJobAdded | messages.MaskJobRemoved
	}
	return newSchedulerWith(s, config, mask)
}

func newSchedulerWith(s *clocktest.Sim, config carillon.Config, mask messages.Mask) *carillon.Scheduler {
	sched, err := carillon.New(config)
	must(s, err)
	_, err = sched.AddListener(func(e carillon.Event) { seen(s, e) }, mask)
	must(s, err)
	return sched
}

func seen(s *clocktest.Sim, e carillon.Event) {
	switch e := e.(type) {
	case *messages.JobExecuted:
		s.Sometimes(true, "a run is executed")
		if e.Run.Attempt > 1 {
			s.Sometimes(true, "a run is taken over")
		}
	case *messages.JobError:
		s.Sometimes(true, "a run fails")
	case *messages.JobMissed:
		s.Sometimes(true, "a run is missed")
	case *messages.JobLost:
		s.Sometimes(true, "a run is lost")
	case *messages.JobMaxInstances:
		s.Sometimes(true, "a run is skipped")
	case *messages.ClockJumped:
		s.Sometimes(true, "the clock jumps")
	case *messages.ActorRestarted:
		s.Sometimes(true, "an actor panics")
	case *messages.LeaseExpired:
		s.Sometimes(true, "a lease expires")
	case *messages.StoreRestarted:
		s.Sometimes(true, "a store panics")
	case *messages.ExecutorRestarted:
		s.Sometimes(true, "an executor panics")
	}
}

// addMix adds jobs of all kinds: quick and slow, by interval and by cron, with
// each setting that decides about a due job.
func addMix(s *clocktest.Sim, sched *carillon.Scheduler, n int) {
	for i := range n {
		settings := carillon.Job{ID: fmt.Sprint("job-", i), MaxInstances: 1 + i%3, Replace: true}
		if i%2 == 1 {
			settings.Coalesce = carillon.All
		}
		if i%5 == 4 {
			settings.MisfireGrace = time.Duration(i) * time.Second
		}
		if i%7 == 6 {
			settings.Delivery = carillon.AtLeastOnce
		}
		every := time.Duration(7+5*(i%11)) * time.Second
		insist(s, "add", func() (err error) {
			switch i % 4 {
			case 3:
				_, err = sched.Crontab(fmt.Sprintf("*/%d * * * *", 1+i%5), body(every), settings)
			default:
				_, err = sched.Every(every, body(every), settings)
			}
			return err
		})
	}
}

// body is a job that mostly takes a moment, and sometimes longer than its
// interval.
func body(every time.Duration) carillon.Func {
	return func(ctx context.Context) error {
		run, _ := carillon.FromContext(ctx)
		if run.ID%16 == 0 {
			return carillon.Sleep(ctx, 2*every)
		}
		return carillon.Sleep(ctx, time.Duration(run.ID%4)*time.Second)
	}
}

func TestSweepJobs(t *testing.T) {
	clocktest.Run(t, clocktest.Config{Seeds: seeds(), Faults: clocktest.AllFaults()}, sweepJobs)
}

func sweepJobs(s *clocktest.Sim) {
	sched := newScheduler(s, s.Config())
	addMix(s, sched, 50)
	insist(s, "start", func() error { return sched.Start(background) })
	must(s, s.Advance(10*time.Minute))
	must(s, s.Finish(sched))
}

// Runs wait their turn in a small pool, and are given back when a shutdown
// does not wait for them.
func TestSweepRestarts(t *testing.T) {
	clocktest.Run(t, clocktest.Config{Seeds: seeds(), Faults: clocktest.AllFaults()}, sweepRestarts)
}

func sweepRestarts(s *clocktest.Sim) {
	config := s.Config()
	config.Executors = carillon.Executors{"default": s.FaultyExecutor(pool.Open(pool.Config{Size: 4}))}
	sched := newScheduler(s, config)
	addMix(s, sched, 20)
	for range 4 {
		insist(s, "start", func() error { return sched.Start(background) })
		must(s, s.Advance(s.Duration(3*time.Minute)))
		ctx, cancel := context.WithCancel(background)
		if s.Rand().IntN(2) == 0 {
			cancel() // do not wait
		}
		_ = sched.Shutdown(ctx)
		cancel()
		must(s, s.Advance(s.Duration(time.Minute)))
	}
	insist(s, "start", func() error { return sched.Start(background) })
	must(s, s.Finish(sched))
}

// A job pauses the scheduler at the very moments at which others are due.
func TestSweepPauses(t *testing.T) {
	clocktest.Run(t, clocktest.Config{Seeds: seeds(), Faults: clocktest.AllFaults()}, sweepPauses)
}

func sweepPauses(s *clocktest.Sim) {
	sched := newScheduler(s, s.Config())
	insist(s, "add", func() error {
		_, err := sched.Every(35*time.Second, func(ctx context.Context) error {
			s.Sometimes(sched.Pause(ctx) == nil, "the scheduler is paused")
			defer sched.Resume(background)
			return carillon.Sleep(ctx, s.Duration(30*time.Second))
		}, carillon.Job{ID: "operator", Replace: true})
		return err
	})
	addMix(s, sched, 20)
	insist(s, "start", func() error { return sched.StartPaused(background) })
	must(s, s.Advance(time.Minute))
	insist(s, "resume", func() error { return sched.Resume(background) })
	must(s, s.Advance(10*time.Minute))
	insist(s, "resume", func() error { return sched.Resume(background) })
	must(s, s.Finish(sched))
}

// The only owner of a store crashes, and another one takes the store over.
func TestSweepCrashes(t *testing.T) {
	clocktest.Run(t, clocktest.Config{Seeds: seeds(), Faults: clocktest.AllFaults()}, sweepCrashes)
}

func sweepCrashes(s *clocktest.Sim) {
	store := s.Store()
	for i := range 4 {
		node := s.Node(fmt.Sprint("node-", i))
		config := node.Config()
		config.Stores = carillon.Stores{"default": store}
		sched := newScheduler(s, config)
		insist(s, "start", func() error { return sched.Start(background) })
		if i == 0 {
			addMix(s, sched, 20)
		}
		must(s, s.Advance(s.Duration(3*time.Minute)))
		if i == 3 {
			must(s, s.Finish(sched))
			return
		}
		node.Crash()
	}
}

// A scheduler takes a store over from one that is alive, whose lease ends by that.
func TestSweepTakeovers(t *testing.T) {
	clocktest.Run(t, clocktest.Config{Seeds: seeds(), Faults: clocktest.AllFaults()}, sweepTakeovers)
}

func sweepTakeovers(s *clocktest.Sim) {
	store := s.Store()
	var node *clocktest.Node
	var sched *carillon.Scheduler
	for i := range 3 {
		replaced := node
		node = s.Node(fmt.Sprint("node-", i))
		config := node.Config()
		config.Stores = carillon.Stores{"default": store}
		sched = newScheduler(s, config)
		insist(s, "start", func() error { return sched.Start(background) })
		if i == 0 {
			addMix(s, sched, 20)
		}
		must(s, s.Advance(s.Duration(3*time.Minute).Truncate(time.Second))) // up to when jobs are due
		if replaced != nil {
			replaced.Crash()
		}
	}
	must(s, s.Finish(sched))
}

// Schedulers share a store, with clocks that differ. Now and then one crashes,
// and another one comes.
func TestSweepShared(t *testing.T) {
	clocktest.Run(t, clocktest.Config{Seeds: seeds(), Faults: clocktest.AllFaults()}, sweepShared)
}

func sweepShared(s *clocktest.Sim) {
	store := s.Store()
	var nodes []*clocktest.Node
	var scheds []*carillon.Scheduler
	join := func() {
		node := s.Node(fmt.Sprint("node-", len(nodes)))
		node.Skew(s.Duration(time.Minute) - 30*time.Second)
		config := node.Config()
		config.Stores = carillon.Stores{"default": store}
		config.Lease = 15 * time.Second
		sched := newScheduler(s, config)
		insist(s, "start", func() error { return sched.Start(background) })
		nodes, scheds = append(nodes, node), append(scheds, sched)
	}
	for _, event := range []string{"a lease expires", "a run is lost", "a run is taken over"} {
		s.Sometimes(false, event)
	}
	for range 3 {
		join()
	}
	addMix(s, scheds[0], 20)
	for i := range 4 {
		must(s, s.Advance(s.Duration(3*time.Minute)))
		nodes[i].Crash()
		must(s, s.Advance(s.Duration(time.Minute)))
		join()
	}
	for _, sched := range scheds[4:] {
		must(s, s.Finish(sched))
	}
}

// Schedulers that share a store are shut down one after the other. Some do not
// wait for their runs, which go on for a while.
func TestSweepDepartures(t *testing.T) {
	clocktest.Run(t, clocktest.Config{Seeds: seeds(), Faults: clocktest.AllFaults()}, sweepDepartures)
}

func sweepDepartures(s *clocktest.Sim) {
	store := s.Store()
	join := func(name string) *carillon.Scheduler {
		config := s.Node(name).Config()
		config.Stores = carillon.Stores{"default": store}
		config.Lease = 15 * time.Second
		sched := newScheduler(s, config)
		insist(s, "start", func() error { return sched.Start(background) })
		return sched
	}
	sched := join("node")
	addMix(s, sched, 10)
	insist(s, "add", func() error {
		_, err := sched.Every(10*time.Second, func(ctx context.Context) error {
			return carillon.Sleep(context.WithoutCancel(ctx), 8*time.Second)
		}, carillon.Job{ID: "stubborn", Replace: true})
		return err
	})
	for i := range 4 {
		must(s, s.Advance(s.Duration(time.Minute)))
		next := join(fmt.Sprint("node-", i))
		must(s, s.Advance(s.Duration(30*time.Second)))
		ctx, cancel := context.WithCancel(background)
		if s.Rand().IntN(2) == 0 {
			cancel()
		}
		s.Sometimes(errors.Is(sched.Shutdown(ctx), context.Canceled), "a shutdown gives up")
		cancel()
		sched = next
	}
	must(s, s.Finish(sched))
}

// One of two schedulers stops now and then for longer than its lease, and wakes
// to find that the other one has its runs.
func TestSweepFrozen(t *testing.T) {
	clocktest.Run(t, clocktest.Config{Seeds: seeds(), Faults: clocktest.AllFaults()}, sweepFrozen)
}

func sweepFrozen(s *clocktest.Sim) {
	store := s.Store()
	s.Sometimes(false, "a run is taken over")
	start := func(name string) (*clocktest.Node, *carillon.Scheduler) {
		node := s.Node(name)
		config := node.Config()
		config.Stores = carillon.Stores{"default": store}
		config.Executors = carillon.Executors{"default": s.FaultyExecutor(pool.Open(pool.Config{Size: 2}))}
		config.Lease = 5 * time.Second
		sched := newScheduler(s, config)
		insist(s, "start", func() error { return sched.Start(background) })
		return node, sched
	}
	node, frozen := start("frozen")
	_, other := start("other")
	addMix(s, other, 20)
	for range 10 {
		must(s, s.Advance(s.Duration(20*time.Second)))
		for range s.Rand().IntN(20) {
			s.Step()
		}
		node.Freeze()
		must(s, s.Advance(s.Duration(20*time.Second)))
		node.Thaw()
	}
	must(s, s.Finish(frozen))
	must(s, s.Finish(other))
}

// Jobs are changed while they run.
func TestSweepChanges(t *testing.T) {
	clocktest.Run(t, clocktest.Config{Seeds: seeds(), Faults: clocktest.AllFaults()}, sweepChanges)
}

func sweepChanges(s *clocktest.Sim) {
	sched := newQuietScheduler(s, s.Config())
	insist(s, "start", func() error { return sched.Start(background) })
	addMix(s, sched, 10)
	for range 100 {
		change(s, sched, fmt.Sprint("job-", s.Rand().IntN(10)))
		must(s, s.Advance(s.Duration(10*time.Second)))
	}
	must(s, s.Finish(sched))
}

func change(s *clocktest.Sim, sched *carillon.Scheduler, id string) {
	var err error
	switch s.Rand().IntN(6) {
	case 0:
		err = sched.RemoveJob(background, id)
	case 1:
		every := time.Duration(1+s.Rand().IntN(20)) * time.Second
		_, err = sched.Every(every, body(every), carillon.Job{ID: id, Replace: true, Coalesce: carillon.All})
	case 2:
		_, err = sched.ModifyJob(background, id, carillon.Changes{MaxInstances: new(1 + s.Rand().IntN(3))})
	case 3:
		_, err = sched.PauseJob(background, id)
	case 4:
		_, err = sched.ResumeJob(background, id)
	case 5:
		_, err = sched.ModifyJob(background, id, carillon.Changes{NextRunTime: new(s.Now().Add(s.Duration(time.Minute)))})
	}
	s.Sometimes(errors.Is(err, carillon.ErrJobNotFound), "a change is refused")
	s.Sometimes(err == nil, "a change is made")
}
