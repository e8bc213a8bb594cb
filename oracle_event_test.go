package carillon_test

import (
	"context"
	"encoding/json"
	"regexp"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
)

// oracleMasks are the reference's names of events.
var oracleMasks = map[string]carillon.Mask{
	"SCHEDULER_STARTED":  messages.MaskSchedulerStarted,
	"SCHEDULER_SHUTDOWN": messages.MaskSchedulerShutdown,
	"SCHEDULER_PAUSED":   messages.MaskSchedulerPaused,
	"SCHEDULER_RESUMED":  messages.MaskSchedulerResumed,
	"EXECUTOR_ADDED":     messages.MaskExecutorAdded,
	"EXECUTOR_REMOVED":   messages.MaskExecutorRemoved,
	"JOBSTORE_ADDED":     messages.MaskStoreAdded,
	"JOBSTORE_REMOVED":   messages.MaskStoreRemoved,
	"ALL_JOBS_REMOVED":   messages.MaskAllJobsRemoved,
	"JOB_ADDED":          messages.MaskJobAdded,
	"JOB_REMOVED":        messages.MaskJobRemoved,
	"JOB_MODIFIED":       messages.MaskJobModified,
	"JOB_EXECUTED":       messages.MaskJobExecuted,
	"JOB_ERROR":          messages.MaskJobError,
	"JOB_MISSED":         messages.MaskJobMissed,
	"JOB_SUBMITTED":      messages.MaskJobSubmitted,
	"JOB_MAX_INSTANCES":  messages.MaskJobMaxInstances,
}

// hear is the listener that sees everything.
func (w *world) hear(e carillon.Event) {
	entry := entryOf(e)
	entry.Job = recordedID(entry.Job)
	if entry.T.IsZero() {
		entry.T = w.clock.ofJobs().Now()
	}
	w.record(entry)
}

// listen makes a listener that performs a behaviour.
func (w *world) listen(name string, behaviour json.RawMessage) func(carillon.Event) {
	return func(e carillon.Event) {
		entry := entryOf(e)
		entry.Listener = name
		if entry.T.IsZero() {
			entry.T = w.clock.ofJobs().Now()
		}
		w.record(entry)
		if canonical(behaviour) == `"raise"` {
			panic("listener raises")
		}
		if len(behaviour) == 0 {
			return
		}
		var s step
		if err := json.Unmarshal(behaviour, &s); err != nil {
			panic(err)
		}
		w.doInside(context.Background(), s)
	}
}

// entryOf is how an event stands in the log. An outcome that has taken no time
// has none.
func entryOf(e carillon.Event) entry {
	switch e := e.(type) {
	case *messages.SchedulerStarted:
		return entry{T: e.At, Event: "SCHEDULER_STARTED"}
	case *messages.SchedulerShutdown:
		return entry{T: e.At, Event: "SCHEDULER_SHUTDOWN"}
	case *messages.SchedulerPaused:
		return entry{T: e.At, Event: "SCHEDULER_PAUSED"}
	case *messages.SchedulerResumed:
		return entry{T: e.At, Event: "SCHEDULER_RESUMED"}
	case *messages.ExecutorAdded:
		return entry{T: e.At, Event: "EXECUTOR_ADDED", Alias: e.Alias}
	case *messages.ExecutorRemoved:
		return entry{T: e.At, Event: "EXECUTOR_REMOVED", Alias: e.Alias}
	case *messages.StoreAdded:
		return entry{T: e.At, Event: "JOBSTORE_ADDED", Alias: e.Alias}
	case *messages.StoreRemoved:
		return entry{T: e.At, Event: "JOBSTORE_REMOVED", Alias: e.Alias}
	case *messages.AllJobsRemoved:
		return entry{T: e.At, Event: "ALL_JOBS_REMOVED", Alias: e.Store}
	case *messages.JobAdded:
		return entry{T: e.At, Event: "JOB_ADDED", Job: e.JobID, Store: e.Store}
	case *messages.JobRemoved:
		return entry{T: e.At, Event: "JOB_REMOVED", Job: e.JobID, Store: e.Store}
	case *messages.JobModified:
		return entry{T: e.At, Event: "JOB_MODIFIED", Job: e.JobID, Store: e.Store}
	case *messages.JobSubmitted:
		return entry{T: e.At, Event: "JOB_SUBMITTED", Job: e.JobID, Store: e.Store, Runs: e.Scheduled}
	case *messages.JobMaxInstances:
		return entry{T: e.At, Event: "JOB_MAX_INSTANCES", Job: e.JobID, Store: e.Store, Runs: e.Scheduled}
	case *messages.JobParked:
		return entry{T: e.At, Event: "JOB_PARKED", Job: e.JobID, Store: e.Store}
	case *messages.JobExecuted:
		return outcomeEntry("JOB_EXECUTED", (*job.Result)(e))
	case *messages.JobError:
		return outcomeEntry("JOB_ERROR", (*job.Result)(e))
	case *messages.JobMissed:
		return outcomeEntry("JOB_MISSED", (*job.Result)(e))
	case *messages.JobLost:
		return outcomeEntry("JOB_LOST", (*job.Result)(e))
	case *messages.ExecutorRestarted:
		return entry{T: e.At, Event: "EXECUTOR_RESTARTED", Alias: e.Alias}
	case *messages.ClockJumped:
		return entry{T: e.At, Event: "CLOCK_JUMPED"}
	case *messages.ActorRestarted:
		return entry{T: e.At, Event: "ACTOR_RESTARTED"}
	case *messages.StoreRestarted:
		return entry{T: e.At, Event: "STORE_RESTARTED"}
	}
	return entry{Event: "unknown event"}
}

func outcomeEntry(name string, r *job.Result) entry {
	e := entry{T: r.Finished, Event: name, Job: r.Run.JobID, Store: r.Run.Store, Run: r.Run.Scheduled}
	switch r.Outcome {
	case job.Executed:
		e.Retval, _ = json.Marshal(r.Value)
	case job.Failed:
		e.Exception = r.Err.Error()
	}
	return e
}

// refTime is a time as the reference writes it.
func refTime(t time.Time) string {
	layout := "2006-01-02T15:04:05+00:00"
	if t.Nanosecond() != 0 {
		layout = "2006-01-02T15:04:05.000000+00:00"
	}
	return t.UTC().Format(layout)
}

// recordedID is the ID of a job, or what stands in the log for one that was
// generated.
func recordedID(id string) string {
	return generatedID.ReplaceAllString(id, "<32 lowercase hex digits>")
}

var generatedID = regexp.MustCompile(`^[0-9a-f]{32}$`)
