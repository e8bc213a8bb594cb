package main

import (
	"sync"
	"sync/atomic"
	"time"
)

const (
	oneCaller    = "1 caller"
	eightCallers = "8 callers"
	manyAtATime  = "1,000 at a time"
)

// churnQuestion is about jobs that are added and removed again while others
// are there.
var churnQuestion = question{
	name: "churn",
	asks: "How many pairs of adding and removing a job are possible, where there are so many?",
	figures: []figure{
		{"rate", "pairs/s", true},
		{"cpu", "ns of CPU a pair", false},
		{"allocations", "allocations a pair", false},
	},
	variants: []string{oneCaller, eightCallers, manyAtATime},
	sizes: func(_ string, quick bool) []int {
		if quick {
			return []int{1_000}
		}
		return []int{10_000, 100_000}
	},
	subjects: func(variant string) []string {
		if variant == manyAtATime {
			return []string{"carillon", "heap+pool"}
		}
		return allBut("heap+go")(variant)
	},
	measure: measureChurn,
}

func measureChurn(c Case, s scale) (Sample, error) {
	nth := farFuture()
	sched := open(c.Subject)
	if loaded := load(sched, c.N, nth, s.patience); loaded < c.N {
		return unfinished("added", loaded, c.N, s.patience), nil
	}
	sched.start()
	sched.list()

	next := new(atomic.Int64)
	next.Store(int64(c.N))
	pairs := func() int {
		sched.pair(nth(int(next.Add(1))))
		return 1
	}
	callers := 1
	switch c.Variant {
	case eightCallers:
		callers = 8
	case manyAtATime:
		pairs = func() int {
			tasks := make([]task, 1000)
			for i := range tasks {
				tasks[i] = nth(int(next.Add(1)))
			}
			sched.(bulk).pairAll(tasks)
			return len(tasks)
		}
	}
	end := begin()
	done := together(callers, pairs, s.stretch)
	used := end()
	_, cpu, mallocs := used.each(done)
	return Sample{Figures: map[string]float64{
		"rate":        float64(done) / used.wall.Seconds(),
		"cpu":         cpu,
		"allocations": mallocs,
	}}, nil
}

// together has several callers do something for a while, and returns how much
// they have done.
func together(callers int, do func() int, while time.Duration) int {
	var done atomic.Int64
	var all sync.WaitGroup
	began := time.Now()
	for range callers {
		all.Go(func() {
			for time.Since(began) < while {
				done.Add(int64(do()))
			}
		})
	}
	all.Wait()
	return int(done.Load())
}
