package triggers

// The calendar in integers: days are counted from 1970-01-01, months from 1,
// weekdays from 0 for Monday. Good for the years 0 to 10000, which holds the
// years 1 to 9999 of any time zone.

const (
	minYear = 1
	maxYear = 9999

	daySeconds = 24 * 60 * 60

	// epoch is 1970-01-01, counted from 0000-03-01. A year that begins in
	// March ends with its leap day, so that no rule below needs a table.
	epoch = 719468
)

// civil returns the date of a day.
func civil(day int64) (year, month, dom int) {
	n := uint32(day + epoch)
	century := (4*n + 3) / 146097
	n -= 146097 * century / 4
	y := (4*n + 3) / 1461
	n -= 1461 * y / 4
	m := (5*n + 2) / 153
	dom = int(n-(153*m+2)/5) + 1
	year, month = int(100*century+y), int(m)+3
	if month > 12 {
		year, month = year+1, month-12
	}
	return year, month, dom
}

// firstOf returns the first day of a month.
func firstOf(year, month int) int64 {
	if month < 3 {
		year, month = year-1, month+12
	}
	y, m := uint32(year), uint32(month-3)
	return int64(365*y+y/4-y/100+y/400+(153*m+2)/5) - epoch
}

func weekday(day int64) int { return int(uint32(day+epoch+2) % 7) }

func isLeap(year int) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }

func daysIn(year, month int) int {
	if month == 2 {
		if isLeap(year) {
			return 29
		}
		return 28
	}
	return 30 + (month+month>>3)&1 // long and short months take turns, but July and August are both long
}

func daysInYear(year int) int {
	if isLeap(year) {
		return 366
	}
	return 365
}

// isoWeek returns the number of the ISO week whose Thursday is the given day
// of the year, counted from 0. A week belongs to the year of its Thursday.
func isoWeek(year, thursday int) int {
	switch {
	case thursday < 0:
		thursday += daysInYear(year - 1)
	case thursday >= daysInYear(year):
		return 1
	}
	return thursday/7 + 1
}

// floorDiv is a/b, rounded down.
func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
