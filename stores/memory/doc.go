// Package memory keeps jobs in this process's memory. It is the store that a
// scheduler uses when it is given none, and the reference for package stores.
//
// # Usage
//
// [Open] is for schedulers: each opening begins empty. [New] makes a [Store]
// that outlives its openings and may be opened by several schedulers at once:
// with it, tests and simulations play through restarts, crashes and replicas.
//
//	shared := memory.New()
//	carillon.Config{Stores: carillon.Stores{"default": shared.Open}}
//
// It takes jobs whose calls are Go functions ([stores.Transient]). Calls and
// triggers are kept as they are, not copied.
//
// # How it works
//
// A job is a record of 96 bytes, found by ID in a map; what many jobs have in
// common is kept once (profile). Jobs with a next run time are in a heap by
// time and ID (heap); those that somebody cannot run stand in a lot beside it
// (lot); those that wait are in neither. Unfinished runs are in a ring of slots
// by ID (ring). An order of all jobs by ID exists from the first List on, until
// much has changed (order).
//
// With n jobs, Put costs O(log n) for each job, a claim O(log n) for each due
// job, and Finish O(1) for each run. Neither a claim nor Finish allocates for
// each run. Deletion of all jobs costs as much as there are unfinished runs.
//
// # Concurrency
//
// One mutex guards everything; it is held while Plan is called. Heartbeat waits
// for a claim as everybody does. What a Watch has asked for is called without
// it, by the goroutine that has made the change.
//
// # Limits
//
// Times after the year 2262, or before 1678, are kept exactly and are due when
// they should be, but come in order of ID among themselves. A job that one
// scheduler's Plan has parked is parked for the others too, until one of them
// claims for the first time or knows other names.
package memory
