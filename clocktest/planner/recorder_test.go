package planner_test

import (
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest/planner"
	"github.com/carillon-go/carillon/messages"
)

// ran is the result of a run that is scheduled so many hours after the start,
// and takes so many minutes.
func ran(id string, hour, minutes int) carillon.Result {
	scheduled := at("2024-05-01 00:00").Add(time.Duration(hour) * time.Hour)
	return carillon.Result{
		Run:      &carillon.Run{JobID: id, Store: "default", Scheduled: scheduled},
		Outcome:  carillon.Executed,
		Started:  scheduled.Add(time.Second),
		Finished: scheduled.Add(time.Second + time.Duration(minutes)*time.Minute),
	}
}

func TestRecorder(t *testing.T) {
	r := planner.Recorder{Keep: 3, Unseen: time.Hour}
	for hour, minutes := range []int{50, 10, 20, 30} {
		event := messages.JobExecuted(ran("a", hour, minutes))
		r.Listen(&event)
	}
	failed := messages.JobError(ran("b", 0, 7))
	r.Listen(&failed)
	missed := messages.JobMissed{Run: &carillon.Run{JobID: "c"}, Outcome: carillon.Missed}
	r.Listen(&missed)

	duration := func(j carillon.Job, hour int) time.Duration {
		return r.Duration(j, ran("", hour, 0).Run.Scheduled)
	}
	a := carillon.Job{ID: "a"}
	for hour, want := range map[int]time.Duration{1: 10, 2: 20, 3: 30} {
		if got := duration(a, hour); got != want*time.Minute {
			t.Errorf("the run of hour %d takes %v, want the %d min that it took", hour, got, want)
		}
	}
	if got := duration(a, 0); got == 50*time.Minute {
		t.Error("the first of four is remembered, want only three")
	}
	drawn := make(map[time.Duration]int)
	for hour := range 300 {
		drawn[duration(a, 100+hour)]++
		if duration(a, 100+hour) != duration(a, 100+hour) {
			t.Fatal("the same run takes another time when asked again")
		}
	}
	for _, want := range []time.Duration{10, 20, 30} {
		if n := drawn[want*time.Minute]; n < 60 {
			t.Errorf("%d of 300 other runs take %d min, want about a third", n, want)
		}
	}
	if len(drawn) != 3 {
		t.Errorf("durations drawn are %v, want only the last three", drawn)
	}
	if got := duration(carillon.Job{ID: "b", Store: "default"}, 5); got != 7*time.Minute {
		t.Errorf("the job that failed takes %v, want 7m", got)
	}
	for _, j := range []carillon.Job{{ID: "c"}, {ID: "a", Store: "second"}} {
		if got := duration(j, 1); got != time.Hour {
			t.Errorf("job %+v takes %v, want what is said of those not seen", j, got)
		}
	}
}

// A run that is reported twice counts once, and the ring does not lose its place.
func TestRecorderSeesARunAgain(t *testing.T) {
	r := planner.Recorder{Keep: 2}
	for _, seen := range [][2]int{{0, 5}, {0, 6}, {1, 7}, {1, 8}, {2, 9}} {
		event := messages.JobExecuted(ran("a", seen[0], seen[1]))
		r.Listen(&event)
	}
	for hour, want := range map[int]time.Duration{1: 8, 2: 9} {
		if got := r.Duration(carillon.Job{ID: "a"}, ran("", hour, 0).Run.Scheduled); got != want*time.Minute {
			t.Errorf("the run of hour %d takes %v, want %d min", hour, got, want)
		}
	}
}
