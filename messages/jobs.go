package messages

import (
	"fmt"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/triggers"
)

// Target says which job a request is about.
type Target struct {
	ID    string
	Store string // alias; "": the first store that has the job
}

// About returns the target itself: requests that embed one have this method.
func (t Target) About() Target { return t }

// OneJob is a request about one job.
type OneJob interface {
	Jobs
	About() Target
}

// Jobs is what the scheduler is told about jobs.
//
//sumtype:decl
type Jobs interface {
	Refusable
	fmt.Stringer // what is asked for, for errors: "add job"
	jobs()
}

type (
	// AddJobs adds jobs: all those of one store or none of them. They have
	// been validated; open settings are still open.
	AddJobs struct {
		Reply[[]job.Job]
		Jobs []job.Job
	}

	// GetJob asks for a job.
	GetJob struct {
		Reply[job.Job]
		Target
	}

	// ListJobs asks for all jobs of a store, or of all.
	ListJobs struct {
		Reply[[]job.Job]
		Store string
	}

	// PageJobs asks for the jobs of a store in order of ID, behind After, up to
	// Limit.
	PageJobs struct {
		Reply[[]job.Job]
		Store string
		After string
		Limit int
	}

	// ListStores asks for the aliases of the stores, in the order in which they
	// were added; before the start, of those that jobs wait for.
	ListStores struct{ Reply[[]string] }

	// PrepareJobs asks for jobs as AddJobs would store them now.
	PrepareJobs struct {
		Reply[[]job.Job]
		Jobs []job.Job
	}

	// GetHistory asks for a page of a store's history.
	GetHistory struct {
		Reply[[]job.Record]
		Store string
		Query stores.HistoryQuery
	}

	// ModifyJob changes a job.
	ModifyJob struct {
		Reply[job.Job]
		Target
		Changes job.Changes
	}

	// RescheduleJob gives a job another trigger and works its next run time
	// out anew.
	RescheduleJob struct {
		Reply[job.Job]
		Target
		Trigger triggers.Trigger // nil: once, as soon as possible
	}

	// PauseJob takes a job's next run time away.
	PauseJob struct {
		Reply[job.Job]
		Target
	}

	// ResumeJob works a job's next run time out anew. A job whose trigger has
	// ended is removed.
	ResumeJob struct {
		Reply[job.Job]
		Target
	}

	// RemoveJob removes a job.
	RemoveJob struct {
		Reply[None]
		Target
	}

	// RemoveJobs removes jobs: of those of a store that are there all or none.
	// No ID stands there twice.
	RemoveJobs struct {
		Reply[None]
		IDs   []string
		Store string // alias; "": of each ID, the first store that has such a job
	}

	// RemoveAllJobs removes the jobs of a store, or of all.
	RemoveAllJobs struct {
		Reply[None]
		Store string
	}
)

func (*AddJobs) jobs()       {}
func (*GetJob) jobs()        {}
func (*ListJobs) jobs()      {}
func (*PageJobs) jobs()      {}
func (*ListStores) jobs()    {}
func (*PrepareJobs) jobs()   {}
func (*GetHistory) jobs()    {}
func (*ModifyJob) jobs()     {}
func (*RescheduleJob) jobs() {}
func (*PauseJob) jobs()      {}
func (*ResumeJob) jobs()     {}
func (*RemoveJob) jobs()     {}
func (*RemoveJobs) jobs()    {}
func (*RemoveAllJobs) jobs() {}

func (*AddJobs) String() string       { return "add job" }
func (*GetJob) String() string        { return "get job" }
func (*ListJobs) String() string      { return "list jobs" }
func (*PageJobs) String() string      { return "list jobs" }
func (*ListStores) String() string    { return "list stores" }
func (*PrepareJobs) String() string   { return "prepare job" }
func (*GetHistory) String() string    { return "get history" }
func (*ModifyJob) String() string     { return "modify job" }
func (*RescheduleJob) String() string { return "reschedule job" }
func (*PauseJob) String() string      { return "pause job" }
func (*ResumeJob) String() string     { return "resume job" }
func (*RemoveJob) String() string     { return "remove job" }
func (*RemoveJobs) String() string    { return "remove jobs" }
func (*RemoveAllJobs) String() string { return "remove all jobs" }
