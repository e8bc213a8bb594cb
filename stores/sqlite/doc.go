// Package sqlite keeps jobs in a file: an embedded, durable store that needs no
// server, no C compiler and no configuration.
//
// # Usage
//
//	carillon.Config{Stores: carillon.Stores{"default": sqlite.Open("jobs.db")}}
//
// [Config] has what can be set; [Plugin] reads it from a configuration. The
// directory has to exist, the file is made. A file that is not ours is refused,
// and so is one that a newer version of this package has written to; an older
// one is brought up to date when it is opened. Programs of the older version that
// have it open then record how their runs end, and claim no more.
//
// # What it promises
//
// Each operation is one transaction. When it has returned, what it has written
// survives the death of the process and, unless Config says [Normal], the loss
// of power. When it has failed, nothing has happened: also if the disk is full.
// A job that cannot be read, for instance because somebody has edited the file,
// is parked with the reason, is listed, and is left alone by all others. A file
// that SQLite itself cannot read is refused, with [ErrDamaged].
//
// # Several schedulers
//
// Several processes of one machine, and several schedulers of one process, may
// open the same file. There is one writer at a time; the others wait for it, ten
// seconds at the most, and fail then with an error that names the file. Keep the
// file on a local disk: over a network SQLite's locks do not work. For several
// machines use a store with a server.
//
// A process that is stopped (a debugger, SIGSTOP) while it writes keeps all
// others from writing until it goes on or ends; their heartbeats fail too, and
// if that lasts for longer than a lease, every scheduler's runs are Lost or taken
// over afterwards, as if it had stood still itself. "fuser -v jobs.db" lists who
// has the file open, and "ps" shows with a T who is stopped. Nothing is started
// twice, and all go on by themselves.
//
// Watch looks ten times a second, by the machine's clock, whether another
// connection has written. The look is a few microseconds of work, and reads no
// table.
//
// # Leases
//
// Leases are measured in elapsed time, on one clock for all processes: the wall
// clock at the moment of opening, and what has elapsed since. Whoever finds a
// heartbeat that is ahead of its own clock sets that forward. So setting the
// wall clock ends no lease of schedulers that are running. Only a scheduler that
// is started after the wall clock was set forward may take the others for dead:
// what they run is then Lost, and they start over under new names. One that is
// started after it was set back may be behind by as long as the last heartbeat
// is ago; its first lease is then shorter by that.
//
// # How it works
//
// Two connections per opening, in WAL mode: one for everything that writes, and
// one on which jobs are listed and history is read, beside it. Every statement is
// prepared once, and each is about up to 256 rows. The table job has what a claim changes and
// nothing else, so that it is small; what was put is in spec. An index of the
// jobs that have a next run time, and do not wait, has them in the order of
// claims. Settings are decoded once and kept (65,536 jobs at the most), since a
// claim does not change them. Run IDs come from a counter, so that new runs are
// appended. Live instances are counted, not kept.
//
// A run of a job that goes on costs one change of its job, and a run and a record
// that are appended; one of a job that ends costs two deletions instead of the
// change. Under load the ends of runs are recorded by the next claim, so that a
// thousand runs wait for the disk once. The settings of such a job stay where
// they are until its last run has ended. How many of these there are is counted,
// so that nobody looks for them where there are none.
//
// In statements, "+column = ?" and "LIMIT 0 + ?" are not what they seem: without
// the sign SQLite looks at the value to choose a plan, and plans anew whenever
// the value has changed.
//
// With n jobs, everything costs O(log n) for each job or run. A claim that finds
// nothing to do writes nothing. Due jobs that are parked cost a claim some 5
// microseconds each, but those that come before all others are read again only
// once a minute, and when one was put among them or another process has written
// to the file: otherwise a claim beside 20,000 of them takes as long as beside
// none. Runs that nobody holds and this process cannot run cost each claim some
// microseconds each. Every 32 MB the WAL is copied into the file, by the operation that has
// filled it.
//
// # Tables
//
// Times are microseconds since 1970 UTC.
//
//	job      what is to be run: next (NULL: paused), waiting (for its backlog)
//	spec     what was put, in JSON, of each job, and of jobs that are gone and
//	         have unfinished runs
//	run      the unfinished runs: node is who holds it (NULL: nobody)
//	node     the schedulers: state, beat (the last heartbeat), until (its lease)
//	history  what became of run times, and of jobs
//	counter  the last run's ID, and what keeps versions and spec in order
//
// Anybody may read them while schedulers are at work, with the sqlite3 program
// for instance:
//
//	-- due for more than a minute: no scheduler is running, or none knows the task
//	SELECT job.id, task, datetime(next / 1000000, 'unixepoch') FROM job JOIN spec ON job = id AND spec.born = job.born
//	WHERE waiting = 0 AND next < (unixepoch() - 60) * 1000000;
//
//	-- what is being run
//	SELECT job, id, attempt, node, datetime(scheduled / 1000000, 'unixepoch') FROM run ORDER BY id;
//
//	-- the schedulers
//	SELECT name, datetime(beat / 1000000, 'unixepoch') FROM node WHERE state = 'alive';
//
//	-- what went wrong last
//	SELECT datetime(at / 1000000, 'unixepoch'), job, outcome, reason FROM history
//	WHERE outcome IN ('failed', 'missed', 'lost', 'parked') ORDER BY seq DESC LIMIT 20;
//
// A reader that stays in a transaction keeps the WAL from being used anew: it
// grows with all that is written meanwhile, and is made small again only when the last
// program has closed the file. Who writes, or has SQLite VACUUM the file, keeps the
// schedulers waiting, for the ten seconds that they do.
//
// # Backups
//
// Have SQLite make a copy; that may be done at any time:
//
//	sqlite3 jobs.db ".backup copy.db"
//
// The file alone is no backup while somebody has it open, since what was written last
// is in the WAL: in a new file that is everything, and the copy would be taken for
// an empty one. When all have shut down, the file is all there is.
//
// A backup that is restored knows nothing of what has happened since: the run
// times of then are due again, and runs that were under way are Lost or handed out
// again. Remove the "-wal" and "-shm" of the file that it replaces.
//
// # History
//
// By itself the store keeps seven days and [DefaultHistoryCount] records. To
// record a run adds about a fifth to what it costs. What Explain asks is found by
// index; anything else by looking at one record after the other, which takes some
// ten milliseconds for 100,000. The store does everything else meanwhile.
//
// # Concurrency
//
// Operations come one after the other, Heartbeat too; only List and History wait
// for nothing but each other. Plan is called in the transaction.
package sqlite
