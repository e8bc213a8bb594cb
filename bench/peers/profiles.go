package main

import (
	"errors"
	"os"
	"runtime"
	"runtime/pprof"
)

// profiles are written of what is measured, without what comes before and
// after. There is one set, as the runtime profiles a whole process.
type profiles struct{ cpu, mem string }

var profiling profiles

// use has profiles written, if there are names for them. The one of memory is
// of every kilobyte.
func (p *profiles) use(o options) {
	p.cpu, p.mem = o.cpuProfile, o.memProfile
	runtime.MemProfileRate = 0
	if p.mem != "" {
		runtime.MemProfileRate = 1 << 10
	}
}

func (p *profiles) begin() {
	if p.mem != "" {
		writeAllocations(p.mem + ".base")
	}
	if p.cpu != "" {
		check(pprof.StartCPUProfile(must(os.Create(p.cpu))))
	}
}

func (p *profiles) end() {
	if p.cpu != "" {
		pprof.StopCPUProfile()
	}
	if p.mem != "" {
		writeAllocations(p.mem)
	}
}

// writeAllocations writes what the process has allocated so far. A collection
// brings the runtime's records up to date.
func writeAllocations(name string) {
	runtime.GC()
	f := must(os.Create(name))
	check(errors.Join(pprof.Lookup("allocs").WriteTo(f, 0), f.Close()))
}
