package main

import (
	"runtime"
	"sync/atomic"
	"time"
)

const (
	oneInstant       = "one instant"
	distinctInstants = "distinct instants"
)

// burstQuestion is about jobs that are due when the scheduler is started: for
// Carillon and the limits that is when it is resumed, for peers their Start.
// Distinct instants lie within the second before, in an order that is not that
// of addition; equal ones flatter a heap.
var burstQuestion = question{
	name: "burst",
	asks: "How fast are many due jobs run, up to the end of the last one?",
	figures: []figure{
		{"rate", "runs/s", true},
		{"cpu", "ns of CPU a run", false},
		{"allocations", "allocations a run", false},
	},
	variants: []string{oneInstant, distinctInstants},
	sizes:    sizesUpTo(1_000_000),
	subjects: func(variant string) []string {
		if variant == oneInstant {
			return allBut()(variant)
		}
		// Instants that have passed are refused by gocron, and AfterFunc does
		// not wait for a start. Neither keeps an order of its own anyway.
		return allBut("gocron", "AfterFunc")(variant)
	},
	measure: measureBurst,
}

func measureBurst(c Case, s scale) (Sample, error) {
	left := new(atomic.Int64)
	ended := make(chan time.Time, 1)
	w := workOf(func() {
		if left.Add(-1) == 0 {
			ended <- time.Now()
		}
	})
	left.Store(int64(c.N))

	due := time.Now().Add(-time.Second).Add(ahead(c))
	instant := func(int) time.Time { return due }
	if c.Variant == distinctInstants {
		instant = within(time.Second, c.N, due)
	}
	sched := open(c.Subject)
	if loaded := load(sched, c.N, func(i int) task { return task{first: instant(i), work: w} }, s.patience); loaded < c.N {
		return unfinished("added", loaded, c.N, s.patience), nil
	}
	runtime.GC()

	finish := begin()
	began := time.Now()
	sched.start()
	if wait := time.Until(due); wait > 0 {
		began = due
	} else if ahead(c) > 0 {
		return Sample{Note: "not all were added in time", Bounded: true}, nil
	}
	select {
	case end := <-ended:
		_, cpu, mallocs := finish().each(c.N)
		return Sample{Figures: map[string]float64{
			"rate":        float64(c.N) / end.Sub(began).Seconds(),
			"cpu":         cpu,
			"allocations": mallocs,
		}}, nil
	case <-time.After(time.Until(began) + s.patience):
		ran := c.N - int(left.Load())
		sample := unfinished("run", ran, c.N, s.patience)
		sample.Figures = map[string]float64{"rate": float64(ran) / s.patience.Seconds()}
		return sample, nil
	}
}

// ahead is how long before the burst a subject must have its jobs that takes
// none which are overdue. They all come due a second and this later.
func ahead(c Case) time.Duration {
	switch c.Subject {
	case "AfterFunc":
		return 1100*time.Millisecond + time.Duration(c.N)*2*time.Microsecond
	case "gocron":
		return 1100*time.Millisecond + time.Duration(c.N)*30*time.Microsecond
	}
	return 0
}

// within returns n instants of a span, in an order that is not theirs.
func within(span time.Duration, n int, start time.Time) func(i int) time.Time {
	const factor = 514_229 // a prime that divides none of the sizes
	return func(i int) time.Time {
		return start.Add(span / time.Duration(n) * time.Duration(i*factor%n))
	}
}
