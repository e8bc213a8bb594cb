// Package job has the nouns: [Job], what it calls ([Call], [Func], [Task]), its
// executions ([Run], [Result], [Outcome]), and the errors that all packages
// share. It has no actors, no clock and no logger.
//
// # Functions and tasks
//
// A [Func] is a Go function; it lives in this process. A [Task] is a function
// with a name and typed arguments; a job that calls it can be kept in a
// persistent store, as the task's name and the arguments' JSON, and be run by
// any process that knows a task of that name. There is no reflection on
// arguments and no global registry: the tasks that a scheduler can run are a
// value in its configuration.
//
// # Runs and outcomes
//
// A run is named by its job's ID and its scheduled time. Every scheduled time of
// a job ends in exactly one [Outcome], or was coalesced into a run that did:
//
//	Executed  the call returned nil
//	Failed    the call returned an error or panicked
//	Missed    it came to its start later than the job's MisfireGrace
//	Skipped   MaxInstances runs of the job were unfinished
//	Lost      its process or its executor ended first: nobody knows
//
// # Errors
//
// Conditions are sentinel errors ([ErrJobNotFound], …), to be recognised with
// [errors.Is]; [Error] adds what they happened to. A value that cannot be
// accepted is a [FieldError]; several are joined. A panic in a job is a
// [PanicError] with its stack.
package job
