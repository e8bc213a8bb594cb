package triggers

import "math/bits"

// dates is a set of dates, made for one question: which is the first on or
// after a day?
//
// A year is laid out in one of 21 ways (see layout), and the layout alone says
// which of its months have a date. So the search looks at the days of the month
// it begins in, then at one word for the rest of the year, then at one word a
// year. 29 February costs four of these, an impossible date none at all.
type dates struct {
	years  []span // none: there is no such date
	months [layouts]uint16
	weeks  uint64    // ISO weeks, bits 1 to 53
	match  [2]daySet // a day must match both

	// The days before end, from first on, are all dates: no search is needed.
	every struct{ first, end int64 }
}

const (
	anyMonth uint16 = 1<<13 - 2
	anyWeek  uint64 = 1<<54 - 2
)

// newDates returns the dates in the given years, months (bits 1 to 12) and ISO
// weeks that match both sets of days.
func newDates(years []span, months uint16, weeks uint64, a, b daySet) dates {
	d := dates{weeks: weeks, match: [2]daySet{a, b}}
	if weeks == anyWeek && (a.any() && b.inEveryMonth() || b.any() && a.inEveryMonth()) {
		d.years = years // as nearly always, and the search takes longer than all else about a trigger
		for i := range d.months {
			d.months[i] = months
		}
	} else {
		d.lookForMonths(years, months)
	}
	if months == anyMonth && weeks == anyWeek && a.any() && b.any() && len(years) == 1 && years[0].step == 1 {
		d.every.first, d.every.end = firstOf(years[0].first, 1), firstOf(years[0].last+1, 1)
	}
	return d
}

// lookForMonths finds the months that have a date.
func (d *dates) lookForMonths(years []span, months uint16) {
	for year := 2001; year <= 2028; year++ { // has every layout
		for month := 1; month <= 12; month++ {
			if months>>month&1 == 1 && d.in(year, month, firstOf(year, month)) != 0 {
				d.months[layout(year)] |= 1 << month
				d.years = years
			}
		}
	}
}

// next returns the first date on or after day.
func (d *dates) next(day int64) (int64, bool) {
	if d.every.first <= day && day < d.every.end {
		return day, true
	}
	year, month, dom := civil(day)
	y, ok := d.nextYear(year)
	if !ok {
		return 0, false
	}
	if y == year {
		months := d.months[layout(year)] >> month
		if months&1 == 1 {
			first := day - int64(dom) + 1
			if rest := d.in(year, month, first) >> dom; rest != 0 {
				return day + int64(bits.TrailingZeros32(rest)), true
			}
		}
		if later := months &^ 1; later != 0 {
			return d.firstIn(year, month+bits.TrailingZeros16(later)), true
		}
		y, ok = d.nextYear(year + 1)
	}
	for ; ok; y, ok = d.nextYear(y + 1) {
		if months := d.months[layout(y)]; months != 0 {
			return d.firstIn(y, bits.TrailingZeros16(months)), true
		}
	}
	return 0, false
}

// firstIn returns the first date in a month that has one.
func (d *dates) firstIn(year, month int) int64 {
	first := firstOf(year, month)
	return first + int64(bits.TrailingZeros32(d.in(year, month, first))) - 1
}

// in returns the dates in a month, which begins on the day first, as bits 1 to 31.
func (d *dates) in(year, month int, first int64) uint32 {
	start, length := weekday(first), daysIn(year, month)
	mask := d.match[0].in(start, length) & d.match[1].in(start, length)
	if d.weeks != anyWeek {
		mask &= d.weeksIn(year, int(first-firstOf(year, 1)), start, length)
	}
	return mask
}

// weeksIn returns the days of a month that are in one of the ISO weeks. The
// month begins on the day yday of the year, counted from 0.
func (d *dates) weeksIn(year, yday, start, length int) (mask uint32) {
	for monday := 1 - start; monday <= length; monday += 7 {
		thursday := yday + monday - 1 + 3
		if d.weeks>>isoWeek(year, thursday)&1 == 1 {
			mask |= uint32(uint64(0x7f) << (monday + 7) >> 7)
		}
	}
	return mask
}

// nextYear returns the first of the years not before y.
func (d *dates) nextYear(y int) (year int, ok bool) {
	year = maxYear + 1
	for _, s := range d.years {
		year = min(year, s.atOrAfter(y))
	}
	return year, year <= maxYear
}

const layouts = 7 * 3

// layout returns what a year looks like, in a number below layouts: its first
// weekday, its length, and whether the year before was a leap year, which
// decides the number of the week that the two may share.
func layout(year int) int {
	y := uint32(year - 1)
	i := 3 * int((y+y/4-y/100+y/400)%7) // 1 January of the year 1 is a Monday
	switch {
	case isLeap(year):
		return i + 1
	case isLeap(year - 1):
		return i + 2
	}
	return i
}
