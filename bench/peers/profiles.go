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

func (p *profiles) begin() {
	if p.mem != "" {
		runtime.MemProfileRate = 4 << 10
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
		runtime.MemProfileRate = 0
		f := must(os.Create(p.mem))
		check(errors.Join(pprof.Lookup("allocs").WriteTo(f, 0), f.Close()))
	}
}

// use has profiles written, if there are names for them.
func (p *profiles) use(o options) {
	p.cpu, p.mem = o.cpuProfile, o.memProfile
	runtime.MemProfileRate = 0
}
