package torture

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/triggers"
)

// shape is a kind of job.
type shape struct {
	name  string
	every time.Duration
	call  Work
	job   carillon.Job
}

const (
	strictGrace = 20 * time.Millisecond
	frailEvery  = 60 * time.Millisecond
)

// shapes are what a workload is mixed of. Where nothing else is said a job
// coalesces nothing, so that each of its run times counts.
var shapes = []shape{
	{name: "quick", every: 40 * time.Millisecond, job: carillon.Job{MaxInstances: 50}},
	{name: "wide", every: 50 * time.Millisecond, call: Work{Sleep: 120 * time.Millisecond}, job: carillon.Job{MaxInstances: 4}},
	{name: "slow", every: 50 * time.Millisecond, call: Work{Sleep: 70 * time.Millisecond}},
	{name: "strict", every: 50 * time.Millisecond, job: carillon.Job{MisfireGrace: strictGrace, MaxInstances: 50}},
	{name: "frail", every: frailEvery, call: Work{Frail: true}, job: carillon.Job{MaxInstances: 50}},
	{name: "latest", every: 40 * time.Millisecond, call: Work{Sleep: 10 * time.Millisecond}, job: carillon.Job{Coalesce: carillon.Latest}},
}

var deliveries = []carillon.Delivery{carillon.AtMostOnce, carillon.AtLeastOnce}

// onceEach is how many jobs of a workload run once only, for each delivery.
const onceEach = 5

// Workload returns jobs that run from start until end: copies of each shape and
// delivery, and some that run once, at times in between.
func Workload(name string, copies int, start, end time.Time) (jobs []carillon.Job) {
	start, end = start.Truncate(time.Millisecond), end.Truncate(time.Millisecond)
	for _, delivery := range deliveries {
		for n := range copies {
			for _, s := range shapes {
				j := s.job
				j.ID = fmt.Sprintf("%s %s %d %s", name, s.name, n, delivery)
				j.Trigger, j.Call = every(s.every, start, end), doWork.With(s.call)
				jobs = append(jobs, settled(j, delivery, start))
			}
		}
		for n := range onceEach {
			at := start.Add(time.Duration(rand.Int64N(int64(end.Sub(start))))).Truncate(time.Millisecond)
			j := carillon.Job{ID: fmt.Sprintf("%s once %d %s", name, n, delivery), Trigger: triggers.At(at), Call: doWork.With(Work{})}
			jobs = append(jobs, settled(j, delivery, at))
		}
	}
	return jobs
}

// settled fills in what is not left to a scheduler's defaults.
func settled(j carillon.Job, delivery carillon.Delivery, first time.Time) carillon.Job {
	j.Delivery, j.NextRunTime = delivery, first
	if j.Coalesce == 0 {
		j.Coalesce = carillon.All
	}
	if j.MaxInstances == 0 {
		j.MaxInstances = 1
	}
	return j
}

func every(d time.Duration, start, end time.Time) *triggers.Interval {
	t, err := triggers.NewInterval(d, triggers.Options{Start: start, End: end})
	if err != nil {
		panic(err) // our own arguments
	}
	return t
}
