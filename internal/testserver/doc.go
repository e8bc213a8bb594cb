// Package testserver runs real database servers for tests.
//
// # Usage
//
// [Postgres], [Redis] and [MariaDB] give a test an empty database on a server
// that is started when it is needed first, on a port of its own, with its files
// in a temporary folder. [Main] stops the servers after the tests:
//
//	func TestMain(m *testing.M) { testserver.Main(m) }
//
//	func TestStore(t *testing.T) {
//		db := testserver.Postgres(t)
//		open(db.DSN)
//		db.Kill() // and db.Stop, db.Start
//	}
//
// The tests of a package share one server of each kind, and each has a database
// of its own there. Without further options a server does not wait for the disk:
// what it has committed outlives its own death, not that of the machine. See
// [Durable] and [Own].
//
// [Proxy] stands between a client and a server, to cut connections or to let
// them hang.
//
// # Where the programs come from
//
// They are looked for where distributions put them. What is missing is
// installed with apt-get if there is one and the tests run as root, by one
// process at a time. Otherwise the test is skipped, and says what to install;
// with CARILLON_REQUIRE_SERVERS=1 in the environment it fails instead.
//
// Run by root, the servers run as another user: postgres, mysql, redis or
// nobody.
//
// # When tests die
//
// On Linux the servers die with the test binary, however it ends. The folder
// of one that was killed is removed by the next.
package testserver
