package main

import "fmt"

// sustainedQuestion is about many jobs that come due all the time.
var sustainedQuestion = question{
	name: "sustained",
	asks: "Is a load of so many runs a second held, and at what price?",
	figures: []figure{
		{"held", "% of the runs", true},
		{"cpu", "us of CPU a run", false},
		{"allocations", "allocations a run", false},
		{"p50", "ms late", false},
		{"p99", "ms late", false},
		{"p99.9", "ms late", false},
	},
	variants: []string{"every second"},
	sizes: func(_ string, quick bool) []int {
		if quick {
			return []int{1_000}
		}
		return []int{100_000}
	},
	subjects: allBut("go-quartz"), // which would not even have them added: see add
	measure: func(c Case, s scale) (Sample, error) {
		w := watch(c.Subject, c.N, s)
		if w.unwatched {
			return unfinished("added", w.added, c.N, s.patience), nil
		}
		sample := w.sample()
		sample.Figures["held"] = 100 * min(w.held, 1)
		return sample, nil
	},
}

// hopeless is the share of a load below which there is no point in trying
// again.
const hopeless = 0.5

func (w *watched) sample() Sample {
	_, cpu, mallocs := w.used.each(max(w.runs, 1))
	s := Sample{Figures: map[string]float64{
		"cpu":         cpu / 1e3,
		"allocations": mallocs,
		"p50":         w.quantile(0.5),
		"p99":         w.quantile(0.99),
		"p99.9":       w.quantile(0.999),
	}}
	if w.held < 0.99 {
		s.Note = fmt.Sprintf("holds %s runs/s", si(w.rate))
	}
	s.Bounded = w.held < hopeless
	return s
}
