// Package postgres keeps jobs in PostgreSQL, where several schedulers can share
// them. Use it when jobs have to outlive the machine, or when more than one
// process is to run them.
//
// # Usage
//
//	carillon.Config{Stores: carillon.Stores{"default": postgres.Open("postgres://jobs@db/app")}}
//
// Every scheduler with the same database and schema shares the jobs. The tables
// are made when the store is opened first. A newer version of this package
// brings them up to date, which one of those that open the store does while the
// others wait; from then on older versions refuse to open it. PostgreSQL 12 is
// the oldest that will do.
//
// [Config.PutTx] puts jobs in a transaction of your own, so that the job exists
// exactly when what it is about does:
//
//	tx, err := pool.Begin(ctx)
//	...                                         // INSERT INTO orders
//	err = config.PutTx(ctx, tx, stores.Insert, jobs)
//	err = tx.Commit(ctx)
//
// Until it has ended, who changes or removes that job waits, and so does all
// else that is asked of the same scheduler's store: for 15 s, then that fails. (A
// lock_timeout in the DSN says otherwise.) So keep such transactions short.
//
// Behind a pooler that gives each transaction another connection, such as
// PgBouncer in transaction mode, set [Config.Pooled].
//
// # What is promised
//
// A claim is one transaction. It locks due jobs (FOR UPDATE SKIP LOCKED, so
// that several schedulers do not wait for each other), moves them on, and
// records their runs; it is committed before the first of them begins. So what
// happens when something dies is what package stores says of each job's
// Delivery:
//
//	the program, or its machine    its runs are Lost, or handed out again, when its
//	                               lease has ended: by the server's clock
//	the server's process           nothing is lost that was committed; what can be
//	                               repeated without harm is, other operations fail
//	                               once, and the scheduler tries them again
//	the server's machine           the same, with fsync and synchronous_commit on, as
//	                               they are by default; with synchronous_commit=off,
//	                               or after a failover to an asynchronous replica, the
//	                               last claims may be undone, and their runs run twice
//	the network                    an operation ends with its context at the latest. A
//	                               claim that was cut off is repeated, and learns what
//	                               it was given
//	a scheduler that hangs         what it has locked is free after 15 s
//
// Leases follow the server's clock (clock_timestamp). What is due is decided by
// each scheduler's own clock.
//
// # Cost
//
// A claim takes two round trips and, like Finish, which takes one, one wait for
// the disk, whatever the number of runs. So batches pay: a scheduler that claims
// 100 runs at a time manages some twenty times as many as one that claims single
// runs. Much more than 500 at a time gains little. A claim that finds nothing
// writes nothing. The number of jobs does not matter, but for due jobs whose
// task, executor or trigger the scheduler does not know: the server steps over
// them in each claim, which takes some 15 ms for 20,000. Of these the scheduler
// reads those that have become due since its last claim, and some of the others
// in turn. An index by task would spare that, and make every run dearer.
//
// Under load a scheduler has the ends of runs recorded by its next claim, in the
// same transaction, which saves what Finish would take. Where another scheduler
// is in the way of that, the claim is carried out after a Finish.
//
// Statements are planned once for each connection, so its first claim takes some
// milliseconds longer. Each finds its rows by an index, however far behind the
// server's statistics of the tables are.
//
// The history is a fourth of the cost of a run. It is pruned when there is a
// twentieth more of it than is kept, but not more often than every thousand
// records. Settings of jobs are kept in memory, 64 thousand of them. Those of a
// job that runs once have to be read and decoded, unless this scheduler has put
// it: that is a third of the processor time that the store takes in the
// scheduler's process.
//
// Changes are made known by NOTIFY, in Put, Delete and releases, never by a
// claim; Watch listens on a connection of its own. With it a scheduler has two
// connections, now and then three, and at the most one more than pool_max_conns.
//
// Autovacuum has to keep up with the tables job and run, of which every row is
// replaced at each run. It does by its defaults, up to some thousand runs per
// second; beyond that, raise autovacuum_vacuum_cost_limit. A transaction that
// stays open, of any program in the same database, keeps it from removing old rows,
// and claims become slower: at 2,000 runs a second it takes a minute until
// runs are a tenth of a second late.
//
// # What to look at
//
// All is in plain tables, which may be read at any time. Writing is for the
// schedulers: to change a job, put it.
//
//	job      id, next (NULL: paused), waiting, task, executor, kind, version
//	spec     job, born, spec: the settings as JSON; gone: of a job that has ended
//	         or was deleted, and has unfinished runs
//	run      unfinished runs: job, id, node (NULL: to be handed out again), attempt,
//	         scheduled, first
//	node     schedulers: name, until (the end of the lease), state
//	history  seq, at, job, outcome, scheduled, run, attempt, node, started, finished,
//	         reason
//
// What is late, and by how much:
//
//	SELECT count(*), now() - min(next) AS late FROM carillon.job
//	WHERE next <= now() AND waiting = 0;
//
// Raise an alarm when that stays above what you allow, or when this is empty:
//
//	SELECT name, until - now() AS lease FROM carillon.node
//	WHERE state = 'alive' AND until > now();
//
// What is running, where, and since when it was due:
//
//	SELECT job, node, attempt, now() - scheduled AS age FROM carillon.run ORDER BY scheduled;
//
// What goes wrong:
//
//	SELECT outcome, count(*) FROM carillon.history
//	WHERE at > now() - interval '1 hour' GROUP BY outcome;
//
//	SELECT at, job, scheduled, node, reason FROM carillon.history
//	WHERE outcome IN ('failed', 'lost', 'parked') ORDER BY seq DESC LIMIT 20;
//
// One job:
//
//	SELECT j.id, j.next, s.spec FROM carillon.job AS j
//	JOIN carillon.spec AS s ON s.job = j.id AND s.born = j.born WHERE j.id = 'nightly';
//
// Whether old rows are removed in time:
//
//	SELECT relname, n_live_tup, n_dead_tup, last_autovacuum FROM pg_stat_user_tables
//	WHERE schemaname = 'carillon';
//
// # Rights
//
// Making the schema takes CREATE on the database; where that is not given, have
// somebody make it and let the program's user own it. If another role is to own
// the tables, open the store once as that role, after each upgrade too, and give
// the program's
//
//	GRANT USAGE ON SCHEMA carillon TO app;
//	GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA carillon TO app;
//	GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA carillon TO app;
//
// Rights that are missing are noticed when they are needed, not at the start. For
// PutTx alone these will do:
//
//	GRANT USAGE ON SCHEMA carillon TO web;
//	GRANT SELECT, INSERT, UPDATE ON carillon.job, carillon.spec, carillon.history TO web;
//	GRANT USAGE ON SEQUENCE carillon.version TO web;
//
// A job whose row cannot be
// read, because it was changed by hand, is parked and left as it is.
//
// # Limits
//
// An ID is text in UTF-8. Text that a job has given for an error is kept without
// zero bytes. Names of schedulers are remembered for 30 days after they have
// died.
package postgres
