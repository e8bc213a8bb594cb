package actors

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carillon-go/carillon/executors/pool"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/memory"
)

// accepts lists what each actor accepts. TestAcceptsIsComplete finds what is
// missing here, and TestPanics strikes each actor at each of these.
var accepts = map[string][]any{
	"supervisor": {
		&messages.Start{}, &messages.Pause{}, &messages.Resume{}, &messages.Shutdown{}, &messages.Halt{},
		&messages.AwaitStopped{}, &messages.GetState{}, &messages.GetRuns{}, &messages.GetMembers{}, &messages.Configure{},
		&messages.AddStore{}, &messages.RemoveStore{}, &messages.AddExecutor{}, &messages.RemoveExecutor{},
		&messages.Opened{}, &messages.Closed{}, &messages.ModeSet{}, &messages.PendingPut{}, &messages.Flushed{},
	},
	"scheduler": {
		&messages.AddJobs{}, &messages.GetJob{}, &messages.ListJobs{}, &messages.ModifyJob{}, &messages.RescheduleJob{},
		&messages.PauseJob{}, &messages.ResumeJob{}, &messages.RemoveJob{}, &messages.RemoveJobs{}, &messages.RemoveAllJobs{}, &messages.GetHistory{}, &messages.PageJobs{}, &messages.ListStores{}, &messages.PrepareJobs{},
		&messages.SetMode{}, &messages.PutPending{}, &messages.Join{}, &messages.Leave{},
		&messages.Wakeup{}, &messages.Jumped{}, &messages.Claimed{}, &messages.Applied{}, &messages.Due{},
		&messages.Finished{}, &messages.Interest{},
	},
	"timer": {&messages.SetAlarm{}, &ring{}},
	"store": {
		&messages.Open{}, &messages.ClaimDue{}, &messages.Apply{}, &undo{}, &messages.Finish{}, &record{},
		&messages.CloseStore{}, &messages.AddJobs{}, &messages.RemoveJob{}, &messages.RemoveJobs{}, &inquiry{},
	},
	"executor": {&messages.Open{}, &messages.Execute{}, &reported{}, &messages.CloseExecutor{}, &shutDown{}, &giveUp{}},
	"events": {
		&messages.AddListener{}, &messages.RemoveListener{}, &messages.Publish{}, &messages.Flush{},
		&messages.Delivered{}, &giveUp{},
	},
	"listener": {&messages.Deliver{}},
}

// kind is the actor without what tells it from others of its kind.
func kind(actor string) string { return strings.SplitN(actor, "-", 2)[0] }

func typeName(message any) string { return strings.TrimPrefix(fmt.Sprintf("%T", message), "*") }

// scenario is a scheduler's life in which every actor gets every message: jobs
// come and go, stores and executors too, a store fails, a start fails, a job
// has to be cancelled.
type scenario struct {
	*rig
	exact   bool         // nothing may go wrong
	ticks   atomic.Int64 // runs of the job "tick"
	changed func()
	failing string // the operation that the second store refuses next
}

func newScenario(t testing.TB) *scenario {
	s := &scenario{}
	first, second := memory.New(), memory.New()
	s.rig = newRig(t, func(c *Config) {
		c.Stores = []Member[stores.Opener]{
			{Alias: job.DefaultAlias, Open: s.watched(first.Open)},
			{Alias: "second", Open: openFaulty(second.Open, s.refuse)},
		}
	})
	return s
}

// watched opens a store whose watcher s can call.
func (s *scenario) watched(open stores.Opener) stores.Opener {
	return func(ctx context.Context, env stores.Env) (stores.Store, error) {
		store, err := open(ctx, env)
		return &watched{Store: store, scenario: s}, err
	}
}

type watched struct {
	stores.Store
	scenario *scenario
}

func (w *watched) Transient() {}

func (w *watched) Watch(_ context.Context, changed func()) error {
	w.scenario.changed = changed
	return nil
}

// went reports an error of a step that nothing was to disturb.
func (s *scenario) went(err error) {
	s.t.Helper()
	if s.exact {
		s.must(err)
	}
}

// failOnce has the second store refuse the next operation of this name.
func (s *scenario) failOnce(op string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failing = op
}

func (s *scenario) refuse(op string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if op != s.failing {
		return nil
	}
	s.failing = ""
	return errors.New("out of order")
}

// begin brings the scheduler to where the disturbed part of its life begins.
func (s *scenario) begin() {
	s.must(s.add(every(time.Second, "tick", func(context.Context) error { s.ticks.Add(1); return nil })))
	s.must(s.start())
	time.Sleep(2500 * time.Millisecond)
}

func (s *scenario) live() {
	s.changeJobs()
	s.changeMembers()
	s.pause()
	s.stop()
	s.startAgain()
}

func (s *scenario) changeJobs() {
	second := messages.Target{ID: "b", Store: "second"}
	a, b := every(time.Second, "a", nothing), every(time.Second, "b", nothing)
	b.Store = "second"
	s.went(s.add(a, b))
	s.failOnce("finish")
	time.Sleep(1100 * time.Millisecond)
	s.failOnce("")
	s.went(onlyErr(ask(s.rig, &messages.GetJob{Reply: messages.To[job.Job](), Target: second})))
	s.went(onlyErr(ask(s.rig, &messages.ModifyJob{Reply: messages.To[job.Job](), Target: second, Changes: job.Changes{Name: new("other")}})))
	s.went(onlyErr(ask(s.rig, &messages.PauseJob{Reply: messages.To[job.Job](), Target: second})))
	s.went(onlyErr(ask(s.rig, &messages.ResumeJob{Reply: messages.To[job.Job](), Target: second})))
	s.went(onlyErr(ask(s.rig, &messages.RescheduleJob{Reply: messages.To[job.Job](), Target: second, Trigger: a.Trigger})))
	s.went(onlyErr(ask(s.rig, &messages.ListJobs{Reply: messages.To[[]job.Job]()})))
	s.Wakeup()
	s.changed()
	s.host.post(s.host.scheduler, &messages.Jumped{By: time.Hour})
	time.Sleep(12 * time.Second)
	s.went(onlyErr(ask(s.rig, &messages.RemoveJobs{Reply: messages.To[messages.None](), IDs: []string{"a"}, Store: "default"})))
	s.went(onlyErr(ask(s.rig, &messages.RemoveJobs{Reply: messages.To[messages.None](), IDs: []string{"b"}})))
	s.went(s.add(b))
	s.went(onlyErr(ask(s.rig, &messages.RemoveJob{Reply: messages.To[messages.None](), Target: messages.Target{ID: "b"}})))
	s.went(onlyErr(ask(s.rig, &messages.RemoveAllJobs{Reply: messages.To[messages.None](), Store: "second"})))
	s.went(onlyErr(ask(s.rig, &messages.GetRuns{Reply: messages.To[[]job.ActiveRun]()})))
	s.went(onlyErr(ask(s.rig, &messages.GetMembers{Reply: messages.To[[]string](), Kind: messages.StoreMember})))
	s.went(onlyErr(ask(s.rig, &messages.ListStores{Reply: messages.To[[]string]()})))
	s.went(onlyErr(ask(s.rig, &messages.PageJobs{Reply: messages.To[[]job.Job](), Store: "second", Limit: 1})))
	s.went(onlyErr(ask(s.rig, &messages.PrepareJobs{Reply: messages.To[[]job.Job](), Jobs: []job.Job{{}}})))
	s.went(onlyErr(ask(s.rig, &messages.GetHistory{Reply: messages.To[[]job.Record](), Store: "second", Query: stores.HistoryQuery{Limit: 1}})))
}

func (s *scenario) changeMembers() {
	id, err := ask(s.rig, &messages.AddListener{Reply: messages.To[messages.ListenerID](), Listen: func(messages.Event) {}, Mask: messages.MaskAll})
	s.went(err)
	s.went(onlyErr(ask(s.rig, &messages.AddStore{Reply: messages.To[messages.None](), Alias: "third", Open: memory.Open()})))
	s.went(onlyErr(ask(s.rig, &messages.AddExecutor{Reply: messages.To[messages.None](), Alias: "third", Open: pool.Open(pool.Config{})})))
	c := every(time.Second, "c", nothing)
	c.Store, c.Executor = "third", "third"
	s.went(s.add(c))
	time.Sleep(1500 * time.Millisecond)
	s.went(onlyErr(ask(s.rig, &messages.RemoveJob{Reply: messages.To[messages.None](), Target: messages.Target{ID: "c", Store: "third"}})))
	s.went(onlyErr(ask(s.rig, &messages.RemoveExecutor{Reply: messages.To[messages.None](), Alias: "third"})))
	s.went(onlyErr(ask(s.rig, &messages.RemoveStore{Reply: messages.To[messages.None](), Alias: "third"})))
	s.went(onlyErr(ask(s.rig, &messages.RemoveListener{Reply: messages.To[bool](), ID: id})))
}

// pause checks that no run begins in a pause.
func (s *scenario) pause() {
	_, err := ask(s.rig, &messages.Pause{Reply: messages.To[messages.None]()})
	s.went(err)
	if err == nil {
		time.Sleep(100 * time.Millisecond)
		before := s.ticks.Load()
		time.Sleep(2 * time.Second)
		if after := s.ticks.Load(); after != before {
			s.t.Errorf("%d runs in a pause", after-before)
		}
		if state := s.state(); state != messages.Paused {
			s.t.Errorf("state %v in a pause", state)
		}
	}
	s.went(onlyErr(ask(s.rig, &messages.Resume{Reply: messages.To[messages.None]()})))
	time.Sleep(100 * time.Millisecond)
}

// stop shuts down while a job runs that has to be cancelled.
func (s *scenario) stop() {
	s.went(s.add(job.Job{ID: "long", Call: job.Func(func(ctx context.Context) error {
		select {
		case <-ctx.Done():
		case <-time.After(time.Minute):
		}
		return context.Cause(ctx)
	})}))
	s.went(s.add(job.Job{ID: "deaf", Call: job.Func(func(context.Context) error {
		time.Sleep(8 * time.Second)
		return nil
	})}))
	time.Sleep(100 * time.Millisecond)
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		s.went(onlyErr(ask(s.rig, &messages.AwaitStopped{Reply: messages.To[messages.None]()})))
	}()
	err := s.shutdownWithin(5 * time.Second)
	if s.exact && !errors.Is(err, context.DeadlineExceeded) {
		s.t.Errorf("Shutdown: %v, want one that was out of patience", err)
	}
	if s.state() != messages.Stopped { // it was refused, or is under way still
		s.strike(nil)
		_ = s.shutdown()
	}
	<-stopped
}

// startAgain starts in vain, and then with success.
func (s *scenario) startAgain() {
	s.went(onlyErr(ask(s.rig, &messages.Configure{Reply: messages.To[messages.None]()})))
	d, e := every(time.Second, "d", nothing), every(time.Second, "e", nothing)
	e.Store = "second"
	s.went(s.add(d, e))
	s.failOnce("put")
	if err := s.start(); err == nil && s.exact {
		s.t.Error("Start has succeeded although a store refused the jobs")
	}
	s.failOnce("")
	s.went(s.start())
	time.Sleep(1100 * time.Millisecond)
}

// end checks that nothing of what has happened is left: the scheduler works as
// a new one does.
func (s *scenario) end() {
	if s.state() == messages.Stopped {
		s.must(s.start())
	}
	s.must(onlyErr(ask(s.rig, &messages.Resume{Reply: messages.To[messages.None]()})))
	s.must(s.add(every(time.Second, "last", nothing)))
	time.Sleep(time.Minute)
	if n := s.total("last"); n < 59 {
		s.t.Errorf("a job that is due every second was run %d times in a minute", n)
	}
	s.must(s.shutdown())
	if state := s.state(); state != messages.Stopped {
		s.t.Errorf("state %v after Shutdown", state)
	}
	if names := s.timeline(messages.MaskSchedulerShutdown); len(names) == 0 {
		s.t.Error("no SchedulerShutdown")
	}
}

func onlyErr[R any](_ R, err error) error { return err }

// TestPanics has every actor panic at every message that it accepts: once;
// three times, after which the message is abandoned; and at all of the kind.
// Nothing may be lost but what could not be done.
func TestPanics(t *testing.T) {
	modes := []struct {
		name  string
		times int
	}{{"once", 1}, {"thrice", maxTries}, {"always", 1 << 30}}
	for _, actor := range slices.Sorted(maps.Keys(accepts)) {
		for _, message := range accepts[actor] {
			for _, mode := range modes {
				t.Run(fmt.Sprintf("%s/%s/%s", actor, typeName(message), mode.name), func(t *testing.T) {
					t.Parallel()
					synctest.Test(t, func(t *testing.T) { testPanics(t, actor, typeName(message), mode.times) })
				})
			}
		}
	}
}

func testPanics(t *testing.T, actor, message string, times int) {
	s := newScenario(t)
	s.begin()
	s.exact = times == 1
	struck := 0
	s.strike(func(a string, m any) {
		if kind(a) == actor && typeName(m) == message && struck < times {
			struck++
			panic(fmt.Sprintf("injected into %s at %s", a, message))
		}
	})
	s.live()
	s.strike(nil)
	if struck == 0 {
		t.Errorf("%s has not got a single %s", actor, message)
	}
	s.end()
	if s.exact {
		s.checkOutcomes("tick", time.Second, job.Executed)
	} else {
		s.checkOutcomes("tick", time.Second, job.Executed, job.Lost)
	}
	s.checkOutcomes("last", time.Second, job.Executed)
}

// TestAcceptsIsComplete compares the table with what the actors get in a life
// that nothing disturbs, and with the conversations of package messages.
func TestAcceptsIsComplete(t *testing.T) {
	seen := make(map[string]bool)
	synctest.Test(t, func(t *testing.T) {
		s := newScenario(t)
		s.exact = true
		s.strike(func(actor string, message any) { seen[kind(actor)+" "+typeName(message)] = true })
		s.begin()
		s.live()
		s.end()
		s.checkOutcomes("tick", time.Second, job.Executed)
	})
	listed := make(map[string]bool)
	for actor, list := range accepts {
		for _, message := range list {
			listed[actor+" "+typeName(message)] = true
			if !seen[actor+" "+typeName(message)] {
				t.Errorf("the scenario has no %s for the %s", typeName(message), actor)
			}
		}
	}
	for pair := range seen {
		if !listed[pair] {
			t.Errorf("accepts does not list: %s", pair)
		}
	}
	inCharge := map[string]string{"lifecycle": "supervisor", "members": "supervisor", "jobs": "scheduler", "listening": "events"}
	for name, conversation := range sealed(t) {
		actor, ok := inCharge[conversation]
		if ok && !listed[actor+" messages."+name] {
			t.Errorf("accepts does not list: %s messages.%s", actor, name)
		}
	}
}

// sealed returns the types of package messages by the unexported method that
// seals their conversation.
func sealed(t *testing.T) map[string]string {
	files, err := filepath.Glob("../messages/*.go")
	if err != nil {
		t.Fatal(err)
	}
	conversations := make(map[string]string)
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || f.Recv == nil || ast.IsExported(f.Name.Name) {
				continue
			}
			if star, ok := f.Recv.List[0].Type.(*ast.StarExpr); ok {
				if name, ok := star.X.(*ast.Ident); ok {
					conversations[name.Name] = f.Name.Name
				}
			}
		}
	}
	return conversations
}
