package actors

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/asynkron/protoactor-go/actor"

	"github.com/carillon-go/carillon/clock"
)

// The mailboxes of a live scheduler and of one on a Loop have to be alike to
// those who use them, or else a simulation says nothing about what runs live.
// Everything in this file holds for both.

// mailboxKind is one kind of mailbox, with what it runs on.
type mailboxKind struct {
	name    string
	rt      runtime
	mailbox func(rt runtime) actor.Mailbox
	errand  func(message any) bool // of the cells
}

func eachMailbox(t *testing.T, test func(t *testing.T, kind mailboxKind)) {
	for _, kind := range []mailboxKind{
		{"stock", newLive(clock.Real()), func(runtime) actor.Mailbox { return actor.Unbounded()() }, nil},
		{"step", looped{&fifo{}}, func(rt runtime) actor.Mailbox {
			return newStepMailbox(rt.(looped).Loop, &cell{name: "test"})
		}, nil},
		{"live", newLive(clock.Real()), func(rt runtime) actor.Mailbox { return newLiveMailbox(rt, never) }, never},
		{"live, errands", newLive(clock.Real()), func(rt runtime) actor.Mailbox { return newLiveMailbox(rt, always) }, always},
	} {
		t.Run(kind.name, func(t *testing.T) { test(t, kind) })
	}
}

func newLiveMailbox(rt runtime, errand func(any) bool) actor.Mailbox {
	return &liveMailbox{live: rt.(*live), cell: &cell{errand: errand}}
}

func always(any) bool { return true }
func never(any) bool  { return false }

// dispatcher is what Proto.Actor's mailbox is dispatched by; the others need none.
func (k mailboxKind) dispatcher() actor.Dispatcher {
	l, _ := k.rt.(*live)
	return dispatcher{l}
}

type dispatcher struct{ *live }

func (d dispatcher) Schedule(run func()) { d.Go(run) }
func (d dispatcher) Throughput() int     { return throughput }

func (k mailboxKind) settle(t *testing.T) {
	t.Helper()
	if err := k.rt.Settle(context.Background()); err != nil {
		t.Fatal(err)
	}
}

// fifo is the simplest Loop: what is ready first goes first.
type fifo struct {
	Loop
	ready []*Task
}

func (f *fifo) Ready(t *Task) {
	if slices.Contains(f.ready, t) {
		panic("a task that is ready is made ready again")
	}
	f.ready = append(f.ready, t)
}

func (f *fifo) Settle(context.Context) error {
	for len(f.ready) > 0 {
		t := f.ready[0]
		f.ready = f.ready[1:]
		if t.Step() && !slices.Contains(f.ready, t) {
			f.ready = append(f.ready, t)
		}
	}
	return nil
}

// note is a message: a name, and what is done by who handles it.
type note struct {
	name string
	do   func()
}

func (n *note) IgnoreDeadLetterLogging() {}

func (n *note) handle() {
	if n.do != nil {
		n.do()
	}
}

// box is a mailbox whose messages are written down instead of being handled by
// an actor.
type box struct {
	actor.Mailbox
	handled  []string
	escalate func() // what becomes of a failure
}

func newBox(kind mailboxKind) *box {
	b := &box{Mailbox: kind.mailbox(kind.rt)}
	b.RegisterHandlers(b, kind.dispatcher())
	b.Start()
	return b
}

func (b *box) InvokeSystemMessage(message any) { b.invoke("!", message) }

func (b *box) InvokeUserMessage(message any) { b.invoke("", message) }

func (b *box) invoke(mark string, message any) {
	n := message.(*note)
	b.handled = append(b.handled, n.name+mark)
	n.handle()
}

func (b *box) EscalateFailure(reason, message any) {
	b.handled = append(b.handled, fmt.Sprintf("%v:%v", message.(*note).name, reason))
	if b.escalate != nil {
		b.escalate()
	}
}

// user and system post messages of these names.
func (b *box) user(names ...string) {
	for _, name := range names {
		b.PostUserMessage(&note{name: name})
	}
}

func (b *box) system(names ...string) {
	for _, name := range names {
		b.PostSystemMessage(&note{name: name})
	}
}

func (b *box) suspend() { b.PostSystemMessage(&actor.SuspendMailbox{}) }
func (b *box) resume()  { b.PostSystemMessage(&actor.ResumeMailbox{}) }

func TestMailbox(t *testing.T) {
	oops := func() { panic("oops") }
	for _, row := range []struct {
		name string

		// inside is done by the first message, "0", while it is handled, so
		// that what it posts is in the mailbox together.
		inside func(b *box)

		want    string // what is handled behind "0"
		pending int    // user messages that are left

		// later, if not nil, is done from outside when all is at rest, and
		// then is what is handled after it.
		later func(b *box)
		then  string
	}{
		{name: "in order", inside: func(b *box) { b.user("1", "2", "3") }, want: "1 2 3"},
		{name: "system in order", inside: func(b *box) { b.system("1", "2", "3") }, want: "1! 2! 3!"},
		{name: "system first", inside: func(b *box) { b.user("1", "2"); b.system("3", "4") }, want: "3! 4! 1 2"},
		{
			name: "a system message overtakes in the middle",
			inside: func(b *box) {
				b.PostUserMessage(&note{"1", func() { b.user("3"); b.system("4") }})
				b.user("2")
			},
			want: "1 4! 2 3",
		},
		{
			name:   "one that posts to itself goes to the end",
			inside: func(b *box) { b.PostUserMessage(&note{"1", func() { b.user("3") }}); b.user("2") },
			want:   "1 2 3",
		},
		{
			name:   "panic: the message is lost, the rest is not",
			inside: func(b *box) { b.PostUserMessage(&note{"1", oops}); b.user("2", "3") },
			want:   "1 1:oops 2 3",
		},
		{
			name:   "panic on a system message",
			inside: func(b *box) { b.PostSystemMessage(&note{"1", oops}); b.system("2"); b.user("3") },
			want:   "1! 1:oops 2! 3",
		},
		{
			name: "panic: what was posted before it stays",
			inside: func(b *box) {
				b.PostUserMessage(&note{"1", func() { b.user("3"); oops() }})
				b.user("2")
			},
			want: "1 1:oops 2 3",
		},
		{
			name: "panic, with a mailbox that is suspended by it as an actor's is",
			inside: func(b *box) {
				b.escalate = b.suspend
				b.PostUserMessage(&note{"1", oops})
				b.user("2")
				b.system("3")
			},
			want:    "3! 1 1:oops",
			pending: 1,
			later:   func(b *box) { b.user("4"); b.system("5"); b.resume() },
			then:    "5! 2 4",
		},
		{
			name:    "suspended: user messages wait",
			inside:  func(b *box) { b.user("1"); b.suspend(); b.user("2") },
			pending: 2,
			later:   (*box).resume,
			then:    "1 2",
		},
		{
			name:    "suspended: system messages do not wait",
			inside:  func(b *box) { b.user("1"); b.suspend(); b.system("2") },
			want:    "2!",
			pending: 1,
			later:   func(b *box) { b.system("3") },
			then:    "3!",
		},
		{
			name:   "suspended and resumed at once",
			inside: func(b *box) { b.user("1"); b.suspend(); b.resume(); b.system("2") },
			want:   "2! 1",
		},
		{
			name:    "suspended twice, resumed once",
			inside:  func(b *box) { b.suspend(); b.suspend(); b.user("1") },
			pending: 1,
			later:   (*box).resume,
			then:    "1",
		},
		{name: "resumed without need", inside: func(b *box) { b.resume(); b.user("1") }, want: "1"},
		{
			name:   "suspended from outside, when idle",
			inside: func(*box) {},
			later:  func(b *box) { b.suspend(); b.resume(); b.user("1") },
			then:   "1",
		},
		{
			name:    "suspended after the message that is being handled",
			inside:  func(b *box) { b.suspend(); b.handled = append(b.handled, "goes on"); b.user("1") },
			want:    "goes on",
			pending: 1,
		},
		{
			name:   "panic of the first message after a pause",
			inside: func(b *box) { b.suspend(); b.PostUserMessage(&note{"1", oops}); b.user("2") },
			later:  (*box).resume, pending: 2,
			then: "1 1:oops 2",
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			eachMailbox(t, func(t *testing.T, kind mailboxKind) {
				b := newBox(kind)
				b.PostUserMessage(&note{"0", func() { row.inside(b) }})
				kind.settle(t)
				want := strings.TrimSpace("0 " + row.want)
				if got := strings.Join(b.handled, " "); got != want {
					t.Errorf("handled %q, want %q", got, want)
				}
				if got := b.UserMessageCount(); got != row.pending {
					t.Errorf("%d user messages are left, want %d", got, row.pending)
				}
				if row.later == nil {
					return
				}
				b.handled = nil
				row.later(b)
				kind.settle(t)
				if got := strings.Join(b.handled, " "); got != row.then {
					t.Errorf("handled %q later, want %q", got, row.then)
				}
			})
		})
	}
}

// troupe is a parent with one child, the latter with the mailbox that is under
// test; the parent does with a child that fails what decide says.
type troupe struct {
	kind   mailboxKind
	system *actor.ActorSystem
	parent *actor.PID
	child  *actor.PID
	decide func(parent actor.Supervisor, child *actor.PID)
	log    []string // of the child
}

func newTroupe(t *testing.T, kind mailboxKind) *troupe {
	tr := &troupe{kind: kind, system: newActorSystem()}
	produce := func() actor.Actor {
		return actor.ReceiveFunc(func(ctx actor.Context) {
			if _, started := ctx.Message().(*actor.Started); started {
				tr.child = ctx.SpawnPrefix(kind.rt.props(&cell{name: "child", errand: kind.errand}, tr.newChild), "child")
			}
		})
	}
	props := kind.rt.props(&cell{name: "parent"}, produce).Configure(actor.WithSupervisor(tr))
	tr.parent = tr.system.Root.Spawn(props)
	kind.settle(t)
	t.Cleanup(func() {
		tr.system.Root.Stop(tr.parent)
		kind.settle(t)
	})
	return tr
}

func (tr *troupe) newChild() actor.Actor {
	return actor.ReceiveFunc(func(ctx actor.Context) {
		switch m := ctx.Message().(type) {
		case *actor.Started, *actor.Stopping, *actor.Stopped, *actor.Restarting:
			tr.log = append(tr.log, strings.TrimPrefix(fmt.Sprintf("%T", m), "*actor."))
		case *note:
			tr.log = append(tr.log, m.name)
			m.handle()
		}
	})
}

// HandleFailure implements actor.SupervisorStrategy.
func (tr *troupe) HandleFailure(_ *actor.ActorSystem, parent actor.Supervisor, child *actor.PID, _ *actor.RestartStatistics, _, _ any) {
	tr.decide(parent, child)
}

func (tr *troupe) send(name string, do func()) {
	tr.system.Root.Send(tr.child, &note{name, do})
}

func TestMailboxOfActor(t *testing.T) {
	oops := func() { panic("oops") }
	stop := func(tr *troupe) { tr.system.Root.Stop(tr.child) }
	for _, row := range []struct {
		name   string
		inside func(tr *troupe) // while the child handles "0"
		decide func(parent actor.Supervisor, child *actor.PID)
		later  func(tr *troupe)
		want   string // of the child, behind "Started 0"
	}{
		{
			name:   "stop: does not wait for messages, and none is handled after it",
			inside: func(tr *troupe) { tr.send("1", nil); stop(tr); tr.send("2", nil) },
			later:  func(tr *troupe) { tr.send("3", nil) },
			want:   "Stopping Stopped",
		},
		{
			name: "poison: waits for the messages before it, and none is handled after it",
			inside: func(tr *troupe) {
				tr.send("1", nil)
				tr.system.Root.Poison(tr.child)
				tr.send("2", nil)
			},
			later: func(tr *troupe) { tr.send("3", nil) },
			want:  "1 Stopping Stopped",
		},
		{
			name:   "stop twice",
			inside: func(tr *troupe) { stop(tr); stop(tr) },
			want:   "Stopping Stopped",
		},
		{
			name:   "resumed: goes on behind the message that is lost",
			inside: func(tr *troupe) { tr.send("1", oops); tr.send("2", nil) },
			decide: func(parent actor.Supervisor, child *actor.PID) { parent.ResumeChildren(child) },
			want:   "1 2",
		},
		{
			name:   "restarted: goes on behind the message that is lost",
			inside: func(tr *troupe) { tr.send("1", oops); tr.send("2", nil) },
			decide: func(parent actor.Supervisor, child *actor.PID) { parent.RestartChildren(child) },
			want:   "1 Restarting Started 2",
		},
		{
			name:   "stopped by its parent: the rest is not handled",
			inside: func(tr *troupe) { tr.send("1", oops); tr.send("2", nil) },
			decide: func(parent actor.Supervisor, child *actor.PID) { parent.StopChildren(child) },
			later:  func(tr *troupe) { tr.send("3", nil) },
			want:   "1 Stopping Stopped",
		},
		{
			name:   "left alone: stays suspended",
			inside: func(tr *troupe) { tr.send("1", oops); tr.send("2", nil) },
			decide: func(actor.Supervisor, *actor.PID) {},
			later:  func(tr *troupe) { tr.send("3", nil) },
			want:   "1",
		},
		{
			name:   "left alone: can be stopped",
			inside: func(tr *troupe) { tr.send("1", oops); tr.send("2", nil) },
			decide: func(actor.Supervisor, *actor.PID) {},
			later:  stop,
			want:   "1 Stopping Stopped",
		},
		{
			name:   "fails twice",
			inside: func(tr *troupe) { tr.send("1", oops); tr.send("2", oops); tr.send("3", nil) },
			decide: func(parent actor.Supervisor, child *actor.PID) { parent.ResumeChildren(child) },
			want:   "1 2 3",
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			eachMailbox(t, func(t *testing.T, kind mailboxKind) {
				tr := newTroupe(t, kind)
				tr.decide = row.decide
				tr.send("0", func() { row.inside(tr) })
				kind.settle(t)
				if row.later != nil {
					row.later(tr)
					kind.settle(t)
				}
				want := strings.TrimSpace("Started 0 " + row.want)
				if got := strings.Join(tr.log, " "); got != want {
					t.Errorf("the child has handled %q, want %q", got, want)
				}
			})
		})
	}
}

// TestMailboxOrderPerSender has several actors send to one at the same time:
// the messages of each arrive in the order in which it sent them.
func TestMailboxOrderPerSender(t *testing.T) {
	const senders, each = 4, 500
	type numbered struct{ sender, n int }
	eachMailbox(t, func(t *testing.T, kind mailboxKind) {
		system := newActorSystem()
		spawn := func(name string, receive actor.ReceiveFunc) *actor.PID {
			return system.Root.Spawn(kind.rt.props(&cell{name: name, errand: kind.errand}, func() actor.Actor { return receive }))
		}
		var got [senders]int
		receiver := spawn("receiver", func(ctx actor.Context) {
			if m, ok := ctx.Message().(*numbered); ok {
				if m.n != got[m.sender] {
					t.Errorf("message %d of sender %d has arrived as number %d", m.n, m.sender, got[m.sender])
				}
				got[m.sender]++
			}
		})
		pids := []*actor.PID{receiver}
		for i := range senders {
			pid := spawn("sender", func(ctx actor.Context) {
				if n, ok := ctx.Message().(int); ok {
					ctx.Send(receiver, &numbered{i, n})
					if n+1 < each {
						ctx.Send(ctx.Self(), n+1)
					}
				}
			})
			system.Root.Send(pid, 0)
			pids = append(pids, pid)
		}
		kind.settle(t)
		for i, n := range got {
			if n != each {
				t.Errorf("%d messages of sender %d have arrived, want %d", n, i, each)
			}
		}
		for _, pid := range pids {
			system.Root.Stop(pid)
		}
		kind.settle(t)
	})
}
