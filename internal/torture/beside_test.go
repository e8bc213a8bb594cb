package torture

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/triggers"
)

// hired hires workers and waits until they are ready.
func hired(crew *Crew, orders ...Order) (workers []*Worker) {
	for _, o := range orders {
		workers = append(workers, crew.Hire(o))
	}
	for _, w := range workers {
		w.Await(wordReady)
	}
	return workers
}

// conclude waits until everything has come to its end, dismisses the workers and
// audits.
func conclude(t *testing.T, name string, crew *Crew, workers []*Worker, desk *Desk, others ...*Desk) *Report {
	t.Helper()
	for _, d := range append(others, desk) {
		d.Drain()
	}
	for _, w := range workers {
		if err := w.Dismiss(); err != nil {
			t.Error(err)
		}
	}
	r := desk.Report(crew, others...)
	r.Case, r.Schedulers = name, len(workers)
	publish(t, r)
	return r
}

// TestSameName has two schedulers share a store under one Config.Name, as the
// replicas of a program do.
func TestSameName(t *testing.T) {
	onEachEngine(t, func(t *testing.T, e engine) {
		place := e.empty(t)
		desk, crew := NewDesk(t, place), NewCrew(t)
		workers := hired(crew, order(place), order(place))
		start := time.Now()
		desk.Add(Workload("same name", copies, start, start.Add(episode))...)
		conclude(t, "same name, "+e.name, crew, workers, desk)
	})
}

// executors returns which workers have executed runs of these jobs.
func executors(t *testing.T, crew *Crew, jobs []string) (workers []string) {
	t.Helper()
	entries, err := ReadJournals(crew.Dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if slices.Contains(jobs, e.Job) {
			workers = append(workers, e.Worker)
		}
	}
	slices.Sort(workers)
	return slices.Compact(workers)
}

// TestTwoVersions has a worker that knows a task and a kind of trigger beside
// one that does not, as in a rolling deployment.
func TestTwoVersions(t *testing.T) {
	onEachEngine(t, func(t *testing.T, e engine) {
		place := e.empty(t)
		desk, crew := NewDesk(t, place), NewCrew(t)
		older := order(place)
		older.Old = true
		workers := hired(crew, older)
		start := time.Now().Truncate(time.Millisecond)
		steady := every(50*time.Millisecond, start, start.Add(lease))
		news := []string{"new task", "new trigger", "new task and trigger"}
		for _, j := range []carillon.Job{
			{ID: "known", Call: doWork.With(Work{}), Trigger: steady},
			{ID: news[0], Call: doNews.With(Work{}), Trigger: steady},
			{ID: news[1], Call: doWork.With(Work{}), Trigger: pulse{steady}},
			{ID: news[2], Call: doNews.With(Work{}), Trigger: pulse{steady}},
		} {
			desk.Add(settled(j, carillon.AtMostOnce, start))
		}
		desk.Until("the old worker has done what it can", func() bool { return len(desk.Left()) == len(news) })
		desk.Until("the others are parked", func() bool { return len(parked(desk)) == len(news) })
		for _, j := range desk.Left() {
			if !slices.Contains(news, j.ID) || !j.NextRunTime.Equal(start) {
				t.Errorf("%s waits for %v", j.ID, j.NextRunTime)
			}
		}
		workers = append(workers, hired(crew, order(place))...)
		r := conclude(t, "two versions, "+e.name, crew, workers, desk)
		if r.Executed+r.Skipped != r.Scheduled {
			t.Errorf("of %d runs %d were executed and %d skipped", r.Scheduled, r.Executed, r.Skipped)
		}
		if by := executors(t, crew, news); fmt.Sprint(by) != fmt.Sprint([]string{workers[1].Name}) {
			t.Errorf("the new jobs were executed by %v", by)
		}
	})
}

// parked returns the jobs that a worker has parked.
func parked(desk *Desk) (jobs []string) {
	for _, r := range desk.Records() {
		if r.Outcome == job.Parked && !slices.Contains(jobs, r.JobID) {
			jobs = append(jobs, r.JobID)
		}
	}
	return jobs
}

// TestSoleOwner starts a scheduler that claims to be alone, beside another one,
// after that was killed, and after one that was shut down.
func TestSoleOwner(t *testing.T) {
	onEachEngine(t, func(t *testing.T, e engine) {
		place, crew := e.empty(t), NewCrew(t)
		sharer := hired(crew, order(place))[0]
		alone, long := order(place), order(place)
		alone.Lease, long.Lease = carillon.SoleOwner, time.Hour
		refused := crew.Hire(alone)
		refused.Await(wordRefused)
		if refused.end() == nil {
			t.Error("a worker that was refused has ended well")
		}
		sharer.Kill()
		refused = crew.Hire(alone) // the lease goes on
		refused.Await(wordRefused)
		pause(lease)
		for _, o := range []Order{alone, long, alone} {
			if err := hired(crew, o)[0].Dismiss(); err != nil {
				t.Error(err)
			}
		}
	})
}

// TestSkew has schedulers side by side whose clocks are wrong by up to half a
// minute. They run jobs early and late, but none twice.
func TestSkew(t *testing.T) {
	const worst, step = 30 * time.Second, 500 * time.Millisecond
	onEachEngine(t, func(t *testing.T, e engine) {
		place := e.empty(t)
		desk, crew := NewDesk(t, place), NewCrew(t)
		now := time.Now().Truncate(time.Millisecond)
		first, last := now.Add(-worst-2*time.Second), now.Add(worst)
		short := Work{Sleep: 10 * time.Millisecond}
		var jobs []carillon.Job
		for _, delivery := range deliveries {
			j := carillon.Job{ID: "steady " + delivery.String(), Trigger: every(step, first, last), Call: doWork.With(short), MaxInstances: 1000}
			jobs = append(jobs, settled(j, delivery, first))
			for at := first; at.Before(last); at = at.Add(step) {
				j := carillon.Job{ID: fmt.Sprintf("once %v %s", at.Sub(first), delivery), Trigger: triggers.At(at), Call: doWork.With(short)}
				jobs = append(jobs, settled(j, delivery, at))
			}
		}
		desk.Add(jobs...)
		wrong := order(place)
		var workers []*Worker
		for _, skew := range []time.Duration{-worst, -worst / 2, 0, worst / 2, -worst, worst, 0} {
			wrong.Skew = skew
			workers = append(workers, hired(crew, wrong)...)
			pause(lease / 4)
			if len(workers) > 3 {
				workers[0].Kill()
				workers = workers[1:]
			}
		}
		wrong.Skew = worst + 10*time.Second
		workers = append(workers, hired(crew, wrong)...)
		r := conclude(t, "skew, "+e.name, crew, workers, desk)
		entries, err := ReadJournals(crew.Dir)
		if err != nil {
			t.Fatal(err)
		}
		var early, late time.Duration
		for _, e := range entries {
			if e.Started {
				early, late = min(early, e.At.Sub(e.Scheduled)), max(late, e.At.Sub(e.Scheduled))
			}
		}
		if early > -worst/2 || late < worst/2 {
			t.Errorf("the runs were between %v early and %v late; is there a skew?\n%s", -early, late, Table(r))
		}
	})
}
