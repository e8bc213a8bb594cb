package carillon_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/memory"
)

// hooked is a Store whose operations call a hook before they do anything: it
// may fail, panic, wait.
type hooked struct {
	stores.Store
	hook func(op string) error
}

var _ stores.Transient = (*hooked)(nil)

// hookedStore opens hooked stores. Opening one is an operation too.
func hookedStore(open stores.Opener, hook func(op string) error) stores.Opener {
	return func(ctx context.Context, env stores.Env) (stores.Store, error) {
		if err := hook("open"); err != nil {
			return nil, err
		}
		store, err := open(ctx, env)
		if err != nil {
			return nil, err
		}
		return &hooked{store, hook}, nil
	}
}

func (h *hooked) Transient() {}

func (h *hooked) Put(ctx context.Context, mode stores.PutMode, jobs []carillon.Job) error {
	if err := h.hook("put"); err != nil {
		return err
	}
	return h.Store.Put(ctx, mode, jobs)
}

func (h *hooked) Delete(ctx context.Context, ids ...string) ([]string, error) {
	if err := h.hook("delete"); err != nil {
		return nil, err
	}
	return h.Store.Delete(ctx, ids...)
}

func (h *hooked) DeleteAll(ctx context.Context) (int, error) {
	if err := h.hook("delete"); err != nil {
		return 0, err
	}
	return h.Store.DeleteAll(ctx)
}

func (h *hooked) Get(ctx context.Context, id string) (carillon.Job, error) {
	if err := h.hook("get"); err != nil {
		return carillon.Job{}, err
	}
	return h.Store.Get(ctx, id)
}

func (h *hooked) List(ctx context.Context, after string, limit int) ([]carillon.Job, error) {
	if err := h.hook("list"); err != nil {
		return nil, err
	}
	return h.Store.List(ctx, after, limit)
}

func (h *hooked) Heartbeat(ctx context.Context, node string, ttl time.Duration) error {
	if err := h.hook("heartbeat"); err != nil {
		return err
	}
	return h.Store.Heartbeat(ctx, node, ttl)
}

func (h *hooked) ClaimDue(ctx context.Context, claim *stores.Claim) (*stores.Claimed, error) {
	if err := h.hook("claim"); err != nil {
		return nil, err
	}
	return h.Store.ClaimDue(ctx, claim)
}

func (h *hooked) Finish(ctx context.Context, node string, done []stores.Done) (stores.Finished, error) {
	if err := h.hook("finish"); err != nil {
		return stores.Finished{}, err
	}
	return h.Store.Finish(ctx, node, done)
}

func (h *hooked) Watch(ctx context.Context, changed func()) error {
	if err := h.hook("watch"); err != nil {
		return err
	}
	return h.Store.Watch(ctx, changed)
}

func (h *hooked) Close() error {
	if err := h.hook("close"); err != nil {
		return err
	}
	return h.Store.Close()
}

// lasting hides that a Store keeps its jobs in memory: it is opened anew when
// it panics.
func lasting(open stores.Opener) stores.Opener {
	return func(ctx context.Context, env stores.Env) (stores.Store, error) {
		store, err := open(ctx, env)
		return struct{ stores.Store }{store}, err
	}
}

// trouble is what a store does about one of its operations while it lasts.
type trouble struct {
	op   string
	make func() error

	mu   sync.Mutex
	over chan struct{} // nil: there is none
}

func (tr *trouble) hook(op string) error {
	tr.mu.Lock()
	lasts := tr.over != nil
	tr.mu.Unlock()
	if op != tr.op || !lasts {
		return nil
	}
	return tr.make()
}

func (tr *trouble) begin() {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	tr.over = make(chan struct{})
}

func (tr *trouble) end() {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	close(tr.over)
	tr.over = nil
}

// wait lasts as long as the trouble, whatever anybody's context says.
func (tr *trouble) wait() error {
	tr.mu.Lock()
	over := tr.over
	tr.mu.Unlock()
	<-over
	return errOutOfOrder
}

var errOutOfOrder = errors.New("out of order")

// TestStoreTrouble has one of two stores fail, panic or hang in each of its
// operations for a while: the other store's jobs are run to the second, nobody
// waits longer than it wants to, and when the trouble is over the store's own
// jobs have lost none of their runs.
func TestStoreTrouble(t *testing.T) {
	kinds := []struct {
		name string
		make func(*trouble) error
	}{
		{"error", func(*trouble) error { return errOutOfOrder }},
		{"panic", func(*trouble) error { panic(errOutOfOrder) }},
		{"hang", (*trouble).wait},
	}
	homes := []struct {
		name string
		open func(stores.Opener) stores.Opener
	}{
		{"in memory", func(open stores.Opener) stores.Opener { return open }},
		{"lasting", lasting},
	}
	for _, op := range []string{"put", "delete", "get", "list", "claim", "finish"} {
		for _, kind := range kinds {
			for _, home := range homes {
				t.Run(op+"/"+kind.name+"/"+home.name, func(t *testing.T) {
					tr := &trouble{op: op}
					tr.make = func() error { return kind.make(tr) }
					bad := home.open(hookedStore(memory.New().Open, tr.hook))
					inBubble(t, carillon.Config{Stores: carillon.Stores{"bad": bad}}, func(t *testing.T, r *rig) {
						testStoreTrouble(t, r, tr)
					})
				})
			}
		}
	}
}

func testStoreTrouble(t *testing.T, r *rig, tr *trouble) {
	inBad := steady("in bad")
	inBad.Store = "bad"
	_, err := r.Every(time.Second, nothing, inBad)
	r.must(err)
	r.add("in good", nothing)
	r.start()
	r.pass(2500 * time.Millisecond)
	tr.begin()
	for range 5 {
		r.askBad()
		r.pass(time.Second)
	}
	if tr.op != "delete" && tr.op != "list" && tr.op != "get" {
		if n := r.total("in good", carillon.Executed); n < 7 {
			t.Errorf("the good store's job has run %d times in 7.5 s", n)
		}
	}
	tr.end()
	r.pass(30 * time.Second)
	r.shutdown()
	r.checkOutcomes("in bad", time.Second, carillon.Executed)
	r.checkOutcomes("in good", time.Second, carillon.Executed)
	for _, result := range r.results("in good") {
		if !result.Started.Equal(result.Run.Scheduled) {
			t.Errorf("the good store's run of %v was started at %v", result.Run.Scheduled, result.Started)
		}
	}
	if a, b := r.total("in bad", carillon.Executed), r.total("in good", carillon.Executed); a != b {
		t.Errorf("%d runs in the bad store, %d in the good one", a, b)
	}
}

// askBad asks for everything that has to do with the bad store, and reports who
// waits longer than it wants to.
func (r *rig) askBad() {
	r.t.Helper()
	begun := time.Now()
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	other := carillon.Job{ID: "other", Store: "bad", Replace: true}
	_, _ = r.AddJob(ctx, carillon.Func(nothing), seconds(), other)
	_, _ = r.Job(ctx, "other", "bad")
	_, _ = r.Jobs(ctx, "bad")
	_, _ = r.ModifyJob(ctx, "other", carillon.Changes{Name: new("name")}, "bad")
	_ = r.RemoveJob(ctx, "other", "bad")
	if took := time.Since(begun); took > 100*time.Millisecond {
		r.t.Errorf("requests bounded by 100ms have taken %v", took)
	}
}

// TestStoreRetry has a store fail to hand out its due runs: it is left alone for
// the retry interval each time.
func TestStoreRetry(t *testing.T) {
	var asked []time.Time
	tr := &trouble{op: "claim", make: func() error { asked = append(asked, time.Now()); return errOutOfOrder }}
	config := carillon.Config{
		Stores:             carillon.Stores{"default": hookedStore(memory.Open(), tr.hook)},
		StoreRetryInterval: 7 * time.Second,
	}
	inBubble(t, config, func(t *testing.T, r *rig) {
		r.add("job", nothing)
		r.start()
		r.pass(500 * time.Millisecond)
		tr.begin()
		r.pass(time.Minute)
		for i := 1; i < len(asked); i++ {
			if distance := asked[i].Sub(asked[i-1]); distance != 7*time.Second {
				t.Errorf("asked again after %v", distance)
			}
		}
		if len(asked) != 9 {
			t.Errorf("asked %d times in a minute", len(asked))
		}
		tr.end()
		r.pass(7 * time.Second)
		if n := r.checkOutcomes("job", time.Second, carillon.Executed); n < 60 {
			t.Errorf("%d runs of a minute are made up for", n)
		}
		r.shutdown()
	})
}

// TestStoreRestarted tells that a store was opened anew.
func TestStoreRestarted(t *testing.T) {
	tr := &trouble{op: "claim", make: func() error { panic("boom") }}
	openings := 0
	open := lasting(hookedStore(memory.New().Open, func(op string) error {
		if op == "open" {
			openings++
		}
		return tr.hook(op)
	}))
	inBubble(t, carillon.Config{Stores: carillon.Stores{"default": open}}, func(t *testing.T, r *rig) {
		r.add("job", nothing)
		r.start()
		tr.begin()
		r.pass(1500 * time.Millisecond)
		tr.end()
		r.pass(30 * time.Second)
		r.shutdown()
		r.checkOutcomes("job", time.Second, carillon.Executed)
		if openings != 3 { // a claim is tried a second time at once
			t.Errorf("the store was opened %d times, want 3", openings)
		}
		r.checkTimeline(messages.MaskStoreRestarted|messages.MaskActorRestarted, "StoreRestarted", "StoreRestarted")
	})
}

// TestStoreFailed tells that a store cannot be claimed from, or cannot record, and
// does so each time that it is tried.
func TestStoreFailed(t *testing.T) {
	for _, row := range []struct{ op, says string }{
		{"claim", `claim due jobs in store "default": out of order`},
		{"finish", `record outcomes in store "default": out of order`},
	} {
		t.Run(row.op, func(t *testing.T) {
			tr := &trouble{op: row.op, make: func() error { return errOutOfOrder }}
			open := hookedStore(memory.New().Open, tr.hook)
			inBubble(t, carillon.Config{Stores: carillon.Stores{"default": open}}, func(t *testing.T, r *rig) {
				var told []string
				_, err := carillon.On(r.Scheduler, func(e *messages.StoreFailed) { told = append(told, e.Alias+": "+e.Err.Error()) })
				r.must(err)
				r.once("job", func(ctx context.Context) error { return carillon.Sleep(ctx, 2*time.Second) })
				tr.begin()
				r.start()
				r.pass(15 * time.Second) // the first try, and one 10 s later
				tr.end()
				r.pass(30 * time.Second)
				r.shutdown()
				r.result("job")
				if want := "default: " + row.says; !slices.Equal(told, []string{want, want}) {
					t.Errorf("listeners are told %q, want %q twice", told, want)
				}
			})
		})
	}
}

// TestStoreOpening has the opening of a store fail, panic and hang, at the start
// and later; and what is called while it is opened likewise.
func TestStoreOpening(t *testing.T) {
	for _, op := range []string{"open", "heartbeat", "watch"} {
		for _, kind := range []struct {
			name string
			make func(*trouble) error
		}{
			{"error", func(*trouble) error { return errOutOfOrder }},
			{"panic", func(*trouble) error { panic(errOutOfOrder) }},
			{"hang", (*trouble).wait},
		} {
			t.Run(op+"/"+kind.name, func(t *testing.T) {
				tr := &trouble{op: op}
				tr.make = func() error { return kind.make(tr) }
				inBubble(t, carillon.Config{}, func(t *testing.T, r *rig) { testStoreOpening(t, r, tr) })
			})
		}
	}
}

func testStoreOpening(t *testing.T, r *rig, tr *trouble) {
	bad := hookedStore(memory.Open(), tr.hook)
	second := func() context.Context {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		t.Cleanup(cancel)
		return ctx
	}
	r.add("in good", nothing)
	r.start()
	tr.begin()
	if err := r.AddStore(second(), "bad", bad); err == nil {
		t.Error("AddStore has succeeded")
	}
	r.pass(5 * time.Second)
	if n := r.checkOutcomes("in good", time.Second, carillon.Executed); n < 5 {
		t.Errorf("the good store's job has run %d times in 5 s", n)
	}
	r.must(r.Pause(second()))
	r.must(r.Resume(second()))
	err := r.shutdownWithin(time.Second)
	if err != nil && !strings.Contains(err.Error(), "bad") {
		t.Errorf("Shutdown: %v", err)
	}
	tr.end()
	synctest.Wait()
	if r.Running() {
		r.shutdown()
	}

	tr.begin()
	if err := r.AddStore(second(), "bad", bad); err != nil && !errors.Is(err, carillon.ErrAliasInUse) {
		t.Errorf("AddStore: %v", err)
	}
	if err := r.Start(second()); err == nil {
		t.Error("Start has succeeded")
	}
	tr.end()
	synctest.Wait()
	if state := r.State(); state != carillon.Stopped {
		t.Errorf("state %v after a start that failed", state)
	}
	r.start()
	r.shutdown()
}

// TestStoreClosing has the closing of a store fail, panic and hang.
func TestStoreClosing(t *testing.T) {
	for _, kind := range []struct {
		name string
		make func(*trouble) error
	}{
		{"error", func(*trouble) error { return errOutOfOrder }},
		{"panic", func(*trouble) error { panic(errOutOfOrder) }},
		{"hang", (*trouble).wait},
	} {
		t.Run(kind.name, func(t *testing.T) {
			tr := &trouble{op: "close"}
			tr.make = func() error { return kind.make(tr) }
			bad := hookedStore(memory.Open(), tr.hook)
			inBubble(t, carillon.Config{Stores: carillon.Stores{"bad": bad}}, func(t *testing.T, r *rig) {
				r.add("job", nothing)
				r.start()
				r.pass(2 * time.Second)
				tr.begin()
				if err := r.shutdownWithin(time.Second); err == nil || !strings.Contains(err.Error(), `store "bad"`) {
					t.Errorf("Shutdown: %v, want what is the matter with the store", err)
				}
				tr.end()
				synctest.Wait()
				r.checkTimeline(maskLifecycle, "SchedulerStarted", "SchedulerShutdown")
				r.start()
				r.shutdown()
			})
		})
	}
}

// TestLastOutcomes has a store fail when a run has ended, and once more when it
// is closed: the outcome is recorded all the same.
func TestLastOutcomes(t *testing.T) {
	var tries atomic.Int32
	open := hookedStore(memory.Open(), func(op string) error {
		if op == "finish" && tries.Add(1) <= 2 {
			return errors.New("not now")
		}
		return nil
	})
	inBubble(t, carillon.Config{Stores: carillon.Stores{"default": open}}, func(t *testing.T, r *rig) {
		r.start()
		r.once("job", nothing)
		r.pass(time.Second)
		if err := r.Shutdown(patience(t)); err != nil || tries.Load() != 3 {
			t.Errorf("shutdown: %v, after %d tries", err, tries.Load())
		}
	})
}
