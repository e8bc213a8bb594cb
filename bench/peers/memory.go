package main

import "runtime"

// memoryQuestion counts the heap and the stacks after a collection. The work
// of the jobs is shared; a trigger, a name and whatever else a job is given are
// counted where the scheduler keeps them.
var memoryQuestion = question{
	name:     "memory",
	asks:     "How much memory does a job take?",
	figures:  []figure{{"bytes", "bytes a job", false}},
	variants: []string{"far-future jobs"},
	sizes:    sizesUpTo(1_000_000),
	subjects: allBut("heap+go"),
	measure: func(c Case, s scale) (Sample, error) {
		nth := farFuture()
		sched := open(c.Subject)
		before := resident()
		if loaded := load(sched, c.N, nth, s.patience); loaded < c.N {
			return unfinished("added", loaded, c.N, s.patience), nil
		}
		sched.start()
		after := resident()
		runtime.KeepAlive(sched)
		return Sample{Figures: map[string]float64{"bytes": float64(after-before) / float64(c.N)}}, nil
	},
}
