package actors

import (
	"context"
	"fmt"
	goruntime "runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/memory"
)

// newErrands returns a mailbox to which every message is an errand.
func newErrands() (*live, *box) {
	l := newLive(clock.Real())
	return l, newBox(mailboxKind{rt: l, mailbox: func(rt runtime) actor.Mailbox { return newLiveMailbox(rt, always) }})
}

// A goroutine that posts an errand has handled it when it returns, and nothing that
// comes meanwhile.
func TestErrandIsHandledByItsSender(t *testing.T) {
	l, b := newErrands()
	mine, other := false, make(chan none)
	b.PostUserMessage(&note{"mine", func() {
		mine = true
		b.PostUserMessage(&note{"another's", func() { <-other }})
	}})
	if !mine {
		t.Fatal("my message is not handled when I have posted it")
	}
	close(other)
	if err := l.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(b.handled); got != "[mine another's]" {
		t.Errorf("handled %s", got)
	}

	started, free := make(chan none), make(chan none)
	go b.PostUserMessage(&note{"first", func() { close(started); <-free }})
	<-started
	b.user("second") // does not wait for the first
	close(free)
	if err := l.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
}

type none = messages.None

// An errand that ends its sender's goroutine does not end the actor.
func TestErrandEndsItsSender(t *testing.T) {
	l, b := newErrands()
	var ended sync.WaitGroup
	ended.Go(func() { b.PostUserMessage(&note{"exit", func() { b.user("behind"); goruntime.Goexit() }}) })
	ended.Wait()
	b.user("later")
	if err := l.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(b.handled); got != "[exit behind later]" {
		t.Errorf("handled %s", got)
	}
}

// Many senders at a time: each message is handled once, one at a time, those of
// one sender in order.
func TestErrandsOfMany(t *testing.T) {
	l, b := newErrands()
	const senders, each = 8, 2000
	handled := make([]int, senders)
	var all sync.WaitGroup
	for i := range senders {
		all.Go(func() {
			for k := range each {
				b.PostUserMessage(&note{do: func() {
					if handled[i] != k {
						t.Errorf("message %d of %d is handled behind %d others", k, i, handled[i])
					}
					handled[i]++
				}})
			}
		})
	}
	all.Wait()
	if err := l.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i, n := range handled {
		if n != each {
			t.Errorf("%d messages of %d are handled, want %d", n, i, each)
		}
	}
}

// hung is a Store in memory that is not prompt.
type hung struct {
	stores.Transient
	free <-chan none
}

func (h *hung) Put(ctx context.Context, mode stores.PutMode, jobs []job.Job) error {
	<-h.free
	return h.Transient.Put(ctx, mode, jobs)
}

// A caller waits for a Store that hangs no longer than its context lasts.
func TestErrandsAreForPromptStores(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		free := make(chan none)
		r := newRig(t, func(c *Config) {
			c.DefaultStore = func(ctx context.Context, env stores.Env) (stores.Store, error) {
				s, err := memory.Open()(ctx, env)
				return &hung{s.(stores.Transient), free}, err
			}
		})
		r.must(onlyErr(ask(r, &messages.Start{Reply: messages.To[none]()})))
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			synctest.Wait()
			cancel()
		}()
		add := &messages.AddJobs{Reply: messages.To[[]job.Job](), Jobs: []job.Job{every(1e9, "a", nothing)}}
		if _, err := Ask(ctx, r.System, add); err != context.Canceled {
			t.Errorf("%v, want %v", err, context.Canceled)
		}
		close(free)
		r.must(r.Shutdown(t.Context()))
	})
}

// two are two actors that run live, of which the first one passes messages on.
func two() (l *live, first, second *box, pass func(*note)) {
	l = newLive(clock.Real())
	kind := mailboxKind{rt: l, mailbox: func(rt runtime) actor.Mailbox { return newLiveMailbox(rt, never) }}
	first, second = newBox(kind), newBox(kind)
	return l, first, second, func(n *note) {
		r := &first.Mailbox.(*liveMailbox).cell.relay
		r.message = n
		second.PostUserMessage(r)
	}
}

// goroutine returns the number of the calling goroutine.
func goroutine() string {
	text := make([]byte, 64)
	return strings.Fields(string(text[:goruntime.Stack(text, false)]))[1]
}

// An actor goes on with the goroutine of one that is done and has woken it.
func TestRelay(t *testing.T) {
	l, first, second, pass := two()
	var sender, receiver string
	first.PostUserMessage(&note{"pass", func() {
		sender = goroutine()
		pass(&note{"take", func() { receiver = goroutine() }})
		pass(&note{name: "and more"})
	}})
	if err := l.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if sender != receiver {
		t.Errorf("goroutine %s has gone on as %s", sender, receiver)
	}
	if got := fmt.Sprint(second.handled); got != "[take and more]" {
		t.Errorf("handled %s", got)
	}
}

// An actor does not wait for the one that has woken it and is not done, or never
// will be.
func TestRelayWaitsForNobody(t *testing.T) {
	l, first, second, pass := two()
	free := make(chan none)
	first.PostUserMessage(&note{"pass", func() {
		first.PostUserMessage(&note{"block", func() { <-free }})
		pass(&note{"free", func() { close(free) }})
	}})
	if err := l.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(first.handled, second.handled); got != "[pass block] [free]" {
		t.Errorf("handled %s", got)
	}
}

// An actor has its turn although the goroutine of the one that has woken it ends, or
// its message panics.
func TestRelayIsNotLost(t *testing.T) {
	for name, end := range map[string]func(){"exit": goruntime.Goexit, "panic": func() { panic("oh") }} {
		l, first, second, pass := two()
		first.PostUserMessage(&note{name, func() {
			pass(&note{name: "take"})
			end()
		}})
		if err := l.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(second.handled); got != "[take]" {
			t.Errorf("%s: handled %s", name, got)
		}
	}
}

// An errand passes nothing on: its sender has other things to do.
func TestErrandPassesNothingOn(t *testing.T) {
	l, first, _, pass := two()
	first.Mailbox.(*liveMailbox).cell.errand = always
	free := make(chan none)
	first.PostUserMessage(&note{"mine", func() { pass(&note{"other", func() { <-free }}) }})
	close(free)
	if err := l.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// An alarm that has gone off does not count as pending while actors go on with
// its goroutine: one of them may rest until the next one.
func TestAlarmIsOverBeforeTheRelay(t *testing.T) {
	l, first, _, _ := two()
	free := make(chan none)
	l.alarm(1, time.Hour, func(by *relay) {
		by.message = &note{"rest", func() { _ = l.rest(t.Context(), free) }}
		first.PostUserMessage(by)
	})
	if err := l.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(first.handled); got != "[rest]" {
		t.Errorf("handled %s", got)
	}
	close(free)
	if err := l.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
}
