package main

import "slices"

// results are the samples of each case, in the order of the rounds.
type results map[Case][]Sample

func (r results) add(c Case, s Sample) { r[c] = append(r[c], s) }

// isHopeless reports whether a subject was stopped because it took too long,
// here or with fewer jobs.
func (r results) isHopeless(c Case) bool {
	_, hopeless := r.stoppedAt(c)
	return hopeless
}

// stoppedAt returns the least size at which the subject was stopped.
func (r results) stoppedAt(c Case) (least Case, found bool) {
	for other, samples := range r {
		same := other.Question == c.Question && other.Variant == c.Variant && other.Subject == c.Subject
		if same && other.N <= c.N && (!found || other.N < least.N) && slices.ContainsFunc(samples, stopped) {
			least, found = other, true
		}
	}
	return least, found
}

func stopped(s Sample) bool { return s.Bounded }

// spread is what several measurements of one thing have given.
type spread struct{ Median, Min, Max float64 }

func (r results) spread(c Case, figure string) (s spread, found bool) {
	var values []float64
	for _, sample := range r[c] {
		if v, ok := sample.Figures[figure]; ok {
			values = append(values, v)
		}
	}
	if len(values) == 0 {
		return spread{}, false
	}
	slices.Sort(values)
	half := len(values) / 2
	median := values[half]
	if len(values)%2 == 0 {
		median = (values[half-1] + values[half]) / 2
	}
	return spread{median, values[0], values[len(values)-1]}, true
}

// note returns what has to be said about a case, whether or not it was tried.
func (r results) note(c Case) string {
	if least, found := r.stoppedAt(c); found && least.N < c.N {
		return "not tried"
	}
	for _, s := range r[c] {
		if s.Note != "" {
			return s.Note
		}
	}
	return ""
}
