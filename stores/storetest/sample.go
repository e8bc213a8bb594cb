package storetest

import (
	"encoding/json"
	"errors"
	"math"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/triggers"
)

// epoch is the second 0 of every rule.
var epoch = time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)

func at(second float64) time.Time {
	return epoch.Add(time.Duration(math.Round(second*1e6)) * time.Microsecond)
}

type args struct {
	N int `json:"n"`
}

// task makes a call of a task of this name.
func task(name string) job.Call { return job.NewTask[args](name, nil).With(args{7}) }

// due is a job with all settings complete that runs next at this second.
func due(id string, second float64) job.Job {
	return job.Defaults{}.Apply(job.Job{
		ID:          id,
		Call:        task("work"),
		Trigger:     every{1},
		NextRunTime: at(second),
	})
}

// eager is due with [job.AtLeastOnce].
func eager(id string, second float64) job.Job {
	j := due(id, second)
	j.Delivery = job.AtLeastOnce
	return j
}

func idle(id string) job.Job {
	j := due(id, 0)
	j.NextRunTime, j.Paused = time.Time{}, true
	return j
}

// every is a trigger that fires every so many seconds after the epoch.
type every struct{ seconds int }

func (t every) Next(prev, now time.Time) (time.Time, bool) {
	from := now
	if !prev.IsZero() && !prev.Before(now) {
		from = prev.Add(1)
	}
	period := time.Duration(t.seconds) * time.Second
	next := from.Add(-from.Sub(epoch) % period)
	for next.Before(from) {
		next = next.Add(period)
	}
	return next, true
}

func (every) Kind() string { return "storetest.every" }

func (t every) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]any{"kind": t.Kind(), "seconds": t.seconds})
}

// Kinds returns the decoders of the triggers that the suite's jobs have.
func Kinds() triggers.Kinds {
	return triggers.Kinds{"storetest.every": func(data json.RawMessage) (triggers.Trigger, error) {
		var form struct{ Seconds int }
		if err := json.Unmarshal(data, &form); err != nil || form.Seconds <= 0 {
			return nil, errors.Join(errors.New("storetest.every needs seconds"), err)
		}
		return every{form.Seconds}, nil
	}}
}

// strange is a trigger of a kind that the store under test cannot read back.
type strange struct{ every }

func (strange) Kind() string { return "storetest.strange" }

func (strange) MarshalJSON() ([]byte, error) {
	return []byte(`{"kind":"storetest.strange","tide":[1,2.50,"high"]}`), nil
}

// fleeting is a trigger that has no JSON form.
type fleeting struct{}

func (fleeting) Next(prev, now time.Time) (time.Time, bool) { return every{1}.Next(prev, now) }

type plan = func(j *job.Job, live int, step *stores.Step)

// once runs a job for its next run time and ends it.
func once(j *job.Job, _ int, step *stores.Step) {
	step.Runs = append(step.Runs, j.NextRunTime)
	step.Ended = true
}

// then runs a job for its next run time; it is due again at that second.
func then(second float64) plan {
	return func(j *job.Job, _ int, step *stores.Step) {
		step.Runs = append(step.Runs, j.NextRunTime)
		step.Next = at(second)
	}
}

// runs runs a job for these seconds as one instance, and ends it.
func runs(seconds ...float64) plan {
	return func(_ *job.Job, _ int, step *stores.Step) {
		for _, s := range seconds {
			step.Runs = append(step.Runs, at(s))
		}
		step.Ended = true
	}
}

// wait makes a plan wait.
func wait(p plan) plan {
	return func(j *job.Job, live int, step *stores.Step) {
		p(j, live, step)
		step.Ended, step.Wait = false, true
		if step.Next.IsZero() {
			step.Next = j.NextRunTime
		}
	}
}

// park parks every job.
func park(reason string) plan {
	return func(_ *job.Job, _ int, step *stores.Step) { step.Park = reason }
}
