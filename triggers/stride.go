package triggers

// stride is the schedule of a [CalendarInterval]: a first date, from each date
// the next, so many months and then so many days later, and a time of day. It
// knows nothing of time zones.
type stride struct {
	first        int64 // day
	months, days int64
	second       int64 // of the day
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
	date := s.first
	for date < day && date <= lastDay {
		date = monthsLater(date, s.months, s.months) + s.days
	}
	return date
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
