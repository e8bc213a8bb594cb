// Package torture kills schedulers, and looks whether what they have promised
// was kept.
//
// # What happens
//
// A test hires workers: processes of their own, each a whole scheduler on a
// store that they share. The test binary is its own worker; [Main] sees to that.
// Workers are killed at random instants (SIGKILL), frozen, given wrong clocks,
// cut off from their database, and hired anew, while jobs come due. In the end a
// last worker runs off what is left, undisturbed.
//
// # The audit
//
// Three witnesses are then compared by [Audit]:
//
//	the triggers   which run times there were: pure arithmetic
//	the journals   which runs were started and ended, written by the jobs
//	               themselves, in files of their own ([Journal])
//	the history    what became of each run time, as the store recorded it
//
// Every run time has to have exactly one outcome, no AtMostOnce run may have
// been started twice, no AtLeastOnce run twice under one attempt number, no run
// may have gone unnoticed, and no job may have had more instances than
// MaxInstances at a time. The figures are a [Report].
//
// That the audit can fail is shown twice: by tests of its own, and by workers
// which use their store as if it were theirs alone, reading what is due,
// running it, and then writing back ([Order].ReadSubmitWrite).
//
// # How to run it
//
//	CARILLON_KILLS=200 CARILLON_REPORT=report.txt go test -v ./internal/torture
//
// CARILLON_KILLS is how many workers are killed in each of the kill tests, 40 by
// default. CARILLON_ENGINES are the engines to test, of sqlite, postgres, redis
// and mysql: "sqlite,postgres" by default. CARILLON_REPORT is a file for the
// figures of all tests.
//
// # Adding an engine
//
// A row in engines, which opens it, and one in the tests' rows, which says what
// server it needs.
package torture
