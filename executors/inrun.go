package executors

import (
	"reflect"
	"runtime"

	"github.com/carillon-go/carillon/job"
)

// callJob is beneath every job on its goroutine's stack; [InRun] looks for it.
//
//go:noinline
func callJob(rc *job.Context, do job.Func) error { return do(rc) }

// InRun reports whether the calling goroutine is executing a run: whether a
// job that was called by [Execute] is above it. A goroutine that the job has
// started is one of its own and not in the run.
//
// The scheduler asks when it is shut down, for a job that waited for the end
// of all jobs would wait for itself. InRun walks the stack, which takes
// microseconds.
func InRun() bool {
	marker := reflect.ValueOf(callJob).Pointer()
	callers := make([]uintptr, 64)
	for {
		n := runtime.Callers(2, callers)
		if n < len(callers) {
			return contains(runtime.CallersFrames(callers[:n]), marker)
		}
		callers = make([]uintptr, 2*len(callers))
	}
}

// contains reports whether one of the frames belongs to the function that
// starts at entry.
func contains(frames *runtime.Frames, entry uintptr) bool {
	for {
		frame, more := frames.Next()
		if frame.Entry == entry {
			return true
		}
		if !more {
			return false
		}
	}
}
