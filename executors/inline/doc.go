// Package inline is the Executor that executes runs on the spot: Execute
// returns when they have ended. It makes the order of everything that happens
// easy to follow, in a test, in a simulation, or in a debugger.
// APScheduler: DebugExecutor.
//
// # What is different
//
// Runs are executed in the order in which they come, whatever their instance,
// and what a job asks of the scheduler is answered between its own start and its
// own end. Runs that were claimed together are executed one after the other; their
// ends are told and recorded when the last of them has ended.
//
// A job that takes long delays the jobs that come after it in the same
// Executor, which may then be later than their MisfireGrace, and nothing else:
// the scheduler, its stores, its listeners and its other Executors go on.
// MaxInstances above 1 and Coalesce have no effect on how many jobs run at a
// time; that is always one.
//
// A job may add, change and remove jobs, and shut the scheduler down. It must
// not wait for another run of this Executor, nor remove the Executor and wait
// for that.
//
// # Shutdown
//
// Shutdown waits for an Execute that is at work. When its context ends first,
// the job that is being executed has its context cancelled, and the runs
// behind it are released.
//
// # The job's goroutine
//
// Each job has a goroutine of its own, for which the one that called Execute
// stands still. This is order without parallelism: as far as anybody can
// observe the job is called by Execute. It matters when the job ends its
// goroutine, as t.FailNow does in a test: the run is then reported as failed
// and life goes on. It costs about a microsecond a run.
package inline
