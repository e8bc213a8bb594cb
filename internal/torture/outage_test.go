package torture

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/internal/testserver"
	"github.com/carillon-go/carillon/triggers"
)

// outages are how long something is out of reach: for less than a lease, and
// for more.
var outages = []time.Duration{lease / 4, 2 * lease}

// TestServerRestarts stops and crashes the database server under load.
func TestServerRestarts(t *testing.T) {
	onEachServer(t, func(t *testing.T, e engine) {
		db := e.server(t)
		place := Place{e.name, db.DSN}
		desk, crew := NewDesk(t, place), NewCrew(t)
		workers := hired(crew, order(place), order(place), order(place))
		start := time.Now()
		desk.Add(Workload("restarts", copies, start, start.Add(4*episode))...)
		for _, down := range outages {
			for _, end := range []func(){db.Stop, db.Kill} {
				pause(lease/2 + rand.N(lease/2))
				end()
				pause(down)
				db.Start()
			}
		}
		conclude(t, "server restarts, "+e.name, crew, workers, desk)
	})
}

// TestLines cuts the connections of schedulers to their database, and has them
// hang.
func TestLines(t *testing.T) {
	onEachServer(t, func(t *testing.T, e engine) {
		db := e.server(t)
		desk, crew := NewDesk(t, Place{e.name, db.DSN}), NewCrew(t)
		var lines []*testserver.Line
		var orders []Order
		for range 3 {
			line := testserver.Proxy(t, db.Address)
			lines = append(lines, line)
			orders = append(orders, order(Place{e.name, db.DSNAt(line.Address)}))
		}
		workers := hired(crew, orders...)
		start := time.Now()
		desk.Add(Workload("lines", copies, start, start.Add(4*episode))...)
		for range 10 {
			pause(rand.N(lease / 5))
			lines[rand.IntN(len(lines))].Break()
		}
		for _, away := range outages {
			lines[0].Cut()
			lines[1].Stall()
			pause(away)
			lines[0].Pass()
			lines[1].Pass()
			pause(lease / 2)
		}
		for _, w := range workers[:2] { // which were away for longer than their lease
			w.Await(wordExpired)
		}
		conclude(t, "lines, "+e.name, crew, workers, desk)
	})
}

// TestReturns has an idle scheduler lose its database for longer than its lease.
// When the database is there again it has to come back: somebody dies, whose run
// it takes over.
func TestReturns(t *testing.T) {
	onEachServer(t, func(t *testing.T, e engine) {
		db := e.server(t)
		line := testserver.Proxy(t, db.Address)
		direct := Place{e.name, db.DSN}
		desk, crew := NewDesk(t, direct), NewCrew(t)
		idle := hired(crew, order(Place{e.name, db.DSNAt(line.Address)}))[0]
		pause(lease)
		line.Cut()
		idle.Await(wordExpired)
		mortal := hired(crew, order(direct))[0]
		now := time.Now().Truncate(time.Millisecond)
		long := carillon.Job{ID: "long", Trigger: triggers.At(now), Call: doWork.With(Work{Sleep: 3 * lease, Tell: true})}
		desk.Add(settled(long, carillon.AtLeastOnce, now))
		mortal.Await("started long")
		line.Pass()
		pause(lease)
		mortal.Kill()
		idle.Await("started long")
		conclude(t, "returns, "+e.name, crew, []*Worker{idle}, desk)
	})
}

// TestOtherStore has one of a scheduler's two stores hang, be cut off and be
// down. The jobs of the other one keep their time.
func TestOtherStore(t *testing.T) {
	const tolerance = lease // of a busy machine
	onEachServer(t, func(t *testing.T, e engine) {
		db, spare := e.server(t), rows[0].empty(t)
		line := testserver.Proxy(t, db.Address)
		desk, spareDesk, crew := NewDesk(t, Place{e.name, db.DSN}), NewDesk(t, spare), NewCrew(t)
		o := order(Place{e.name, db.DSNAt(line.Address)})
		o.Stores["spare"] = spare
		workers := hired(crew, o)
		start := time.Now().Truncate(time.Millisecond)
		end := start.Add(6 * episode)
		desk.Add(Workload("hampered", 1, start, end)...)
		j := carillon.Job{ID: "on time", Trigger: every(50*time.Millisecond, start, end), Call: doWork.With(Work{}), MaxInstances: 100}
		spareDesk.Add(settled(j, carillon.AtMostOnce, start))
		for _, fault := range []struct{ begin, end func() }{
			{line.Stall, line.Pass},
			{line.Cut, line.Pass},
			{db.Stop, db.Start},
		} {
			pause(lease / 2)
			fault.begin()
			pause(2*lease + tolerance)
			fault.end()
		}
		spareDesk.Drain()
		if late := Lateness(spareDesk.Records()); late > tolerance {
			t.Errorf("a job of the store that was well was late by %v", late)
		}
		conclude(t, "other store, "+e.name, crew, workers, desk, spareDesk)
	})
}
