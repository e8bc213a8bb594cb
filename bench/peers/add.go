package main

import (
	"runtime"
	"time"
)

const (
	single = "one at a time"
	inBulk = "in bulk"
)

// addQuestion is about jobs at distinct instants that are far away, in an order
// that is not theirs. One at a time: to a scheduler that is started and has so
// many. In bulk: all of them, in pieces of bulkSize where the scheduler takes
// several at a time; peers get them before the start, which is quicker, and the
// start is included. Bytes are those of the heap and the stacks after a
// collection; what the jobs do is shared by all.
var addQuestion = question{
	name: "add",
	asks: "What does it cost to add a job, and how much memory does it take, where there are so many?",
	figures: []figure{
		{"time", "ns a job", false},
		{"cpu", "ns of CPU a job", false},
		{"allocations", "allocations a job", false},
		{"bytes", "bytes a job", false},
	},
	variants: []string{single, inBulk},
	sizes:    sizesUpTo(1_000_000),
	subjects: func(variant string) []string {
		if variant == inBulk {
			return allBut("heap+go")(variant)
		}
		return allBut("heap+go")(variant)
	},
	measure: func(c Case, s scale) (Sample, error) {
		if c.Variant == inBulk {
			return addInBulk(c, s)
		}
		return addSingly(c, s)
	},
}

func addSingly(c Case, s scale) (Sample, error) {
	nth := farFuture()
	sched := open(c.Subject)
	if loaded := load(sched, c.N, nth, s.patience); loaded < c.N {
		return unfinished("added", loaded, c.N, s.patience), nil
	}
	sched.start()
	sched.list() // it has started when it answers
	runtime.GC()

	end, began, added := begin(), time.Now(), 0
	for more := min(max(c.N/4, 500), 50_000); added < more && time.Since(began) < 2*s.stretch; added++ {
		sched.add(nth(c.N + added))
	}
	return adding(end(), added), nil
}

func addInBulk(c Case, s scale) (Sample, error) {
	nth := farFuture()
	sched, bytes := open(c.Subject), resident()
	end := begin()
	_, several := sched.(bulk)
	if several {
		sched.start()
	}
	loaded := load(sched, c.N, nth, s.patience)
	if !several {
		sched.start()
		sched.list()
	}
	used := end()
	if loaded < c.N {
		return unfinished("added", loaded, c.N, s.patience), nil
	}
	sample := adding(used, loaded)
	sample.Figures["bytes"] = float64(resident()-bytes) / float64(c.N)
	runtime.KeepAlive(sched)
	return sample, nil
}

func adding(used usage, jobs int) Sample {
	wall, cpu, mallocs := used.each(jobs)
	return Sample{Figures: map[string]float64{"time": wall, "cpu": cpu, "allocations": mallocs}}
}
