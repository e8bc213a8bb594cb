package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"syscall"
	"time"

	"os"
)

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
		before, began := memStats().Mallocs, time.Now()
		f(n)
		took := time.Since(began)
		allocated := memStats().Mallocs - before
		if took >= stretch {
			return float64(took.Nanoseconds()) / float64(n), float64(allocated) / float64(n)
		}
		grown := float64(n) * 1.2 * float64(stretch) / float64(max(took, time.Microsecond))
		n = int(min(grown, 100*float64(n))) + 1
	}
}

// startProfiles starts the profiles that are asked for; finish writes them.
func startProfiles(o options) (finish func() error, err error) {
	var cpu *os.File
	if o.memProfile != "" {
		runtime.MemProfileRate = 4 << 10
	}
	if o.cpuProfile != "" {
		if cpu, err = os.Create(o.cpuProfile); err != nil {
			return nil, err
		}
		if err := pprof.StartCPUProfile(cpu); err != nil {
			return nil, err
		}
	}
	return func() error {
		if cpu != nil {
			pprof.StopCPUProfile()
			if err := cpu.Close(); err != nil {
				return err
			}
		}
		if o.memProfile == "" {
			return nil
		}
		f, err := os.Create(o.memProfile)
		if err != nil {
			return err
		}
		if err := pprof.Lookup("allocs").WriteTo(f, 0); err != nil {
			return fmt.Errorf("-memprofile: %w", err)
		}
		return f.Close()
	}, nil
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
