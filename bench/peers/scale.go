package main

import "time"

// scale is how much is measured at a time.
type scale struct {
	quick bool

	// patience is how long a subject may take for one measurement.
	patience time.Duration

	// stretch is how long something is repeated whose cost is measured.
	stretch time.Duration

	// interval is at which jobs of a sustained load run.
	interval time.Duration

	// window is for how long a sustained load is watched.
	window time.Duration
}

func scaleOf(o options) scale {
	if o.quick {
		return scale{quick: true, patience: time.Second, stretch: 10 * time.Millisecond, interval: 100 * time.Millisecond, window: 100 * time.Millisecond}
	}
	return scale{patience: patience, stretch: 200 * time.Millisecond, interval: time.Second, window: o.window}
}

// patience is how long a subject may take for one measurement.
const patience = 6 * time.Second

// sizesUpTo returns a thousand and its tenfolds.
func sizesUpTo(most int) func(string, bool) []int {
	return func(_ string, quick bool) (sizes []int) {
		if quick {
			return []int{1_000}
		}
		for n := 1_000; n <= most; n *= 10 {
			sizes = append(sizes, n)
		}
		return sizes
	}
}
