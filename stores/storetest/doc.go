// Package storetest checks that a store keeps the contract of package stores.
//
// # Usage
//
// A store is checked by one test, and measured by one benchmark:
//
//	func TestStore(t *testing.T)      { storetest.Run(t, harness) }
//	func BenchmarkStore(b *testing.B) { storetest.Benchmark(b, harness) }
//
//	var harness = storetest.Harness{
//		Open:    func(t testing.TB) stores.Opener { return mystore.Open(t.TempDir(), storetest.Kinds()) },
//		Durable: true,
//		History: true,
//	}
//
// The [Harness] says how to make an empty store and what it is able to do.
// Rules about more than that are skipped.
//
// # Rules
//
// Each rule is a sentence of the contract and a check, and runs as a subtest
// named after it: -run 'TestStore/release/ended'. A rule that is broken prints
// the sentence. There is one file for each topic.
//
// The rules named model play some thousand random operations against the store
// and against a model of it that consists of lists; a slow store is played with
// for some seconds. They have the last word on what the operations do together,
// and on what the history says of it.
//
// How much history a store keeps, and for how long ([stores.Retention]), is for
// its own tests.
//
// # Time
//
// Rules give the time of their claims, in seconds after noon of 1 May 2024.
// Leases end by the clock that is handed to the store ([stores.Env]), which
// moves when a rule says so; with a store whose leases follow a clock of its
// own (Harness.RealLease) some rules wait. These run in parallel, and are
// repeated with a longer lease if they fail and their steps have taken too long
// for it; in the others no lease ends.
//
// # Concurrency
//
// Some rules use several sessions from several goroutines: run with -race.
package storetest
