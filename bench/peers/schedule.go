package main

import "time"

// once and every are schedules for robfig/cron and netresearch/go-cron, whose
// own intervals begin when they are asked first, and whose crontabs know
// neither single instants nor fractions of a second. A type of one's own is
// what their documentation suggests for that.

// once is an instant, also one that has passed.
type once struct {
	at    time.Time
	asked bool
}

func (o *once) Next(time.Time) time.Time {
	if o.asked {
		return time.Time{}
	}
	o.asked = true
	return o.at
}

// every is a grid of instants.
type every struct {
	first    time.Time
	interval time.Duration
}

func (e *every) Next(after time.Time) time.Time {
	passed := after.Sub(e.first)
	if passed < 0 {
		return e.first
	}
	return e.first.Add(passed - passed%e.interval + e.interval)
}
