package actors

import (
	"testing"

	"github.com/asynkron/protoactor-go/actor"
)

// TestActorSystemsShareNothing has two systems use the same names.
func TestActorSystemsShareNothing(t *testing.T) {
	systems := []*actor.ActorSystem{newActorSystem(), newActorSystem()}
	got := make([]chan any, len(systems))
	dead := make([]int, len(systems))
	for i, s := range systems {
		got[i] = make(chan any, 10)
		props := actor.PropsFromFunc(func(ctx actor.Context) {
			if message, ok := ctx.Message().(string); ok {
				got[i] <- message
			}
		})
		if _, err := s.Root.SpawnNamed(props, "echo"); err != nil {
			t.Fatal(err)
		}
		s.EventStream.Subscribe(func(event any) {
			if _, ok := event.(*actor.DeadLetterEvent); ok {
				dead[i]++
			}
		})
	}
	systems[0].Root.Send(systems[0].NewLocalPID("echo"), "hello")
	systems[1].Root.Send(systems[1].NewLocalPID("nobody"), &again{})
	if message := <-got[0]; message != "hello" || len(got[1]) > 0 {
		t.Errorf("the one got %v, the other %d messages, want hello, 0", message, len(got[1]))
	}
	if dead[0] != 0 || dead[1] != 1 {
		t.Errorf("dead letters: %v, want 0 and 1", dead)
	}
	for _, s := range systems {
		if err := s.Root.PoisonFuture(s.NewLocalPID("echo")).Wait(); err != nil {
			t.Error(err)
		}
	}
}

// TestActorSystemIsSmall keeps the cost of a scheduler that does nothing in mind:
// Proto.Actor's own constructor makes 66,000 allocations.
func TestActorSystemIsSmall(t *testing.T) {
	if n := testing.AllocsPerRun(10, func() { newActorSystem() }); n > 200 {
		t.Errorf("%v allocations, want 200 at the most", n)
	}
}
