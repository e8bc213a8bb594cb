package actors

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/asynkron/protoactor-go/actor"
	"github.com/asynkron/protoactor-go/eventstream"
	cmap "github.com/orcaman/concurrent-map"
)

// newActorSystem makes an actor system for one scheduler.
//
// Proto.Actor's own constructor makes 32,768 maps to register a million actors
// in, which takes milliseconds and 3 MB. A scheduler has a dozen actors. Its
// system is a copy of one that was made so, with a registry of its size, and
// with everything else of its own that a system changes.
func newActorSystem() *actor.ActorSystem {
	system := *blueprint()
	system.ProcessRegistry = &actor.ProcessRegistryValue{
		ActorSystem: &system,
		Address:     system.ProcessRegistry.Address,
		LocalPIDs:   &actor.SliceMap{LocalPIDs: []cmap.ConcurrentMap{cmap.New()}},
	}
	system.Root = actor.NewRootContext(&system, actor.EmptyMessageHeader)
	system.Guardians = actor.NewGuardians(&system)
	system.EventStream = eventstream.NewEventStream()
	system.DeadLetter = actor.NewDeadLetter(&system)
	return &system
}

// blueprint returns the system that the others are copies of. Its dead letters
// leave no goroutine behind: the throttle of their logging runs one for as long
// as its interval.
var blueprint = sync.OnceValue(func() *actor.ActorSystem {
	config := actor.NewConfig()
	config.DeadLetterThrottleInterval = 10 * time.Millisecond
	config.LoggerFactory = func(*actor.ActorSystem) *slog.Logger {
		return slog.New(warnings{slog.Default().Handler()})
	}
	return actor.NewActorSystemWithConfig(config)
})

// warnings passes on what matters of Proto.Actor's log: what should not happen.
// It reports every restart at level Info, which the supervisor does better.
type warnings struct{ slog.Handler }

func (w warnings) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && w.Handler.Enabled(ctx, level)
}
