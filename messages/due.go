package messages

import (
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// Waking up, between the scheduler and the timer.
type (
	// SetAlarm tells the timer when to send the next [Wakeup]. It replaces
	// the alarm that was set before; the zero time means none.
	SetAlarm struct{ At time.Time }

	// Wakeup tells the scheduler that the time has come.
	Wakeup struct{}

	// Jumped tells the scheduler that the wall clock has jumped. It is a
	// Wakeup as well.
	Jumped struct{ By time.Duration }
)

// Claiming, between the scheduler and a store.
type (
	// ClaimDue asks a store for runs that are due at Now. What has ended while
	// the claim before was on its way comes with it, to be recorded in one step.
	ClaimDue struct {
		Now   time.Time
		Limit int
		Known *stores.Known
		Ended []*Finish
	}

	// Claimed answers it. With an Err it has no runs: the store is tried again
	// later.
	Claimed struct {
		Member  string // the store actor's name
		Claimed *stores.Claimed
		Skipped map[string]Skipped // by job, what Claimed.Skipped does not say
		Err     error
	}

	// Skipped is what there is to say of a job whose run times are skipped.
	Skipped struct {
		Name  string
		Call  job.Call
		First time.Time // that was coalesced into the first of them, or is it
	}
)

// A change of the jobs of one store, between the scheduler and the store.
type (
	// Apply hands a request on to a store.
	Apply struct {
		Request  Jobs
		Jobs     []job.Job // what AddJobs adds to this store
		IDs      []string  // what RemoveJobs removes from it
		Defaults job.Defaults
	}

	// Applied answers it.
	Applied struct {
		Member  string // the store actor's name
		Request Jobs
		Jobs    []job.Job // the jobs as they are now
		Records []job.Record
		Removed bool      // the job is gone, since it has no further run time
		IDs     []string  // those that RemoveJobs has removed
		Missing []string  // those that it has not found
		Next    time.Time // the earliest next run time among Jobs; zero: none
		Err     error
	}

	// Due tells the scheduler that a store may have due jobs at a time that it
	// does not know of: another scheduler has changed the jobs, or a job
	// waited for a run that has ended.
	Due struct {
		Member string // the store actor's name
		At     time.Time
	}
)

// Executing, between the scheduler and an executor.
type (
	// Execute gives runs of one store to an executor.
	Execute struct {
		From string // the name of the actor of the store that they are recorded in
		Runs []job.Run
	}

	// Finished tells how runs ended: from the executor to the scheduler.
	Finished struct {
		From    string // as in Execute
		Results []job.Result
	}

	// Finish has it recorded: from the scheduler to the store.
	Finish struct{ Results []job.Result }
)
