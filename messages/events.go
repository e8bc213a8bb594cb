package messages

import (
	"time"

	"github.com/carillon-go/carillon/job"
)

// Event is something that has happened. Events are delivered to listeners in
// one order, the same for all. An event must not be changed.
type Event interface {
	// Mask is the one bit that stands for the event's type.
	Mask() Mask

	event()
}

// Mask is a set of event types. The bits up to 2^16 are APScheduler's.
type Mask uint64

// The event types.
const (
	MaskSchedulerStarted Mask = 1 << iota
	MaskSchedulerShutdown
	MaskSchedulerPaused
	MaskSchedulerResumed
	MaskExecutorAdded
	MaskExecutorRemoved
	MaskStoreAdded
	MaskStoreRemoved
	MaskAllJobsRemoved
	MaskJobAdded
	MaskJobRemoved
	MaskJobModified
	MaskJobExecuted
	MaskJobError
	MaskJobMissed
	MaskJobSubmitted
	MaskJobMaxInstances
	MaskJobLost
	MaskJobParked
	MaskStoreRestarted
	MaskExecutorRestarted
	MaskActorRestarted
	MaskClockJumped
	MaskEventsDropped
	MaskLeaseExpired
	MaskStoreFailed

	// MaskAll is every event.
	MaskAll Mask = 1<<iota - 1

	// MaskOutcomes are the events that end a run: every run time of a job is
	// in exactly one of them.
	MaskOutcomes = MaskJobExecuted | MaskJobError | MaskJobMissed | MaskJobMaxInstances | MaskJobLost
)

// About the scheduler.
type (
	// SchedulerStarted: the scheduler was started, running or paused.
	SchedulerStarted struct {
		At     time.Time
		Paused bool
	}

	// SchedulerShutdown: the scheduler has been shut down.
	SchedulerShutdown struct{ At time.Time }

	// SchedulerPaused: no job is run until it is resumed.
	SchedulerPaused struct{ At time.Time }

	// SchedulerResumed: jobs are run again.
	SchedulerResumed struct{ At time.Time }

	// ExecutorAdded: an executor was added.
	ExecutorAdded struct {
		At    time.Time
		Alias string
	}

	// ExecutorRemoved: an executor was removed.
	ExecutorRemoved struct {
		At    time.Time
		Alias string
	}

	// StoreAdded: a store was added. APScheduler: EVENT_JOBSTORE_ADDED.
	StoreAdded struct {
		At    time.Time
		Alias string
	}

	// StoreRemoved: a store was removed. APScheduler: EVENT_JOBSTORE_REMOVED.
	StoreRemoved struct {
		At    time.Time
		Alias string
	}

	// StoreRestarted: a store panicked and was opened anew. Nothing is lost.
	StoreRestarted struct {
		At    time.Time
		Alias string
		Err   error
	}

	// StoreFailed: a store has failed when it was asked for due runs or told how
	// runs have ended; Err says which. It is tried again, and nothing is lost.
	StoreFailed struct {
		At    time.Time
		Alias string
		Err   error
	}

	// LeaseExpired: the scheduler has not reached a store for longer than its
	// lease. Its unfinished runs belong to the other schedulers; those that were
	// being executed have had their contexts cancelled. It goes on under
	// another name.
	LeaseExpired struct {
		At    time.Time
		Alias string // the store's
		Err   error
	}

	// ExecutorRestarted: an executor panicked and was opened anew. The runs
	// that it had not reported are Lost.
	ExecutorRestarted struct {
		At    time.Time
		Alias string
		Err   error
	}

	// ActorRestarted: an actor of the scheduler panicked and goes on with
	// what it knew. It is a bug in Carillon; please report it.
	ActorRestarted struct {
		At   time.Time
		Name string
		Err  error
	}

	// ClockJumped: the wall clock was set, or the machine slept. Due jobs are
	// planned anew by the usual rules.
	ClockJumped struct {
		At time.Time
		By time.Duration // positive: forward
	}

	// EventsDropped: the listener that gets this event was so far behind that
	// it does not get the next Count events.
	EventsDropped struct {
		At    time.Time
		Count int
	}
)

// About jobs.
type (
	// JobAdded: a job was put into a store.
	JobAdded struct {
		At           time.Time
		JobID, Store string
	}

	// JobRemoved: a job was removed, or its trigger has ended.
	JobRemoved struct {
		At           time.Time
		JobID, Store string
	}

	// JobModified: a job was modified, rescheduled, paused or resumed. Store
	// is "" for a job that waits for the scheduler to be started.
	JobModified struct {
		At           time.Time
		JobID, Store string
	}

	// AllJobsRemoved: all jobs of a store, or ("") of all stores, were removed.
	AllJobsRemoved struct {
		At    time.Time
		Store string
	}

	// JobSubmitted: runs of a job were given to its executor, to be executed
	// one after the other.
	JobSubmitted struct {
		At                     time.Time
		JobID, Store, Executor string
		Scheduled              []time.Time
	}

	// JobMaxInstances: run times were skipped, because MaxInstances runs of the
	// job were unfinished. It is their outcome. First is the first of the run
	// times that were coalesced into Scheduled[0], which it equals if there were
	// none. Name and Call are the job's.
	JobMaxInstances struct {
		At              time.Time
		JobID, Name     string
		Store, Executor string
		Call            job.Call
		Scheduled       []time.Time
		First           time.Time
	}

	// JobParked: a due job is kept but cannot be run by this process. It is
	// published once for a job until that is changed, whoever else runs it.
	JobParked struct {
		At                   time.Time
		JobID, Store, Reason string
	}
)

// About runs: how they ended. Each is a [job.Result].
type (
	// JobExecuted: a run was executed and returned nil.
	JobExecuted job.Result

	// JobError: a run returned an error or panicked. APScheduler:
	// EVENT_JOB_ERROR.
	JobError job.Result

	// JobMissed: a run came to its start later than its grace allows.
	JobMissed job.Result

	// JobLost: it is not known how a run ended.
	JobLost job.Result
)

func (*SchedulerStarted) Mask() Mask  { return MaskSchedulerStarted }
func (*SchedulerShutdown) Mask() Mask { return MaskSchedulerShutdown }
func (*SchedulerPaused) Mask() Mask   { return MaskSchedulerPaused }
func (*SchedulerResumed) Mask() Mask  { return MaskSchedulerResumed }
func (*ExecutorAdded) Mask() Mask     { return MaskExecutorAdded }
func (*ExecutorRemoved) Mask() Mask   { return MaskExecutorRemoved }
func (*ExecutorRestarted) Mask() Mask { return MaskExecutorRestarted }
func (*StoreAdded) Mask() Mask        { return MaskStoreAdded }
func (*StoreRemoved) Mask() Mask      { return MaskStoreRemoved }
func (*StoreRestarted) Mask() Mask    { return MaskStoreRestarted }
func (*LeaseExpired) Mask() Mask      { return MaskLeaseExpired }
func (*StoreFailed) Mask() Mask       { return MaskStoreFailed }
func (*ActorRestarted) Mask() Mask    { return MaskActorRestarted }
func (*ClockJumped) Mask() Mask       { return MaskClockJumped }
func (*EventsDropped) Mask() Mask     { return MaskEventsDropped }
func (*JobAdded) Mask() Mask          { return MaskJobAdded }
func (*JobRemoved) Mask() Mask        { return MaskJobRemoved }
func (*JobModified) Mask() Mask       { return MaskJobModified }
func (*AllJobsRemoved) Mask() Mask    { return MaskAllJobsRemoved }
func (*JobSubmitted) Mask() Mask      { return MaskJobSubmitted }
func (*JobMaxInstances) Mask() Mask   { return MaskJobMaxInstances }
func (*JobParked) Mask() Mask         { return MaskJobParked }
func (*JobExecuted) Mask() Mask       { return MaskJobExecuted }
func (*JobError) Mask() Mask          { return MaskJobError }
func (*JobMissed) Mask() Mask         { return MaskJobMissed }
func (*JobLost) Mask() Mask           { return MaskJobLost }

func (*SchedulerStarted) event()  {}
func (*SchedulerShutdown) event() {}
func (*SchedulerPaused) event()   {}
func (*SchedulerResumed) event()  {}
func (*ExecutorAdded) event()     {}
func (*ExecutorRemoved) event()   {}
func (*ExecutorRestarted) event() {}
func (*StoreAdded) event()        {}
func (*StoreRemoved) event()      {}
func (*StoreRestarted) event()    {}
func (*LeaseExpired) event()      {}
func (*StoreFailed) event()       {}
func (*ActorRestarted) event()    {}
func (*ClockJumped) event()       {}
func (*EventsDropped) event()     {}
func (*JobAdded) event()          {}
func (*JobRemoved) event()        {}
func (*JobModified) event()       {}
func (*AllJobsRemoved) event()    {}
func (*JobSubmitted) event()      {}
func (*JobMaxInstances) event()   {}
func (*JobParked) event()         {}
func (*JobExecuted) event()       {}
func (*JobError) event()          {}
func (*JobMissed) event()         {}
func (*JobLost) event()           {}
