package main

import (
	"runtime"
	"runtime/debug"
	"syscall"
	"time"
)

// usage is what something has used.
type usage struct {
	wall, cpu time.Duration
	mallocs   float64
}

// begin begins to measure, and to profile if that is asked for; end ends it.
func begin() (end func() usage) {
	profiling.begin()
	mallocs, cpu, began := memStats().Mallocs, cpuTime(), time.Now()
	return func() usage {
		u := usage{wall: time.Since(began), cpu: cpuTime() - cpu}
		u.mallocs = float64(memStats().Mallocs - mallocs)
		profiling.end()
		return u
	}
}

// each returns what one of n has used: nanoseconds, nanoseconds of processor
// time, allocations.
func (u usage) each(n int) (wall, cpu, mallocs float64) {
	return float64(u.wall.Nanoseconds()) / float64(n), float64(u.cpu.Nanoseconds()) / float64(n), u.mallocs / float64(n)
}

// cpuTime returns the processor time that this process has used.
func cpuTime() time.Duration {
	var u syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// resident returns the memory that is in use once garbage is collected: the
// heap and the stacks.
func resident() int64 {
	runtime.GC()
	debug.FreeOSMemory()
	m := memStats()
	return int64(m.HeapAlloc + m.StackInuse)
}

func memStats() runtime.MemStats {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m
}

// repeat calls f, which does something n times, with growing n until it takes
// long enough, and returns what one of them took and allocated.
func repeat(stretch time.Duration, f func(n int)) (ns, allocs float64) {
	for n := 1; ; {
		end := begin()
		f(n)
		used := end()
		if used.wall >= stretch {
			ns, _, allocs = used.each(n)
			return ns, allocs
		}
		grown := float64(n) * 1.2 * float64(stretch) / float64(max(used.wall, time.Microsecond))
		n = int(min(grown, 100*float64(n))) + 1
	}
}

// scattered returns instants a millisecond apart in an order that is not
// theirs: to add what is always the last flatters a heap.
func scattered(base time.Time) func(i int) time.Time {
	const period = 1 << 20 // more than there are jobs, so all are distinct
	return func(i int) time.Time {
		return base.Add(time.Duration(i*514_229%period) * time.Millisecond)
	}
}

// farFuture returns jobs that are not due for a day.
func farFuture() func(i int) task {
	instant := scattered(time.Now().Add(24 * time.Hour))
	idle := workOf(func() {})
	return func(i int) task { return task{first: instant(i), work: idle} }
}
