// Package rows is the form in which durable stores keep jobs and runs, and what
// can be decided about rows without a database. An engine reads rows, asks, and
// writes rows.
//
// # Jobs
//
// A [Job] is a row with a key (the ID), three versions, a next run time and its
// [Settings]. A claim changes the Version, the next run time and the wait only;
// the settings change with each Put. So [Cache] keeps decoded settings by ID and
// the Version of that Put, and a recurring job is not decoded at each claim.
//
// What [Put] decides becomes rows to write. The first Version of a job must be
// greater than any that a job of its ID has had: engines keep a floor, the
// greatest Version with which any job has been deleted or has ended.
//
// # Jobs that are gone
//
// Unfinished runs need the settings of their job for as long as they last. A
// [Run] names its job by ID and Born, the Version that the job began with, which
// tells it from other jobs of the same ID. Engines that keep settings by ID and
// Born, in a table of their own, need not move them when a job ends, is deleted
// or is put anew.
//
// # Settings
//
// Spec is the persistent form of the job (job.Job.MarshalJSON) without what a
// claim changes. The columns beside it repeat what queries may filter by, and
// what is needed of a job whose Spec cannot be decoded: see [Spec].
//
// # Times
//
// Times are whole microseconds since 1970 UTC, rounded up, so that no time is
// before the one that a trigger gave. See [Micros] and [Time].
//
// # History
//
// A [Search] turns a query of the history into the conditions of a statement.
//
// # Concurrency
//
// A Cache may be used by any number of goroutines, and so may a Spec, but for
// Unfit: that is for the one goroutine that claims.
package rows
