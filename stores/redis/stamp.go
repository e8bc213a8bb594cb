package redis

import "time"

// Times are kept as texts of one length, whose order is that of their bytes.
const (
	stampLayout = "2006-01-02T15:04:05.000000000Z"
	never       = "-"
)

// stamp returns the text of a time, exact to the nanosecond; never for the zero
// time. What is not between the years 0 and 9999 counts as the nearest that is.
func stamp(t time.Time) string {
	if t.IsZero() {
		return never
	}
	switch t = t.UTC(); {
	case t.Year() > 9999:
		t = time.Date(9999, 12, 31, 23, 59, 59, 999999999, time.UTC)
	case t.Year() < 0:
		t = time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return t.Format(stampLayout)
}

// unstamp is the inverse of stamp.
func unstamp(text string) (time.Time, error) {
	if text == never {
		return time.Time{}, nil
	}
	return time.Parse(stampLayout, text)
}
