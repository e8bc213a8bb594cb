// Package stores says what a job store is: where jobs wait, from which due runs
// are handed out, and which remembers what has not ended yet.
//
// The folders beneath hold implementations. Package memory is the default, and
// the reference for what is said here. Package storetest checks every sentence
// of it, for implementations of this module and of others.
//
// # What a store does
//
// A [Store] keeps jobs ([Store].Put, Delete, DeleteAll, Get,
// List), hands out due runs
// (ClaimDue) and is told how they ended (Finish). One scheduler may own it
// alone, or several may share it: each claims what it has time for. There is
// no leader, and nothing passes between the schedulers but the store.
//
// It keeps of a [job.Job] what describes the job: ID, Name, Call, Trigger,
// Executor, MisfireGrace, Coalesce, MaxInstances, Delivery, NextRunTime and
// Version. Of the rest, Store is the alias under which the asking scheduler
// knows the store, Paused says that there is no NextRunTime, and the others
// come back zero. Calls and triggers are not changed by anybody once they have
// been put.
//
// A Put is done as if it put one job after the other, but all or none. So an
// Insert of one ID twice is refused, and of two Replaces the later one stays.
//
// Version grows by one with each Put of the job and each step that a claim takes
// with it; and with nothing else. A job that is put where one of its ID was
// deleted, or has ended, begins with a greater Version than that one had. So a
// job that was read and is put back with IfVersion never overwrites what happened
// in between.
//
// # Claiming
//
// A claim is the whole step from "due" to "being run", in one transaction: it
// picks due jobs, asks the scheduler's Plan what becomes of each, moves them
// on, records one run for each time that is to be run, and says when to claim
// again. The times are computed by Plan, since triggers are Go code; it sees
// the job and the number of its live instances as they are in the transaction,
// so no two claims decide about the same state.
//
// The order of a claim is: runs that are handed out again (see below); then the due
// jobs, by NextRunTime and, where that is equal, by ID, byte by byte. Each job
// is planned once by a claim. If it is due still, that is for the next one:
// Next tells when it was due, and More stays unset.
//
// Limit counts the runs of the answer, those handed out again too. More is
// set if, and only if, something was left that could have been claimed.
//
// A claim with the Seq of the node's last one is a repetition: it has no
// effect, and the same runs for an answer. Seq 0 is never repeated.
//
// A claim may bring ends of runs along (Done). They are recorded before the
// claim looks at anything: the instances that end by that are not live any
// more, their jobs do not wait for them, and what is released can be handed out
// by this very claim. They are recorded by a repetition too, which may have
// others than the claim that it repeats. A store that has transactions does all
// of it in one, which is what it is for. One that has none records first and
// claims then ([FinishFirst]): if the claim fails, what it has recorded is
// reported again, which does no harm.
//
// # Runs and outcomes
//
// A run is one scheduled time of one job. Its ID is not used again, not for
// another run and not after the store has been closed and opened. It is held by
// the node that has claimed it, and is unfinished, until Finish or the death of
// the node ends it. The runs of one [Step] are one instance: they have the
// first one's ID for their Instance, and the instance is live until the last of
// them has ended. Live instances are counted by job ID, over deletion,
// replacement and the end of the job.
//
// A run that is told again, because a claim is repeated or the run is handed
// out again, has its job's settings of that moment; if the job is gone, those
// that it had last.
//
// # Runs that are handed out again
//
// Finish with [job.Released] gives a run back that was not started, for
// instance because its scheduler shuts down. The run stays unfinished, and live,
// and is held by nobody; its job does not change. Finish tells that there is
// something to claim, as of the run's Scheduled. The runs that a dead scheduler
// held of AtLeastOnce jobs (see below) are handed out again too. A Store that is
// gone with Close is [Fleeting]: the scheduler says of what it gives back to that
// when it shuts down that it is Lost.
//
// Such runs go to the first claimer that can run them (Known), before any job
// is planned: they keep their ID, Instance, times and place among the live,
// their Attempt grows by one. They come in the order in which they were claimed
// first, the runs of one instance in one piece. It does not matter whether the
// job has been paused or replaced since, or whether its trigger has ended.
//
// If that very job was deleted they are not handed out: a run that is held by
// nobody ends when its job is deleted, one that is released later ends at once,
// and nothing is told of them; a dead scheduler's run is Lost.
//
// # The promise
//
// Between the effect of a job and the record of it a process can always die.
// What happens then is the choice of each job ([job.Delivery]):
//
//	the process dies            AtMostOnce (default)            AtLeastOnce
//	before the claim commits    nothing has happened: the       the same
//	                            job is due for the next claim
//	after that, before the      Lost, though it has not run     runs elsewhere as Attempt 2
//	run has begun
//	during the run              Lost                            runs elsewhere, again
//	after the run, before       Lost, though it has run         runs elsewhere, again
//	Finish commits
//	it was only frozen, and     its Finish touches nothing:     it may overlap with the
//	wakes with its lease over   the run is Lost already         next attempt
//
// So AtMostOnce never starts a run twice and says "outcome unknown" (Lost) when
// it does not know; it never says nothing. AtLeastOnce asks the job to be
// idempotent per (job ID, scheduled time), and offers the attempt number as a
// fencing token. Nothing is called "exactly once".
//
// # Leases and names
//
// A scheduler registers a name, unique for each of its starts, by Heartbeat.
// The name is what holds runs.
//
// With a ttl the name has a lease: it is alive until ttl after its last
// heartbeat; a shorter ttl does not shorten what an earlier one has promised.
// When the lease is over, the name is dead from that instant, whether anybody
// has noticed or not: its claims and heartbeats fail with
// [job.ErrLeaseExpired], its Finish touches nothing, and it never comes back to
// life. Close does not end a lease, and a scheduler may go on under its name
// on a Store that it has opened anew.
//
// With a ttl of 0 the name is the store's only owner. It has no lease and does
// not die of time. It is refused with [job.ErrShared] while a name with a lease
// is alive. Any other name that is registered after it ends it, since that can
// only mean that the earlier one has crashed, or that the program was wrong to
// say that it is alone. Until then it may go on under its name, with another
// opening of the store too.
//
// A scheduler that is shut down resigns ([Resigner]), once nothing runs any more
// that it has claimed: then its name is dead at once, in either case. One that
// gives up waiting for a run does not resign, so that nobody takes the run for
// ended while it may go on: its lease runs out, as it does when a process dies.
//
// A name that was never registered is treated as one that has died.
//
// The first claim after the death of a name deals with its unfinished runs, and
// does so before it plans any job. Those of AtMostOnce jobs end, and are
// reported in Lost, whether the claimer knows their tasks or not, and so do
// those of jobs that were deleted. The others, of AtLeastOnce jobs, are handed
// out again.
//
// # Waiting and parking
//
// A job that waits ([Step].Wait) is not due until one of its instances has
// ended, by Finish or by being Lost; a run that is handed out again goes on.
// Finish tells when a job is due that has waited. Without a live instance there is
// nothing to wait for. Put does not end a wait, it only sets what comes after.
//
// A job that this process cannot run (Known), or that Plan cannot plan, is
// parked: it is listed in Parked when it is due, and is then left in peace, as
// it is, until it is put or until the process passes another Known. It is never
// deleted, and other processes run it if they can. What they have moved on may be
// planned again; but it is listed again only if Plan gives another reason: each
// process hears once of what it cannot run, however often that runs elsewhere. A
// store may forget that it has told, when it has told of 65,536 other jobs since.
// Parking is a matter of each process, and is forgotten when the store is closed.
//
// # History
//
// A store may keep what became of run times, so that "why did it not run?" has
// an answer ([job.Record]). It writes, in the same transaction as what it
// records:
//
//	by Finish     one record for each run that was held, but for Released
//	by ClaimDue   the same for Done; one for each run in Lost, each skipped time,
//	              and each job in Parked (with its next run time for Scheduled)
//	by Put        one for each job that was there before: [Change]
//	by Delete,    one for each job that is deleted: Removed
//	DeleteAll
//
// A job that is put anew leaves no record, and neither does one that ends. How
// much is kept is set with the store, as a [Retention]. Finish takes any text
// for an error; a store may mend or cut it, but not refuse it. Seq grows with each
// record; numbers may be left out, and with several schedulers at once a record
// may appear behind one with a greater Seq.
//
// # Time
//
// Each decision follows one clock. What is due is decided by Claim.Now, the
// scheduler's clock. Leases are judged by the store's own: that of a database,
// or the elapsed time of [Env].Clock. The next run time is computed from the
// one before. So a scheduler whose clock is wrong runs jobs early or late by as
// much, and nothing worse: never twice.
//
// Times are instants, exact to the microsecond at least. Whether their Location
// survives is the store's affair.
//
// # Concurrency
//
// One Store is called from one goroutine at a time, with two exceptions.
// Heartbeat may be called while any other method is at work. So may List and
// History, by one goroutine at a time: they can take long, and no claim is to
// wait for that. Close is called when no other method is at work. Several Stores
// on the same data may be used at once; every operation is then atomic, and they
// happen in one order. Plan and changed are called while the Store is at work,
// and must not call it. Which goroutine it is may change from call to call; a
// Store that is [Prompt] may be called from one of the program's own, in the
// middle of Scheduler.AddJob.
//
// # Errors
//
// An error means that nothing has happened, unless a connection broke, or a
// context ended, while the answer was on its way. A claim is then repeated with
// the same Seq. Finish is repeated as it is, and so is the Done of a claim: what
// is done already is found no longer held. Put, Delete and DeleteAll may have
// happened; the caller can look. A context that has ended is such an error, and
// is found by [errors.Is]. Errors are, or wrap, [*job.Error] values with the
// operation, the store's alias and the job, if it is about one. The conditions
// are
//
//	job.ErrJobExists      Put, Insert: there is a job of this ID
//	job.ErrJobNotFound    Get; Put, IfVersion: there is none
//	job.ErrConflict       Put, IfVersion: it has another Version
//	job.ErrTransientJob   Put: a Go function, or a trigger without JSON form,
//	                      in a store that is not Transient
//	job.ErrLeaseExpired   Heartbeat, ClaimDue: this name is dead
//	job.ErrShared         Heartbeat: see above; Shared makes it
//	errors.ErrUnsupported Watch: poll instead; History: none is kept
//
// Delete of jobs that do not exist and Finish of runs that are not held are no
// errors; their answers say so.
//
// # Testing
//
// An implementation proves itself with five lines:
//
//	func TestStore(t *testing.T) {
//		storetest.Run(t, storetest.Harness{
//			Open: func(t testing.TB) stores.Opener { return mystore.Open(t.TempDir(), storetest.Kinds()) },
//		})
//	}
package stores
