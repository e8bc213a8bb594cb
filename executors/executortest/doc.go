// Package executortest checks an Executor against the contract of package
// executors, rule by rule.
//
// # Usage
//
// One test is enough for an Executor:
//
//	func TestConformance(t *testing.T) {
//		executortest.Run(t, mine.Open, executortest.Options{})
//	}
//
// Each rule is a subtest; a red one says what has happened and then which
// sentence of the contract that breaks. [Options] tell what kind of Executor it
// is; rules that are not for its kind are skipped. [Benchmark] measures it.
//
// # Time
//
// Every rule runs in a bubble of [testing/synctest]: time moves on only when
// all goroutines wait, so that no rule takes longer than its computing, and one
// that waits in vain fails at once. In return the Executor must not wait for
// anything outside the bubble, such as a network.
//
// # A Host for tests of your own
//
// [Host] is what a scheduler gives to an Executor: it keeps the results and
// counts the goroutines. It works in a bubble and outside, with any clock:
//
//	host := executortest.NewHost(clock.Real())
//	executor, err := host.Open(mine.Open)
//	executor.Execute(runs)
//	err = host.AwaitResults(ctx, len(runs))
//
// # Testing the suite
//
// The package's tests spoil an Executor in some sixty ways; each rule notices
// at least one of them.
package executortest
