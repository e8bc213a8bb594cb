package carillon_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/executors"
	"github.com/carillon-go/carillon/executors/pool"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/memory"
)

// maskLifecycle are the events of the scheduler's own states.
const maskLifecycle = messages.MaskSchedulerStarted | messages.MaskSchedulerPaused |
	messages.MaskSchedulerResumed | messages.MaskSchedulerShutdown

// command is one of the five that change the state.
type command struct {
	name  string
	give  func(*carillon.Scheduler, context.Context) error
	event string // of a command that does something
}

var (
	cmdStart       = command{"Start", (*carillon.Scheduler).Start, "SchedulerStarted"}
	cmdStartPaused = command{"StartPaused", (*carillon.Scheduler).StartPaused, "SchedulerStarted"}
	cmdPause       = command{"Pause", (*carillon.Scheduler).Pause, "SchedulerPaused"}
	cmdResume      = command{"Resume", (*carillon.Scheduler).Resume, "SchedulerResumed"}
	cmdShutdown    = command{"Shutdown", (*carillon.Scheduler).Shutdown, "SchedulerShutdown"}

	commands = []command{cmdStart, cmdStartPaused, cmdPause, cmdResume, cmdShutdown}
)

// reference says what is to become of a command: the whole lifecycle in a few
// lines, written down a second time to be compared.
func reference(from carillon.State, c command) (to carillon.State, err error) {
	switch {
	case c.event == "SchedulerStarted" && from != carillon.Stopped:
		return from, carillon.ErrAlreadyRunning
	case c.event != "SchedulerStarted" && from == carillon.Stopped:
		return from, carillon.ErrNotRunning
	}
	switch c.name {
	case "Start", "Resume":
		return carillon.Running, nil
	case "StartPaused", "Pause":
		return carillon.Paused, nil
	}
	return carillon.Stopped, nil
}

// give gives a command and compares with the reference what becomes of it.
func (r *rig) give(c command) {
	r.t.Helper()
	from, before := r.State(), len(r.timeline(maskLifecycle))
	to, wantErr := reference(from, c)
	if err := c.give(r.Scheduler, patience(r.t)); !errors.Is(err, wantErr) {
		r.t.Errorf("%s when %v: %v, want %v", c.name, from, err, wantErr)
	}
	if state := r.State(); state != to {
		r.t.Errorf("%s when %v: state %v, want %v", c.name, from, state, to)
	}
	r.settle()
	want := []string{}
	if to != from {
		want = append(want, c.event)
	}
	if got := r.timeline(maskLifecycle)[before:]; !slices.Equal(got, want) {
		r.t.Errorf("%s when %v: events %v, want %v", c.name, from, got, want)
	}
}

// TestLifecycle gives every command in every state.
func TestLifecycle(t *testing.T) {
	ways := map[carillon.State][]command{
		carillon.Stopped: {},
		carillon.Running: {cmdStart},
		carillon.Paused:  {cmdStartPaused},
	}
	onEveryClock(t, func(t *testing.T, r *rig) {
		for _, from := range []carillon.State{carillon.Stopped, carillon.Running, carillon.Paused} {
			for _, c := range commands {
				for _, way := range ways[from] {
					r.give(way)
				}
				r.give(c)
				if r.Running() {
					r.give(cmdShutdown)
				}
			}
		}
	})
}

// TestLifecycleRandom gives commands in a random order, and checks that jobs
// run exactly when the scheduler does.
func TestLifecycleRandom(t *testing.T) {
	for seed := range uint64(10) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			onEveryClock(t, func(t *testing.T, r *rig) {
				random := rand.New(rand.NewPCG(seed, 0))
				var runs atomic.Int64
				for range 40 {
					r.give(commands[random.IntN(len(commands))])
					if r.Running() && random.IntN(4) == 0 {
						_, err := r.AddJob(patience(t), carillon.Func(func(context.Context) error { runs.Add(1); return nil }),
							seconds(), carillon.Job{ID: "job", Replace: true})
						r.must(err)
					}
					before := runs.Load()
					r.pass(time.Second)
					if ran := runs.Load() > before; ran && r.State() != carillon.Running {
						t.Fatalf("a job has run in state %v", r.State())
					}
				}
				if r.Running() {
					r.give(cmdShutdown)
				}
			})
		})
	}
}

// gate holds up whoever passes until it is opened.
type gate struct{ reached, open chan struct{} }

func newGate() gate { return gate{make(chan struct{}), make(chan struct{})} }

func (g gate) pass() {
	close(g.reached)
	<-g.open
}

// at has a store's opening pass a gate.
func (g gate) at(open stores.Opener) stores.Opener {
	return func(ctx context.Context, env stores.Env) (stores.Store, error) {
		g.pass()
		return open(ctx, env)
	}
}

// TestCommandsDuringStart gives every command while a start goes on: it waits
// for the end of it.
func TestCommandsDuringStart(t *testing.T) {
	for _, c := range commands {
		t.Run(c.name, func(t *testing.T) {
			onEveryClock(t, func(t *testing.T, r *rig) {
				g := newGate()
				r.must(r.AddStore(patience(t), "slow", g.at(memory.Open())))
				started, given := make(chan error, 1), make(chan error, 1)
				go func() { started <- r.Start(patience(t)) }()
				<-g.reached
				if state := r.State(); state != carillon.Stopped {
					t.Errorf("state %v before the stores are open", state)
				}
				go func() { given <- c.give(r.Scheduler, patience(t)) }()
				close(g.open)
				r.must(<-started)
				to, wantErr := reference(carillon.Running, c)
				if err := <-given; !errors.Is(err, wantErr) {
					t.Errorf("%s during a start: %v, want %v", c.name, err, wantErr)
				}
				if state := r.State(); state != to {
					t.Errorf("%s during a start: state %v, want %v", c.name, state, to)
				}
				if r.Running() {
					r.shutdown()
				}
			})
		})
	}
}

// TestCommandsDuringShutdown gives every command while a shutdown waits for a
// job: those that a stopped scheduler refuses are refused at once; a start waits
// for the end of it; another shutdown takes part in it.
func TestCommandsDuringShutdown(t *testing.T) {
	for _, c := range commands {
		t.Run(c.name, func(t *testing.T) {
			onEveryClock(t, func(t *testing.T, r *rig) {
				g, begun, over := newGate(), make(chan error, 1), make(chan struct{}, 1)
				_, err := carillon.On(r.Scheduler, func(*messages.SchedulerShutdown) { over <- struct{}{} })
				r.must(err)
				r.once("long", func(context.Context) error { g.pass(); return nil })
				r.start()
				<-g.reached
				r.once("stops", func(ctx context.Context) error {
					begun <- r.Shutdown(ctx)
					return nil
				})
				r.must(<-begun)
				if state := r.State(); state != carillon.Stopped {
					t.Errorf("state %v once a shutdown has begun", state)
				}
				given := make(chan error, 1)
				go func() { given <- c.give(r.Scheduler, patience(t)) }()
				to, wantErr := reference(carillon.Stopped, c)
				if c.name == "Shutdown" {
					wantErr = nil
				}
				if c.name == "Pause" || c.name == "Resume" {
					if err := <-given; !errors.Is(err, wantErr) {
						t.Errorf("%s during a shutdown: %v, want %v", c.name, err, wantErr)
					}
					given <- wantErr
				}
				if names := r.timeline(messages.MaskSchedulerShutdown); len(names) > 0 {
					t.Error("the shutdown has not waited for the job")
				}
				inTime := strings.HasSuffix(t.Name(), "/real") // nothing tells outside of a bubble that the command was given
				if inTime {
					synctest.Wait()
				}
				close(g.open)
				<-over
				r.settle()
				err = <-given
				if c.name == "Shutdown" && !inTime && errors.Is(err, carillon.ErrNotRunning) {
					err = nil // it came when the other one was over
				}
				if !errors.Is(err, wantErr) {
					t.Errorf("%s during a shutdown: %v, want %v", c.name, err, wantErr)
				}
				if state := r.State(); state != to {
					t.Errorf("%s during a shutdown: state %v, want %v", c.name, state, to)
				}
				if r.Running() {
					r.shutdown()
				}
				if outcome := r.result("long").Outcome; outcome != carillon.Executed {
					t.Errorf("the job that was waited for: %v", outcome)
				}
			})
		})
	}
}

// TestStartFails has one of two stores fail to open, and one of two executors:
// the start undoes what it has done, and the next one succeeds.
func TestStartFails(t *testing.T) {
	broken := errors.New("out of order")
	onEveryClock(t, func(t *testing.T, r *rig) {
		var openings, closings int
		failing := true
		r.must(r.AddStore(patience(t), "good", func(ctx context.Context, env stores.Env) (stores.Store, error) {
			openings++
			store, err := memory.Open()(ctx, env)
			return &hooked{Store: store, hook: func(op string) error {
				if op == "close" {
					closings++
				}
				return nil
			}}, err
		}))
		r.must(r.AddStore(patience(t), "bad", func(ctx context.Context, env stores.Env) (stores.Store, error) {
			if failing {
				return nil, broken
			}
			return memory.Open()(ctx, env)
		}))
		r.must(r.AddExecutor(patience(t), "bad", func(ctx context.Context, host executors.Host) (executors.Executor, error) {
			if failing {
				return nil, broken
			}
			return pool.Open(pool.Config{})(ctx, host)
		}))
		r.add("pending", nothing)
		if err := r.Start(patience(t)); !errors.Is(err, broken) {
			t.Errorf("Start: %v, want %v", err, broken)
		}
		if state := r.State(); state != carillon.Stopped {
			t.Errorf("state %v after a start that failed", state)
		}
		if openings != closings {
			t.Errorf("a store was opened %d times and closed %d times", openings, closings)
		}
		if jobs, _ := r.Jobs(patience(t)); len(jobs) != 1 || !jobs[0].Pending {
			t.Errorf("jobs %v after a start that failed, want the pending one", jobs)
		}
		failing = false
		r.start()
		r.pass(3 * time.Second)
		r.shutdown()
		r.checkOutcomes("pending", time.Second, carillon.Executed)
		if n := r.total("pending", carillon.Executed); n != 3 {
			t.Errorf("the pending job has run %d times in 3 s", n)
		}
		r.checkTimeline(maskLifecycle, "SchedulerStarted", "SchedulerShutdown")
	})
}

// TestRequestsDuringFailingStart asks for jobs while a start goes on that is
// going to fail because a store refuses the pending ones.
func TestRequestsDuringFailingStart(t *testing.T) {
	onEveryClock(t, func(t *testing.T, r *rig) {
		g, refused := newGate(), errors.New("refused")
		failing := true
		r.must(r.AddStore(patience(t), "bad", hookedStore(memory.Open(), func(op string) error {
			if op != "put" || !failing {
				return nil
			}
			g.pass()
			return refused
		})))
		_, err := r.Every(time.Second, nothing, carillon.Job{ID: "pending", Store: "bad"})
		r.must(err)
		_, err = r.Every(time.Second, nothing, carillon.Job{ID: "other"})
		r.must(err)
		started, listed := make(chan error, 1), make(chan error, 1)
		go func() { started <- r.Start(patience(t)) }()
		<-g.reached
		go func() {
			jobs, err := r.Jobs(patience(t))
			if err == nil && len(jobs) != 2 {
				err = fmt.Errorf("%d jobs, want 2", len(jobs))
			}
			listed <- err
		}()
		failing = false
		close(g.open)
		if err := <-started; !errors.Is(err, refused) {
			t.Errorf("Start: %v, want %v", err, refused)
		}
		r.must(<-listed)
		r.start() // the other store has given its job back
		r.shutdown()
	})
}

// TestStartAgain starts a scheduler a second time: the memory store is empty,
// the listeners are kept, and jobs that are added in between are pending.
func TestStartAgain(t *testing.T) {
	onEveryClock(t, func(t *testing.T, r *rig) {
		r.add("first", nothing)
		r.start()
		r.pass(2 * time.Second)
		r.shutdown()
		r.add("second", nothing)
		r.start()
		jobs, err := r.Jobs(patience(t))
		r.must(err)
		if len(jobs) != 1 || jobs[0].ID != "second" {
			t.Errorf("jobs %v after the second start, want the second only", jobs)
		}
		r.pass(2 * time.Second)
		r.shutdown()
		for _, id := range []string{"first", "second"} {
			if n := r.checkOutcomes(id, time.Second, carillon.Executed); n != 2 {
				t.Errorf("job %q has run %d times in 2 s", id, n)
			}
		}
		r.checkTimeline(maskLifecycle, "SchedulerStarted", "SchedulerShutdown", "SchedulerStarted", "SchedulerShutdown")
	})
}

// TestRun runs until the context ends, until somebody shuts down, and not at
// all.
func TestRun(t *testing.T) {
	onEveryClock(t, func(t *testing.T, r *rig) {
		started := make(chan struct{}, 1)
		_, err := carillon.On(r.Scheduler, func(*messages.SchedulerStarted) { started <- struct{}{} })
		r.must(err)
		ended := make(chan error, 1)
		run := func() (stop context.CancelFunc) {
			ctx, cancel := context.WithCancel(context.Background())
			go func() { ended <- r.Run(ctx) }()
			<-started
			return cancel
		}

		stop := run()
		stop()
		r.must(<-ended)

		stop = run()
		if err := r.Run(context.Background()); !errors.Is(err, carillon.ErrAlreadyRunning) {
			t.Errorf("Run of a running scheduler: %v", err)
		}
		r.shutdown()
		r.must(<-ended)
		stop()
		if state := r.State(); state != carillon.Stopped {
			t.Errorf("state %v after Run", state)
		}
	})
}

// TestEndedContext asks with a context that has ended: nothing is done.
func TestEndedContext(t *testing.T) {
	inBubble(t, carillon.Config{}, func(t *testing.T, r *rig) {
		ended, cancel := context.WithCancel(context.Background())
		cancel()
		for name, ask := range map[string]func() error{
			"Start":  func() error { return r.Start(ended) },
			"Run":    func() error { return r.Run(ended) },
			"AddJob": func() error { _, err := r.AddJob(ended, carillon.Func(nothing), nil, carillon.Job{}); return err },
		} {
			if err := ask(); !errors.Is(err, context.Canceled) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if jobs, err := r.Jobs(patience(t)); err != nil || len(jobs) > 0 || r.Running() {
			t.Errorf("running: %v, jobs %v, %v", r.Running(), jobs, err)
		}
	})
}

// TestNoTimer asks a scheduler without a job when it will act.
func TestNoTimer(t *testing.T) {
	inBubble(t, carillon.Config{}, func(t *testing.T, r *rig) {
		if at, ok := r.NextTimer(); ok || !at.IsZero() {
			t.Errorf("at %v, %t", at, ok)
		}
	})
}
