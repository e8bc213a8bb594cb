// Package redis keeps jobs in Redis, from version 6.2 on, or Valkey: for
// schedulers that share their jobs and have such a server already.
//
// # Usage
//
//	carillon.Config{Stores: carillon.Stores{
//		"default": redis.Open("redis://localhost:6379/0"),
//	}}
//
// [Config] says more: another prefix for the keys, how much history is kept, or
// a client of the program's own, for instance of a cluster. [Plugin] does the
// same for schedulers that are configured by a file.
//
// # The promise
//
// What package stores promises about a dead process holds as long as the server
// keeps what it has confirmed. How long that is, is a matter of its
// configuration:
//
//	appendonly yes, appendfsync always     each operation waits for the disk;
//	                                       nothing confirmed is lost
//	appendonly yes, appendfsync everysec   (the usual one) a crash of the machine
//	                                       loses up to some seconds; that of the
//	                                       server alone loses nothing
//	snapshots only, or nothing             a restart loses all since the last one
//
// What is lost are the claims, outcomes and changes of that time. A claim that
// is lost is made again, by whoever asks next: so AtMostOnce jobs whose runs
// were claimed in that second may run twice, and jobs that were added in it are
// gone. The same happens when a replica takes over, since it may not have got
// the last writes; where that matters, let the master wait for replicas
// (min-replicas-to-write) and know that this narrows the window and does not
// close it. Run IDs are not used again even then: they are not less than the
// server's time in microseconds. So what a scheduler reports of a run that was
// lost in this way touches no other run.
//
// The server must not evict keys: set maxmemory-policy to noeviction, or to one
// of the volatile ones (no key here expires). When the memory is full,
// operations fail, and nothing is half written.
//
// # How it works
//
// Every operation is one Lua script, which the server carries out in one piece.
// A claim is two, since triggers are Go code: the first one returns what is due
// with the Version and the live instances of each job; what Plan makes of that
// is written by the second one, as far as nobody has changed the job or its
// live instances since. What has been changed is read and planned again by the
// same claim; after ten turns that others have won altogether it says that there
// is more. Ends of runs that a claim brings along are recorded before, by the
// script that Finish is. So when several schedulers want the same jobs one of them gets on at
// once, and none ever waits for a lock. Runs of the dead, and those that nobody
// holds, take a claim one script more.
//
// A claim of very many runs, or of jobs that have nothing but skipped times, is
// written in parts of 1,000 jobs. If the connection breaks between two of them,
// the repeated claim returns the runs of those that were written. Of the rest of
// the answer it knows the lost runs; what was skipped or has ended is in the
// history. A script that arrives late, when its claim has been given up, does
// nothing.
//
// Leases follow the server's clock (TIME); so setting it back prolongs them, and
// setting it forward ends them.
//
// # Keys
//
// All keys begin with the prefix in braces, which keeps them in one slot of a
// cluster: a store uses one shard, and several stores several. An ACL needs the
// pattern for keys and for channels, and these commands:
//
//	ACL SETUSER jobs on >password ~{carillon}:* &{carillon}:* +@connection +@read +@write +@scripting +@pubsub +time
//
//	{carillon}:meta         hash: format, and the counters
//	           jobs         hash: by ID, "incarnation waits version next class"
//	           ids          sorted set: IDs, in order
//	           specs        hash: by incarnation, the settings; those of a job that
//	                        is gone until its last run has ended
//	           classes      set: task/executor/trigger kind of the jobs
//	           due:<class>  sorted set: "next ID", in order
//	           runs         hash: by run ID, an unfinished run
//	           live         hash: by job ID, the unfinished instances
//	           held:<node>  set: the runs that a scheduler holds
//	           free:<class> sorted set: the runs that nobody holds
//	           loose        hash: the same by incarnation
//	           deleted      set: incarnations that were deleted, and have runs
//	           leases       sorted set: living schedulers, by the end of the lease
//	           dead         sorted set: the others, the last 100,000 of them
//	           claims       hash: by node, its last claim
//	           lost         hash: by node, the lost runs that it was told of
//	           history      stream: records, by the time in microseconds
//	           chains       hash: of 4,096 chains of records, the last one; each
//	                        record has the one before it in its chain
//	           changed      channel: who has changed jobs
//
// An incarnation is a job from its first Put to its end or deletion. Times are
// kept as text in UTC, exact to the nanosecond; those after the year 9999 count
// as its end.
//
// # Cost
//
// The server is busy for some 12 µs for each job that is put, and for some 40 µs
// for each run from its claim to its end (if 100 of them are claimed at once; 150
// µs if it is one). It does nothing else while a script runs: with 1,000 jobs in a
// Put or a claim, for 10 to 20 ms. Deletion of all jobs is one script too. A job
// takes about 650 bytes of memory, 250 of them its settings, and a record of the
// history about 140. Put takes 100,000 jobs at the most.
//
// Due jobs that are parked cost next to nothing, however many they are: those that
// a scheduler does not know are in other indexes, by task, executor and kind of
// trigger, and of each it looks at 100 in a claim, in turn.
//
// The records of a job are in one of 4,096 chains, by a hash of its ID, which is
// what Explain goes along: some 5 µs for each record in it, those of other jobs
// too. Who looks for records of all jobs reads them from the newest on, some
// 100,000 in a second. The server does other work after 250 records.
//
// # Errors
//
// Open fails if a key under the prefix is not Carillon's, or if the data have
// another format than this version knows; nothing is changed then. A program of
// an older version that is running when a newer one changes the format gets
// errors from then on.
//
// A job that cannot be read, because its settings were written by a newer version
// or its keys by somebody else, is parked and left as it is.
//
// Operations wait for as long as the client does: by default 5 s for a
// connection and 3 s for an answer. A context that ends earlier is noticed
// before the operation is sent, or after its answer.
//
// # Concurrency
//
// Schedulers in any number share a store by its server, database and prefix.
// Watch uses a connection of its own. It is told of Puts, Deletes and releases,
// not of claims.
package redis
