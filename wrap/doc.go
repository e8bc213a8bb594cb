// Package wrap puts something around jobs: a timeout, retries, or what one
// writes oneself, such as a trace.
//
// # Usage
//
// A [Wrapper] makes a function of a function. [Func] puts wrappers around a Go
// function, [Task] around that of a task, and [Executor] around all that an
// executor runs, whatever it is:
//
//	s.Every(time.Minute, wrap.Func(poll, wrap.Timeout(10*time.Second)), carillon.Job{ID: "poll"})
//
//	var Send = carillon.NewTask("mail.send", wrap.Task(send, wrap.Retry(wrap.Backoff{Tries: 5})))
//
//	carillon.Config{Executors: carillon.Executors{
//		"default": wrap.Executor(pool.Open(pool.Config{}), trace),
//	}}
//
// The first wrapper is the outermost. Retry before Timeout bounds each try,
// Timeout before Retry all of them with the pauses in between; a wrapper that
// stands behind Retry sees each try, and its error.
//
// # One run
//
// A run that is tried again is one run: it has one outcome, the last try's, and
// until then it counts against MaxInstances, keeps its worker in a pool that has
// a size, and delays a Shutdown, which cancels its context at the bound. If its
// process dies the tries begin anew with [job.AtLeastOnce]; otherwise the run is
// Lost.
//
// # Testing
//
// Timeouts and pauses pass on the scheduler's clock. On a fake one, and in a
// simulation, they take no time.
//
// # Cost
//
// A timeout costs about a microsecond and six allocations for each run, a retry
// some nanoseconds as long as there is no error.
//
// # Concurrency
//
// Wrappers keep nothing between runs and may be shared by jobs that run at the
// same time.
package wrap
