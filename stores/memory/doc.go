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
// Both keep the newest 10,000 records of a week as their history. A [Config]
// says otherwise:
//
//	memory.Config{History: stores.Retention{Count: 100_000}}.Open
//	memory.Config{History: stores.Retention{Count: -1}}.New() // no history
//
// It takes jobs whose calls are Go functions ([stores.Transient]). Calls and
// triggers are kept as they are, not copied.
//
// # How it works
//
// A job is a record of 96 bytes. It lies in a slab with others, and what refers to
// it does so by its number there, which is nothing to the garbage collector (slab).
// It is found by ID in a hash table (index); what many jobs have in common is kept
// once (profile). Jobs with a next run time are in the due index, by time and ID
// (due): those that come next in order (near), the others in buckets which are put
// in order when it is their turn (far). Jobs that
// somebody cannot run stand in a lot beside it (lot); those that wait are in
// neither. Unfinished runs are in a ring of slots by ID (ring), and those of
// one job ID are linked from the first that was claimed to the last (work). An
// order of all jobs by ID exists from the first List on, until much has changed
// (order). The history is another ring, which grows up to its Count and then
// overwrites its oldest record (history).
//
// Put and a claim cost O(1) for each job, amortized: the index grows by copying,
// and a bucket is gone through when its turn comes, which takes some 20 ms each
// when there are a million jobs. So does removal: once as many jobs are gone as an
// eighth of the index has places, or few are left of many, it is swept, which takes
// half as long. Finish costs
// O(1) for each run. Neither claims nor ends allocate for each run or record.
// Deletion of all jobs sorts them by ID, for the history. History looks through all
// records that are kept.
//
// # Memory
//
// A job takes 96 bytes for its record, 26 or more for its slot in the due index and 10
// to 20 for its place in the index: some 150. Those that are gone keep their records,
// empty, and their places until the index is swept. With it comes what its user has
// made and the Store keeps: the text of its ID, its trigger (24 bytes for a
// triggers.Date), its call. With a million jobs that have IDs of up to 16 bytes
// and run once, that makes 179 bytes a job.
//
// # Concurrency
//
// One mutex guards everything; it is held while Plan is called. Heartbeat waits
// for a claim as everybody does. Since nothing else is ever waited for, a
// scheduler has those who add and remove jobs do so on their own goroutines, if
// it is not busy with the Store itself. What a Watch has asked for is called without
// it, by the goroutine that has made the change.
//
// # Time
//
// Leases, and the age of records, are measured as elapsed time by the clock of
// the first Open: a wall clock that is set neither ends nor prolongs them. The At
// of records is that clock's wall time.
//
// # Limits
//
// Next run times are kept to the microsecond, and those of the scheduler's own
// making have nothing beyond it. A job that one
// scheduler's Plan has parked is parked for the others too, until one of them
// claims for the first time or knows other names.
package memory
