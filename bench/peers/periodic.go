package main

import (
	"slices"
	"sync/atomic"
	"time"
)

// watched is a load of jobs at equal intervals, with their phases spread evenly,
// that is watched for a while.
type watched struct {
	used      usage
	runs      int
	late      []uint32 // nanoseconds, of each run, in order of size
	unwatched bool     // not all jobs could be added
	added     int
	rate      float64 // in runs a second
	held      float64 // the share of the runs that there should have been
}

// watch runs n jobs an interval, and watches once each has run. Lateness is how
// long after the last instant of its grid a job begins: the runs of one that is
// more than an interval behind are not told apart, but missing in the number of
// runs.
func watch(subject string, n int, s scale) watched {
	expected := float64(n) * s.window.Seconds() / s.interval.Seconds()
	r := &recorder{epoch: time.Now(), interval: s.interval, late: make([]uint32, int(1.5*expected)+10_000)}
	phase := within(s.interval, n, r.epoch)
	sched := open(subject)
	added := load(sched, n, func(i int) task {
		first := phase(i)
		return task{first: first, interval: s.interval, work: workOf(r.job(first))}
	}, s.patience)
	if added < n {
		return watched{unwatched: true, added: added}
	}
	sched.start()
	time.Sleep(s.interval + s.interval/10)

	end := begin()
	r.on.Store(true)
	time.Sleep(s.window)
	r.on.Store(false)
	w := watched{used: end()}
	time.Sleep(time.Millisecond) // for runs that are about to be noted
	w.runs = min(int(r.runs.Load()), len(r.late))
	w.late = r.late[:w.runs]
	w.rate = float64(w.runs) / w.used.wall.Seconds()
	w.held = w.rate * s.interval.Seconds() / float64(n)
	slices.Sort(w.late)
	return w
}

// quantile returns how late the runs are of which this share is less late.
func (w *watched) quantile(share float64) float64 {
	if len(w.late) == 0 {
		return 0
	}
	return float64(w.late[min(int(share*float64(len(w.late))), len(w.late)-1)]) / 1e6
}

// recorder notes how late jobs run while it is on.
type recorder struct {
	epoch    time.Time
	interval time.Duration
	on       atomic.Bool
	runs     atomic.Int64
	late     []uint32
}

func (r *recorder) job(first time.Time) func() {
	phase := first.Sub(r.epoch)
	return func() {
		if !r.on.Load() {
			return
		}
		late := (time.Since(r.epoch) - phase) % r.interval
		if at := r.runs.Add(1) - 1; int(at) < len(r.late) {
			r.late[at] = uint32(late)
		}
	}
}
