package planner

import "time"

// A unit is a way to divide the time axis.
type unit struct {
	length time.Duration // about
	next   func(t time.Time) time.Time
	label  func(t time.Time) string
}

const (
	day   = 24 * time.Hour
	month = 30 * day
	year  = 365 * day
)

// units are what an axis can be divided by, from short to long. All follow the
// wall clock.
var units = []unit{
	minutes(1), minutes(5), minutes(15), minutes(30),
	minutes(60), minutes(3 * 60), minutes(6 * 60), minutes(12 * 60),
	{day, nextDay, dayLabel},
	{7 * day, nextMonday, dayLabel},
	months(1), months(3), months(12), months(120),
}

// minutes divides each day into so many minutes.
func minutes(n int) unit {
	next := func(t time.Time) time.Time {
		y, m, d := t.Date()
		for k := (t.Hour()*60+t.Minute())/n + 1; ; k++ {
			if after := time.Date(y, m, d, 0, k*n, 0, 0, t.Location()); after.After(t) {
				return after // it is not before t, in place of a time that does not exist
			}
		}
	}
	label := func(t time.Time) string {
		if t.Hour() == 0 && t.Minute() == 0 {
			return dayLabel(t)
		}
		return t.Format("15:04")
	}
	return unit{time.Duration(n) * time.Minute, next, label}
}

func months(n int) unit {
	next := func(t time.Time) time.Time {
		passed := (t.Year()*12 + int(t.Month()) - 1) % n
		return date(t, n-passed, 1-t.Day())
	}
	label := func(t time.Time) string {
		if t.Month() == time.January {
			return t.Format("2006")
		}
		return t.Format("Jan")
	}
	return unit{time.Duration(n) * month, next, label}
}

func nextDay(t time.Time) time.Time {
	for days := 1; ; days++ {
		if next := date(t, 0, days); next.After(t) {
			return next // not every day exists
		}
	}
}

func nextMonday(t time.Time) time.Time {
	sinceMonday := (int(t.Weekday()) + 6) % 7
	return date(t, 0, 7-sinceMonday)
}

// date returns when a day begins that is so many months and days from that of
// t. It is not midnight if the clock is put forward over that.
func date(t time.Time, months, days int) time.Time {
	y, m, d := t.Date()
	begin := time.Date(y, m+time.Month(months), d+days, 0, 0, 0, 0, t.Location())
	if begin.Hour() >= 12 {
		_, begin = begin.ZoneBounds()
	}
	return begin
}

func dayLabel(t time.Time) string { return t.Format("Mon 2 Jan") }

// unitFor returns the shortest unit that divides a time into no more than n
// parts.
func unitFor(d time.Duration, n int) unit {
	for _, u := range units {
		if d <= time.Duration(n)*u.length {
			return u
		}
	}
	return units[len(units)-1]
}

// ticks returns the beginnings of units within s.
func (u unit) ticks(s span) (ticks []time.Time) {
	for t := u.next(s.start.Add(-1)); t.Before(s.end); t = u.next(t) {
		ticks = append(ticks, t)
	}
	return ticks
}
