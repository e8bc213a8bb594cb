package executortest

import (
	"log/slog"
	"sync/atomic"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/executors"
	"github.com/carillon-go/carillon/job"
)

// A load is a scheduler's side of the contract that costs next to nothing.
type load struct {
	done    atomic.Int64
	reports atomic.Int64
	wake    chan struct{}
}

func newLoad() *load { return &load{wake: make(chan struct{}, 1)} }

func (l *load) host() executors.Host {
	return executors.Host{
		Alias:  job.DefaultAlias,
		Clock:  clock.Real(),
		Logger: slog.New(slog.DiscardHandler),
		Go:     func(f func()) { go f() },
		Wait:   wait,
		Report: l.report,
	}
}

func (l *load) report(results []job.Result) {
	l.done.Add(int64(len(results)))
	l.reports.Add(1)
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// await waits until n results have been reported.
func (l *load) await(n int) {
	for l.done.Load() < int64(n) {
		<-l.wake
	}
}
