// Package metrics tells Prometheus how a scheduler is doing.
//
// # Usage
//
// Make a [Collector] before the scheduler is started, and register it:
//
//	registry.MustRegister(metrics.New(s, metrics.Config{}))
//
// The metrics of several schedulers in one registry are told apart by a label,
// which the registry adds:
//
//	prometheus.WrapRegistererWith(prometheus.Labels{"scheduler": "mail"}, registry).
//		MustRegister(metrics.New(s, metrics.Config{}))
//
// How registries are served is package promhttp's business; examples/http has it.
// The file alerts.yml beside this one has alert rules to begin with.
//
// # Metrics
//
// Their names begin with "carillon_". These come from a [Collector]:
//
//	name                             type       labels         it answers
//	runs_total                       counter    task, outcome  what became of run times: executed, failed, missed, skipped, lost?
//	run_duration_seconds             histogram  task           how long do runs take, those that fail included?
//	run_lateness_seconds             histogram  task           how much later than scheduled do they begin?
//	last_success_timestamp_seconds   gauge      task           when was a run executed to a good end? Not there: not since the start of the process
//	runs_running                     gauge      task           how many are being executed?
//	runs_waiting                     gauge      task           how many wait for a worker of their executor?
//	oldest_run_age_seconds           gauge      task           does one hang? 0: none is being executed
//	state                            gauge      state          is the scheduler running (1 for that, 0 for the others), paused, stopped?
//	store_failures_total             counter    store          does a store fail to hand out runs, or to record their ends?
//	leases_expired_total             counter    store          was it out of reach, or the process frozen, for so long that its runs belong to others?
//	jobs_parked_total                counter                   did jobs come due that this process cannot run?
//	clock_jumps_total                counter    direction      was the clock set, forward or backward, or did the machine sleep?
//	restarts_total                   counter    part           did a store, an executor or an actor panic, and was made anew?
//	events_dropped_total             counter                   is something missing in the other counters?
//
// These come from [NewJobs], which reads all jobs for them:
//
//	name                             type       labels         it answers
//	jobs                             gauge      state          how many are scheduled, paused, parked (this process cannot run them), pending (for the start)?
//	most_overdue_job_seconds         gauge                     how long has one been due and not been run? 0: none is
//	job_listings_failed_total        counter                   could the jobs not be read? Then the other two are not there
//
// All processes that share a store tell of all of its jobs; of runs, each tells of
// its own, and of lost ones that who has found them.
//
// Each run time is counted once in runs_total, with the outcome that the history
// has, as long as events_dropped_total is 0. One exception: a process that dies
// may have counted the end of a run that it did not come to record; another one
// counts that as lost.
//
// # Tasks
//
// The label "task" has the name of the task, and of jobs that call a Go function
// the name of the job. So ten thousand jobs that call one task are one series; ten
// thousand jobs with a function of their own would be ten thousand, if there were
// not a limit: beyond a hundred values they are counted as "other"
// ([Config.MaxTasks]). [Config.Label] makes something else of a run: its job's ID,
// its executor, a constant. The label is not called "job", since Prometheus has one
// of that name.
//
// # Time
//
// Durations are what passed on the scheduler's clock, and times are what it showed.
// Where it was set back, and less than no time has passed, 0 is counted.
//
// # Lives
//
// Counters go on when the scheduler is shut down and started again, and begin anew
// with the process. [Collector.Close] ends what a collector hears.
//
// # Cost
//
// A run costs 0.1 microseconds and no memory, on the goroutine of the collector's
// listener and not on the scheduler's. A scrape costs time in proportion to the
// runs under way. The scheduler makes an event for each end of a run, as for any
// other listener. Prometheus' client is part of every program that has a
// scheduler, since Proto.Actor needs it; this package adds itself.
//
// # Concurrency
//
// A collector may be used by several registries, and collect at any time from any
// goroutine.
package metrics
