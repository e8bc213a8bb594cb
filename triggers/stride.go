package triggers

import "sync/atomic"

// stride is the schedule of a [CalendarInterval]: a first date, from each date
// the next, so many months and then so many days later, and a time of day. It
// knows nothing of time zones.
type stride struct {
	first        int64 // day
	months, days int64
	second       int64 // of the day

	// known is one of the dates, not before first: a hint for steps. Nil: the
	// dates can be counted without going through them.
	known *atomic.Int64
}

// newStride returns a stride. One of both months and days remembers how far it
// was asked, so that a search from date to date does not begin at the first again
// and again: an And asks a hundred thousand times.
func newStride(first, months, days, second int64) stride {
	s := stride{first: first, months: months, days: days, second: second}
	if months > 0 && days > 0 {
		s.known = new(atomic.Int64)
		s.known.Store(first)
	}
	return s
}

// lastDay is 31 December 9999. A date after it stands for none.
const lastDay = 2932896

// next returns the first time at or after local.
func (s stride) next(local int64) (int64, bool) {
	date := s.from(floorDiv(local-s.second+daySeconds-1, daySeconds))
	return date*daySeconds + s.second, date <= lastDay
}

// from returns the first of the dates that is not before day.
func (s stride) from(day int64) int64 {
	switch {
	case day <= s.first:
		return s.first
	case s.months == 0:
		return day + s.days - 1 - (day-s.first-1)%s.days
	case s.days == 0:
		return s.fromMonths(day)
	}
	return s.steps(day)
}

// steps is from for dates that can only be found one after the other.
func (s stride) steps(day int64) int64 {
	before := s.known.Load()
	if before >= day {
		before = s.first
	}
	for {
		date := monthsLater(before, s.months, s.months) + s.days
		if date >= day || date > lastDay {
			s.known.Store(before)
			return date
		}
		before = date
	}
}

// fromMonths is from for dates with nothing but months between them. They all
// fall on one day of the month, and so can be counted from the first.
func (s stride) fromMonths(day int64) int64 {
	year, month, _ := civil(min(day, lastDay))
	firstYear, firstMonth, _ := civil(s.first)
	between := int64(12*(year-firstYear) + month - firstMonth)
	date := monthsLater(s.first, between-between%s.months, s.months)
	if date < day {
		date = monthsLater(s.first, between-between%s.months+s.months, s.months)
	}
	return date
}

// monthsLater returns the date that is n months after date or, if there is no
// such day in that month, the first that is so many steps later.
func monthsLater(date, n, step int64) int64 {
	year, month, dom := civil(date)
	for months := int64(12*year+month-1) + n; ; months += step {
		year, month = int(months/12), int(months%12)+1
		if year > maxYear {
			return lastDay + 1
		}
		if dom <= daysIn(year, month) {
			return firstOf(year, month) + int64(dom) - 1
		}
	}
}
