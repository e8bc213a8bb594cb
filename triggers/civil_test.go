package triggers

import (
	"testing"
	"time"
)

// Every day of the calendar, against the package time.
func TestCivil(t *testing.T) {
	day, last := firstOf(minYear, 1), firstOf(maxYear+1, 1)
	date := time.Date(minYear, 1, 1, 0, 0, 0, 0, time.UTC)
	if got := day * daySeconds; got != date.Unix() {
		t.Fatalf("the first day begins at %d, want %d", got, date.Unix())
	}
	for ; day < last; day, date = day+1, date.Add(daySeconds*time.Second) {
		y, m, d := date.Date()
		if year, month, dom := civil(day); year != y || time.Month(month) != m || dom != d {
			t.Fatalf("civil(%d) = %d-%d-%d, want %v", day, year, month, dom, date)
		}
		if d > 1 {
			continue
		}
		if firstOf(y, int(m)) != day {
			t.Fatalf("firstOf(%d, %d) = %d, want %d", y, m, firstOf(y, int(m)), day)
		}
		if want := (int(date.Weekday()) + 6) % 7; weekday(day) != want {
			t.Fatalf("weekday of %v is %d, want %d", date, weekday(day), want)
		}
		if want := date.AddDate(0, 1, -1).Day(); daysIn(y, int(m)) != want {
			t.Fatalf("%d days in %v, want %d", daysIn(y, int(m)), date, want)
		}
		if m == 1 && daysInYear(y) != date.AddDate(1, 0, -1).YearDay() {
			t.Fatalf("%d days in %v", daysInYear(y), date)
		}
		if m == 1 && layout(y)/3 != weekday(day) {
			t.Fatalf("layout of %d is %d", y, layout(y))
		}
	}
}
