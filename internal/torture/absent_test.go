package torture

import (
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/internal/testserver"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/triggers"
)

// absence is how a worker is taken away from its store in the middle of two
// runs, for longer than its lease, and comes back.
type absence struct {
	name        string
	place       Place // the store, and how the worker reaches it
	through     Place
	leave, back func(w *Worker)
	frozen      bool // it can notice nothing while it is away
}

// play plays it. The worker has to notice, since another one has its runs: one
// is Lost, the other one taken over.
func (a absence) play(t *testing.T) {
	t.Helper()
	desk, crew := NewDesk(t, a.place), NewCrew(t)
	absent := hired(crew, order(a.through))[0]
	now := time.Now().Truncate(time.Millisecond)
	long := Work{Sleep: 3 * lease, Tell: true}
	for _, delivery := range deliveries {
		j := carillon.Job{ID: delivery.String(), Trigger: triggers.At(now), Call: doWork.With(long)}
		desk.Add(settled(j, delivery, now))
	}
	for _, delivery := range deliveries {
		absent.Await("started " + delivery.String())
	}
	a.leave(absent)
	heir := crew.Hire(order(a.place))
	if second := heir.Await("started " + carillon.AtLeastOnce.String()); !strings.HasSuffix(second, "#2") {
		t.Errorf("the other worker says %q, want a second attempt", second)
	}
	if a.frozen {
		a.back(absent)
	}
	for _, delivery := range deliveries {
		end := absent.Await("ended " + delivery.String())
		if !strings.HasSuffix(end, job.ErrLeaseExpired.Error()) {
			t.Errorf("the worker that was away says %q, want %q for a cause", end, job.ErrLeaseExpired)
		}
	}
	if !a.frozen {
		a.back(absent)
	}
	absent.Await(wordExpired + " default")
	heir.Await("ended " + carillon.AtLeastOnce.String())
	r := conclude(t, a.name, crew, []*Worker{absent, heir}, desk)
	if r.Lost != 1 || r.TakenOver != 1 || r.Executed != 1 {
		t.Errorf("%d runs are lost, %d taken over, %d executed; want 1 of each", r.Lost, r.TakenOver, r.Executed)
	}
}

// TestCutOff cuts a scheduler off from its database, and has its connections
// hang. It has to stop in time by its own clock.
func TestCutOff(t *testing.T) {
	onEachServer(t, func(t *testing.T, e engine) {
		for name, leave := range map[string]func(*testserver.Line){"cut": (*testserver.Line).Cut, "stalled": (*testserver.Line).Stall} {
			t.Run(name, func(t *testing.T) {
				db := e.server(t)
				line := testserver.Proxy(t, db.Address)
				absence{
					name:    name + ", " + e.name,
					place:   Place{e.name, db.DSN},
					through: Place{e.name, db.DSNAt(line.Address)},
					leave:   func(*Worker) { leave(line) },
					back:    func(*Worker) { line.Pass() },
				}.play(t)
			})
		}
	})
}
