package rows

import "github.com/carillon-go/carillon/job"

// Job is a row of the table of jobs.
type Job struct {
	ID      string
	Version int64
	Born    int64 // the Version that it began with
	Put     int64 // the Version of the last Put: that of the Settings
	Next    int64 // microseconds; Never: paused
	Waiting bool  // it is not due until one of its instances has ended
	Settings
}

// DeliveryOf returns the Delivery that is kept under this name.
func DeliveryOf(name string) job.Delivery {
	if name == job.AtLeastOnce.String() {
		return job.AtLeastOnce
	}
	return job.AtMostOnce
}

// Settings are what a Put says of a job.
type Settings struct {
	Task         string
	Executor     string
	Kind         string // of the trigger; "" if it has none
	MaxInstances int
	Delivery     job.Delivery
	Spec         []byte // JSON
}
