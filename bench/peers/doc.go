// Peers measures Carillon beside other Go schedulers and beside hand-written
// limits, all in one run.
//
//	go run ./peers                       // everything, a quarter of an hour
//	go run ./peers -quick                // small and once, under a minute: does it still work?
//	go run ./peers -only 'burst|churn'   // some of it; a regular expression for names of cases
//
// It prints how near our aims are, and tables, and writes peers.html, which needs nothing else to be read.
//
// # Cases
//
// A case is a question, a variant, a subject and a size. Each is measured in a
// process of its own, which this program starts from its own file: no case
// finds another's garbage, timers or warm caches. All cases are gone through
// once in each round, one after the other, so that a machine that is slow for a
// while is slow for everybody. A figure is the median of the rounds; the least
// and the greatest stand behind it. Compare figures of one run only, best as
// ratios, which the tables give beside them.
//
// A subject that does not get done in [patience] is stopped and shown with how
// far it came; it is not tried again in later rounds, nor with larger sizes.
//
// # Fairness
//
// Each peer is used as its documentation says, in the configuration that is
// fastest here; its file says which. Where a peer has no panic recovery or
// overlap control by itself, none is added. Carillon has everything on: panics
// are recovered, instances limited, misfires checked, runs have a context and
// an outcome, and a listener counts the outcomes. The jobs do the same
// everywhere: an atomic addition, and where lateness is measured a look at the
// clock.
//
// The limits are what could be reached at all: a 4-ary heap of times with one
// timer, which hands batches to a fixed pool, or starts a goroutine for each
// run; and time.AfterFunc alone. They can do nothing that a scheduler is for.
//
// # Where a case's time goes
//
// Profiles are of what is measured, without the preparations.
//
//	go run ./peers -case 'churn | 1 caller | carillon | 10000' -cpuprofile cpu.out -memprofile mem.out
//	go tool pprof -top cpu.out
//	go tool pprof -top -sample_index alloc_space -base mem.out.base mem.out
//
// # A further question
//
// Write a file with a [question] and put it into questions.
package main
