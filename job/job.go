package job

import (
	"time"

	"github.com/carillon-go/carillon/triggers"
)

// Job says what runs, when, and under which rules. It is used in two ways:
// filled in by the user when a job is added (an open field takes the
// scheduler's default at that moment), and as the snapshot that the scheduler
// hands out. Changing a snapshot changes nothing but the snapshot.
type Job struct {
	// ID identifies the job in its store. Empty: one is generated.
	ID string

	// Name is for people. Empty: the task's name, or else the ID or, if that is
	// generated, the name of the Go function, such as "billing.sendInvoices".
	Name string

	// Call is what runs.
	Call Call

	// Trigger says when it runs. Nil: once, as soon as possible.
	Trigger triggers.Trigger

	// Store is the alias of the store that keeps the job. Empty: "default".
	Store string

	// Executor is the alias of the executor that runs it. Empty: "default".
	// An executor of that alias need not exist yet; a job that comes due
	// without one is parked.
	Executor string

	// MisfireGrace is how late a run may start and still be executed rather
	// than missed; a run that is late by exactly this much is executed. Zero:
	// the scheduler's default, which is [NoMisfireGrace] unless configured.
	MisfireGrace time.Duration

	// Coalesce says what becomes of several run times that have come due
	// before the job could run. Zero: the scheduler's default, [Latest]
	// unless configured.
	Coalesce Coalesce

	// MaxInstances is how many runs of the job may be unfinished at a time;
	// a run time beyond that is skipped. Those of a job of this ID that has
	// ended or was removed count as well. Zero: the scheduler's default, 1
	// unless configured. At most [math.MaxInt32], which is no limit.
	MaxInstances int

	// Delivery says what becomes of a run whose process died before it had
	// reported. Zero: the scheduler's default, [AtMostOnce] unless configured.
	Delivery Delivery

	// NextRunTime is when the job runs next. Zero in a snapshot: it is paused,
	// or [Job.Pending]. Zero when adding: the trigger is asked.
	NextRunTime time.Time

	// Paused, when adding, adds the job without a next run time; it waits for
	// ResumeJob. In a snapshot: it is paused.
	Paused bool

	// Location, when adding, is the time zone of a trigger that has none of
	// its own. Nil: the scheduler's.
	Location *time.Location

	// Replace, when adding, replaces a job of the same ID in the same store, if
	// there is one. If its trigger is the same the job goes on where that one
	// was: it keeps the next run time, which may have passed, or the pause. So
	// a program may declare its jobs each time it starts. With another
	// trigger, or a NextRunTime of its own, the job begins anew. Costs a
	// read of the store for each job. APScheduler: replace_existing, which
	// always begins anew.
	Replace bool

	// Pending, in a snapshot, means that the job waits for the scheduler to
	// be started before it goes into its store.
	Pending bool

	// Parked, in a snapshot, says why the job cannot run in this process, for
	// instance because its task is not registered here, or its trigger has
	// panicked. Empty: it can.
	Parked string

	// Version grows with each change of the stored job.
	Version int64
}

// NoMisfireGrace, as [Job.MisfireGrace], means that a run is executed however
// late it is.
const NoMisfireGrace time.Duration = -1

// Coalesce says what becomes of several run times of one job that have come
// due before it could run: while the scheduler was down or paused, the store
// was out of reach, or the clock jumped.
type Coalesce uint8

const (
	// CoalesceDefault is the scheduler's default.
	CoalesceDefault Coalesce = iota

	// Latest runs the job once, for the latest of them. APScheduler: True.
	Latest

	// All runs the job once for each of them, one after the other, in order.
	// APScheduler: False.
	All
)

// String returns "default", "latest" or "all".
func (c Coalesce) String() string {
	switch c {
	case CoalesceDefault:
		return "default"
	case Latest:
		return "latest"
	case All:
		return "all"
	}
	return "Coalesce(?)"
}

// Delivery is the promise about runs whose process died before they had
// reported. There is no "exactly once": between a job's effect and the record
// of it a process can always die.
type Delivery uint8

const (
	// DeliveryDefault is the scheduler's default.
	DeliveryDefault Delivery = iota

	// AtMostOnce starts no run twice. The run's outcome is [Lost].
	AtMostOnce

	// AtLeastOnce has the run taken over by a living scheduler, with the next
	// attempt number. The job must be idempotent per scheduled time.
	AtLeastOnce
)

// String returns "default", "at most once" or "at least once".
func (d Delivery) String() string {
	switch d {
	case DeliveryDefault:
		return "default"
	case AtMostOnce:
		return "at most once"
	case AtLeastOnce:
		return "at least once"
	}
	return "Delivery(?)"
}

// The settings of a job that neither itself nor the scheduler's configuration
// says anything about.
const (
	DefaultAlias        = "default"
	DefaultMisfireGrace = NoMisfireGrace
	DefaultCoalesce     = Latest
	DefaultMaxInstances = 1
	DefaultDelivery     = AtMostOnce
)

// Defaults fill in the settings that a job leaves open. A zero
// field takes the package's own default. APScheduler: job_defaults.
type Defaults struct {
	MisfireGrace time.Duration
	Coalesce     Coalesce
	MaxInstances int
	Delivery     Delivery
}

// Apply returns j with its open settings filled in.
func (d Defaults) Apply(j Job) Job {
	j.Store = firstSet(j.Store, DefaultAlias)
	j.Executor = firstSet(j.Executor, DefaultAlias)
	j.MisfireGrace = firstSet(j.MisfireGrace, d.MisfireGrace, DefaultMisfireGrace)
	j.Coalesce = firstSet(j.Coalesce, d.Coalesce, DefaultCoalesce)
	j.MaxInstances = firstSet(j.MaxInstances, d.MaxInstances, DefaultMaxInstances)
	j.Delivery = firstSet(j.Delivery, d.Delivery, DefaultDelivery)
	if j.Name == "" && j.Call != nil {
		j.Name = j.Call.TaskName()
	}
	j.Name = firstSet(j.Name, j.ID)
	return j
}

func firstSet[T comparable](values ...T) (set T) {
	var zero T
	for _, v := range values {
		if v != zero {
			return v
		}
	}
	return zero
}
