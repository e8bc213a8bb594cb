package main

import "time"

// latenessQuestion is about loads that nobody should find heavy. Timers of the
// Go runtime are up to a millisecond late while a program waits: that is the
// limit for whoever uses them.
var latenessQuestion = question{
	name: "lateness",
	asks: "How late do runs begin, with so many runs a second?",
	figures: []figure{
		{"p50", "ms late", false},
		{"p99", "ms late", false},
		{"p99.9", "ms late", false},
		{"cpu", "us of CPU a run", false},
		{"allocations", "allocations a run", false},
	},
	variants: []string{"every second"},
	sizes: func(_ string, quick bool) []int {
		if quick {
			return []int{100}
		}
		return []int{1_000, 10_000}
	},
	subjects: func(variant string) []string {
		return append([]string{preciseCarillon}, allBut("heap+go")(variant)...)
	},
	measure: func(c Case, s scale) (Sample, error) {
		s.window = min(s.window, time.Second)
		w := watch(c.Subject, c.N, s)
		if w.unwatched {
			return unfinished("added", w.added, c.N, s.patience), nil
		}
		return w.sample(), nil
	},
}
