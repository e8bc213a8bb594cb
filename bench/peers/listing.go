package main

// listingQuestion is about all jobs, as the scheduler's users get them; the
// limits copy their heap.
var listingQuestion = question{
	name:     "listing",
	asks:     "What does it cost to list so many jobs?",
	figures:  []figure{{"time", "ns a job", false}, {"allocations", "allocations a job", false}},
	variants: []string{"all jobs"},
	sizes:    sizesUpTo(100_000),
	subjects: allBut("heap+go", "AfterFunc"),
	measure: func(c Case, s scale) (Sample, error) {
		sched := open(c.Subject)
		if loaded := load(sched, c.N, farFuture(), s.patience); loaded < c.N {
			return unfinished("added", loaded, c.N, s.patience), nil
		}
		sched.start()
		ns, allocs := repeat(s.stretch, func(n int) {
			for range n {
				if listed := sched.list(); listed != c.N {
					panic(listed)
				}
			}
		})
		return Sample{Figures: map[string]float64{"time": ns / float64(c.N), "allocations": allocs / float64(c.N)}}, nil
	},
}
