package torture

import (
	"testing"
	"time"
)

// TestReadSubmitWrite has workers use their store as the reference system uses
// its own: three side by side, and one that is killed. The audit has to find
// runs that were started twice. (Such workers record no outcomes either.)
func TestReadSubmitWrite(t *testing.T) {
	onEachEngine(t, func(t *testing.T, e engine) {
		place := e.empty(t)
		desk, crew := NewDesk(t, place), NewCrew(t)
		wrong := order(place)
		wrong.ReadSubmitWrite = true
		start := time.Now()
		desk.Add(Workload("control", copies, start, start.Add(episode))...)
		var workers []*Worker
		for range 3 {
			workers = append(workers, crew.Hire(wrong))
		}
		for i, w := range workers {
			w.Await(wordReady)
			pause(episode / 3)
			w.Kill()
			workers[i] = crew.Hire(wrong)
			workers[i].Await(wordReady)
		}
		pause(lease)
		for _, w := range workers {
			w.Kill()
		}
		r := desk.Report(crew)
		r.Case, r.Schedulers, r.Kills = "control, "+e.name, 3, 3
		show(t, r)
		if r.Twice == 0 || r.Repeated == 0 {
			t.Error("the audit has found no run that was started twice")
		}
	})
}
