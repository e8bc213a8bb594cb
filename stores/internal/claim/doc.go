// Package claim decides what a claim does, without a database. It is the
// contract of package stores, sentence by sentence, for stores that keep rows:
// what is to be told, and what is to be written. It has no I/O and no clock;
// data go in, data come out.
//
// # Servers
//
// An engine keeps one [Memory] for each opened store. If its database is shared
// by claims that go on at once, and lock their jobs, it is a [Server]:
//
//	d := memory.Begin(c, alias)
//	claimed, err := memory.CarryOut(d, server)
//
// has it read and write, in the right order. What follows is for the others, and
// says what CarryOut does.
//
// # Steps
//
// In a transaction that has found the node alive, an engine does
//
//	if memory.Repeats(c) { … answer with memory.Again(c, alias, runs) … }
//	d := memory.Begin(c, alias)
//	d.Bury(runs)                  // of nodes that have died; write d.Lost and d.Freed
//	d.HandOut(runs)               // that nobody holds
//	for d.Wants() > 0 {           // due jobs, page by page
//		if d.Admits(&job) { … }   // leave out what is not to be planned
//		d.Plan(candidates)        // with their live instances
//	}
//	d.Meet(strangers)             // due jobs that the pages have left out, if any
//	d.Number(ids)                 // d.Unnumbered() of them
//	…                             // write d.Taken, d.Started, d.Moves, d.Records(now)
//	d.Claimed.Next = …            // of the first job in order for which d.Wakes
//	memory.Keep(d)                // after the commit
//
// Nothing that a Decision does changes the Memory before Keep: a transaction
// may be given up at any point and be tried again.
//
// # What is written
//
// Bury has to be written before the due jobs are read, since the end of a run
// ends a wait and makes room for an instance. Everything else may be written at
// the end, in any order: no job is in two of the lists, and no run.
//
// # Parking
//
// What this process cannot run is remembered ([Told]), so that it is told once
// for each Put and reason. A job that others have moved on is judged again, but
// not told again: what counts is the Version of the last Put, which every engine
// keeps for its settings. (Version grows with each move; and what decides, the
// names and the reason, stays the same when a user has tried to help by a Put that
// did not, and wants to hear of it.) Wants counts the parked jobs that are still among the
// rows which an engine reads.
//
// # Concurrency
//
// Memory and Decision are used by one goroutine at a time.
package claim
