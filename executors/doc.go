// Package executors says what an Executor is: the part of a scheduler that
// calls user code.
//
// The folders beneath hold implementations: pool is the default and executes
// runs side by side, inline executes them on the spot. Package executortest
// checks implementations against what is said here.
//
// # What an Executor does
//
// It is given runs in batches ([Executor].Execute), executes each of them, and
// reports how each ended (Host.Report), in batches as well. Between the two
// stand these promises:
//
//   - Execute does not wait for the runs, and accepts all of them.
//   - Each accepted run is reported exactly once, however it ends.
//   - A result is reported soon: it does not wait for another run to end.
//   - A run does not wait for another one either, unless the Executor has a
//     size and is full, or both are of one instance.
//   - What a job does with its own goroutine harms nobody else.
//
// How one run is executed is the same everywhere and is done by [Execute]: it
// is refused if it has come too late, else called with a context that knows the
// run, and its outcome is told from what the job returned, or from its panic.
//
// # Order
//
// Runs with the same Instance (not 0) stand together in a batch. They are
// executed one after the other and reported in this order. Otherwise an
// Executor promises no order, neither of the starts nor of the reports.
//
// # Shutdown
//
// Shutdown waits until everything has been reported. Its context bounds this.
// When it ends first, three things happen: the runs that have not been started
// are reported as [job.Released] (the store then has them due again), the
// contexts of the others are cancelled with [job.ErrShutdown] as their cause,
// and Shutdown returns the cause of its own context's end. A job that goes on
// nevertheless is reported when it returns, for what it returned.
//
// A job that shuts its scheduler down must not be waited for; the scheduler
// asks [InRun].
//
// # Panics
//
// A job that panics has failed with a [*job.PanicError], which has the value
// and the stack. A job that calls [runtime.Goexit] has failed with [ErrGoexit];
// its goroutine ends nevertheless, and the Executor goes on with another. A
// panic in a goroutine that a job has started ends the process.
//
// # Time
//
// An Executor reads the time from Host.Clock only. It needs it to tell whether
// a run is late, and when it started and ended. Whether a run is late is
// decided when it comes to its start, not when it is accepted: a run may be
// missed because its Executor was full, or because the run before it in its
// instance took long.
//
// The context of a run has the values of Host.Context, where [job.Sleep] finds
// the scheduler's clock. It ends with the Executor, not with the run: what a
// job has started may go on with it until the shutdown.
//
// # Writing your own
//
// Use nothing but the [Host] to start goroutines, to wait, and to read the
// time; keep no state outside the Executor; hold no mutex while you call the
// Host or a job; do not let a map's order decide anything. Then the Executor
// runs under a simulator, which takes one goroutine at a time and only as far
// as it waits in Host.Wait, exactly as it does live.
//
// Call jobs with [Execute], and see to the result in a deferred call. The
// file own_test.go in this folder is a complete Executor of a hundred lines
// that gives each run a goroutine.
//
// Often it is enough to wrap one: an Opener that opens a pool and changes the
// runs on their way in (their Do, to measure or to limit them, which package wrap
// does) or the results on their way out.
//
// # Testing
//
// Five lines with executortest.Run check all of this.
package executors
