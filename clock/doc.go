// Package clock is the one door through which time enters Carillon.
//
// A scheduler is given a [Clock] when it is made and asks nothing else for
// the time: [Real] in production, a fake one in tests ([From] adapts clockwork,
// benbjohnson/clock and every clock of their shape), a simulator's in a
// simulation. The calls of package time that read or wait for the real time
// appear in this package only; a test in the root package enforces it.
//
// # Wall and monotonic time
//
// Schedules follow the wall clock ([Clock.Now]), waiting follows the monotonic
// one ([Clock.AfterFunc]). The two part when the wall clock is set, or when
// the machine sleeps. Carillon therefore never waits longer than half a minute
// without looking at the wall clock again. [Steady] makes a clock whose wall goes
// by what elapses, and is never set.
//
// # How late timers are
//
// Go waits for timers in its network poller, in whole milliseconds, and does not
// look at them at all while a garbage collection has idle processors mark, which
// can take ten. On Linux, package clock does two things about it. While timers
// of a few milliseconds follow each other, a timer of the kernel's, which is
// never late, has a look taken at those of Go's that are overdue. And the clock
// of [Precise] leaves the last stretch of each timer to the kernel.
package clock
