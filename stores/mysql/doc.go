// Package mysql keeps jobs in a MariaDB or MySQL database, which schedulers on
// several machines may share.
//
// # Usage
//
//	carillon.Config{Stores: carillon.Stores{"default": mysql.Open("user:password@tcp(host:3306)/database")}}
//
// [Config] has what can be set; [Plugin] reads it from a configuration. The
// database has to exist. The tables are made when it is opened first, and are
// brought up to date by a newer version of this package; one process does that
// and the others wait. What a newer version has made is refused. The user needs
// SELECT, INSERT, UPDATE and DELETE, and for making tables CREATE, ALTER and
// INDEX.
//
// # Servers
//
// MariaDB 10.6 and MySQL 8.0.1 are the oldest servers that can skip locked rows;
// older ones are refused. The tests run on MariaDB 10.11. The statements are
// those that MySQL has as well, but have not been run there.
//
// Of a cluster give one server to all schedulers, the primary: the store relies
// on its locks. A Galera cluster does not pass them on. Binary logs have to be of
// the format ROW or MIXED.
//
// # What it promises
//
// Each operation is one transaction. When it has returned, what it has written
// survives whatever the server's commits survive: with
// innodb_flush_log_at_trx_commit = 1 the loss of power, and with 2 the death of
// the server only. A replica that is promoted may lack the last commits; then
// runs may be handed out again, and runs that have ended may be lost once more.
//
// What is in each other's way is tried again by the operation itself, ten times
// at the most: deadlocks, and locks that were waited for in vain for five
// seconds. While the server is away operations fail, and succeed when it is back.
// A job that cannot be read, for instance because somebody has edited the table,
// is parked with the reason, is listed, and is left alone by all others.
//
// # Several schedulers
//
// A claim locks the jobs that it takes and skips those that others have locked,
// so that schedulers do not wait for each other. If it has skipped any it asks to
// be repeated 20 ms later. A scheduler that stands still in the middle of a claim
// keeps its jobs locked for 20 seconds at the most, when the server ends its
// transaction.
//
// Nothing tells a scheduler of what others have changed: it polls.
//
// Leases are of the server's clock, in UTC; the clocks and zones of the clients,
// and the server's zone, mean nothing.
//
// # How it works
//
// Statements are sent together as far as none needs an answer of those before,
// with their arguments in them: a claim takes three round trips, or two if there
// is nothing to claim, Finish, Put and Delete take two, and all others one; a
// claim that has ends of runs to record does a Finish first. (To
// prepare statements would mean to send them one by one.) A
// statement is about up to 500 rows, and up to a megabyte is sent at once.
//
// Due jobs whose task, executor or trigger a scheduler does not know are stepped
// over by the server in each claim of that scheduler. The index of due jobs has
// their tasks too: beside 20,000 of tasks that are unknown a claim takes some 6 ms
// longer, and beside as many whose executors or triggers are, 40 ms. Only those that
// have become due since its last claim are sent to it, and some of the others in
// turn.
//
// Transactions are READ COMMITTED. Every statement finds its rows by an index,
// and names it, since what InnoDB reads it locks. The table job has what a claim
// changes and what it is selected by; what was put is in spec, which is decoded
// once and kept (65,536 jobs at the most). Run IDs and the first Versions of jobs
// come from the AUTO_INCREMENT of the table ticket, which nobody waits for. Live
// instances are counted, not kept. IDs and names are VARBINARY, of up to 1024
// and 512 bytes, and compared byte by byte.
//
// There are up to four connections. A scheduler uses one, and a second one for a
// heartbeat beside.
//
// # Looking into it
//
// Times are microseconds since 1970 UTC; FROM_UNIXTIME shows them in the zone of
// your session. What is due, the longest overdue first:
//
//	SELECT CONVERT(id USING utf8mb4), FROM_UNIXTIME(next / 1e6) FROM carillon_job
//	WHERE waiting = 0 AND next <= UNIX_TIMESTAMP(NOW(6)) * 1e6 ORDER BY next LIMIT 10;
//
// Who is alive (a single owner has no end), and what runs:
//
//	SELECT CONVERT(name USING utf8mb4), IF(sole, NULL, FROM_UNIXTIME(until / 1e6)) FROM carillon_node
//	WHERE state = 'alive' AND (sole OR until > UNIX_TIMESTAMP(NOW(6)) * 1e6);
//	SELECT CONVERT(job USING utf8mb4), FROM_UNIXTIME(scheduled / 1e6), CONVERT(node USING utf8mb4), attempt FROM carillon_run ORDER BY id;
//
// What became of a job, the last first:
//
//	SELECT FROM_UNIXTIME(at / 1e6), outcome, FROM_UNIXTIME(scheduled / 1e6), reason FROM carillon_history
//	WHERE job = 'nightly' ORDER BY seq DESC LIMIT 20;
//
// Change nothing by hand: a scheduler keeps in mind what it has read.
//
// # What to watch
//
//   - how late the first job is: the oldest next of carillon_job with waiting = 0
//   - unfinished runs (rows of carillon_run), and those whose node is not alive
//   - Innodb_deadlocks (MariaDB; in MySQL lock_deadlocks of
//     information_schema.innodb_metrics): some are usual where jobs are put and
//     deleted while they run, many are not
//   - the history list length of SHOW ENGINE INNODB STATUS: if it grows without
//     end, some transaction is open for hours, and claims slow down since they
//     have to step over rows that could not be removed
//   - the free space of the disk: a job takes about 1 KB, a record 200 bytes
//
// # History
//
// By itself the store keeps seven days and [DefaultHistoryCount] records. Every
// thousand records, and every ten minutes, it removes up to 4,000 that are not to
// be kept.
//
// # Concurrency
//
// Heartbeat, List and History may be called beside anything else; the other
// operations come from one goroutine at a time. Plan is called in the transaction.
package mysql
