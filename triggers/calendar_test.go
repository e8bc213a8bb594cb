package triggers

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// walk returns the first n times of t from now on, "end" behind the last.
func walk(t Trigger, now time.Time, n int) (times []string) {
	next, ok := notBefore(t, now)
	for ; ok && len(times) < n; next, ok = t.Next(next, next) {
		times = append(times, next.Format(time.RFC3339))
	}
	if !ok {
		times = append(times, "end")
	}
	return times
}

func TestCalendarInterval(t *testing.T) {
	tests := []struct {
		name     string
		fields   CalendarFields
		location string
		o        Options
		now      string
		want     string // joined by blanks
	}{
		{"every second day", CalendarFields{Days: 2, Hour: 9}, "Europe/Berlin", Options{Start: at("2024-03-29T00:00:00Z")}, "2024-03-29T00:00:00Z",
			"2024-03-29T09:00:00+01:00 2024-03-31T09:00:00+02:00 2024-04-02T09:00:00+02:00"},
		{"months without the day are left out", CalendarFields{Months: 1}, "UTC", Options{Start: at("2024-01-31T00:00:00Z")}, "2024-01-01T00:00:00Z",
			"2024-01-31T00:00:00Z 2024-03-31T00:00:00Z 2024-05-31T00:00:00Z 2024-07-31T00:00:00Z 2024-08-31T00:00:00Z"},
		{"leap years", CalendarFields{Years: 1}, "UTC", Options{Start: at("1896-02-29T00:00:00Z")}, "1896-01-01T00:00:00Z",
			"1896-02-29T00:00:00Z 1904-02-29T00:00:00Z 1908-02-29T00:00:00Z"},
		{"months first, then days", CalendarFields{Months: 1, Days: 1}, "UTC", Options{Start: at("2024-01-31T00:00:00Z")}, "2024-01-01T00:00:00Z",
			"2024-01-31T00:00:00Z 2024-04-01T00:00:00Z 2024-05-02T00:00:00Z 2024-06-03T00:00:00Z"},
		{"joined in the middle", CalendarFields{Months: 1, Days: 1}, "UTC", Options{Start: at("2024-01-31T00:00:00Z")}, "2024-05-02T00:00:01Z",
			"2024-06-03T00:00:00Z"},
		{"in a gap", CalendarFields{Days: 1, Hour: 2, Minute: 30}, "Europe/Berlin", Options{Start: at("2024-03-30T00:00:00Z")}, "2024-03-30T00:00:00Z",
			"2024-03-30T02:30:00+01:00 2024-03-31T03:30:00+02:00 2024-04-01T02:30:00+02:00"},
		{"in a gap, skipped", CalendarFields{Days: 1, Hour: 2, Minute: 30}, "Europe/Berlin", Options{Start: at("2024-03-30T00:00:00Z"), Gap: Skip}, "2024-03-30T00:00:00Z",
			"2024-03-30T02:30:00+01:00 2024-04-01T02:30:00+02:00"},
		{"in a fold", CalendarFields{Days: 1, Hour: 2, Minute: 30}, "Europe/Berlin", Options{Start: at("2024-10-26T12:00:00Z")}, "2024-10-26T12:00:00Z",
			"2024-10-27T02:30:00+02:00 2024-10-28T02:30:00+01:00"},
		{"in a fold, both", CalendarFields{Days: 1, Hour: 2, Minute: 30}, "Europe/Berlin", Options{Start: at("2024-10-26T12:00:00Z"), Fold: Both}, "2024-10-26T12:00:00Z",
			"2024-10-27T02:30:00+02:00 2024-10-27T02:30:00+01:00 2024-10-28T02:30:00+01:00"},
		{"a day that does not exist counts", CalendarFields{Days: 2, Hour: 9}, "Pacific/Apia", Options{Start: at("2011-12-28T12:00:00Z")}, "2011-12-28T12:00:00Z",
			"2011-12-28T09:00:00-10:00 2012-01-01T09:00:00+14:00"},
		{"the time of the start counts", CalendarFields{Weeks: 1, Hour: 6}, "UTC", Options{Start: at("2024-05-01T20:00:00Z")}, "2024-04-01T00:00:00Z",
			"2024-05-08T06:00:00Z"},
		{"the date of the start is that of the zone", CalendarFields{Weeks: 1, Hour: 6}, "Asia/Tokyo", Options{Start: at("2024-05-01T20:00:00Z")}, "2024-04-01T00:00:00Z",
			"2024-05-02T06:00:00+09:00"},
		{"the end is included", CalendarFields{Weeks: 1}, "UTC", Options{Start: at("2024-05-01T00:00:00Z"), End: at("2024-05-08T00:00:00Z")}, "2024-04-01T00:00:00Z",
			"2024-05-01T00:00:00Z 2024-05-08T00:00:00Z end"},
		{"the end of the calendar", CalendarFields{Months: 1}, "UTC", Options{Start: at("9999-11-15T00:00:00Z")}, "2024-04-01T00:00:00Z",
			"9999-11-15T00:00:00Z 9999-12-15T00:00:00Z end"},
		{"days up to the end of the calendar", CalendarFields{Months: 5, Days: 3}, "UTC", Options{Start: at("9999-05-15T00:00:00Z")}, "2024-04-01T00:00:00Z",
			"9999-05-15T00:00:00Z 9999-10-18T00:00:00Z end"},
	}
	for _, tt := range tests {
		tt.o.Location = Must(time.LoadLocation(tt.location))
		c := Must(NewCalendarInterval(tt.fields, tt.o))
		want := strings.Fields(tt.want)
		n := len(want)
		if want[n-1] == "end" {
			n++
		}
		if got := walk(c, at(tt.now), n); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s:\n got %v\nwant %v", tt.name, got, want)
		}
	}
}

// A stride jumps; the rule that it keeps to is to take one step after another.
func TestStrideAgainstSteps(t *testing.T) {
	for _, start := range []string{"2024-01-31", "2024-02-29", "2023-12-30", "2024-05-01"} {
		date := Must(time.Parse(time.DateOnly, start))
		for _, units := range [][2]int64{{0, 1}, {0, 7}, {0, 30}, {1, 0}, {3, 0}, {12, 0}, {48, 0}, {1, 1}, {2, 30}, {13, 14}} {
			s := newStride(date.Unix()/daySeconds, units[0], units[1], 0)
			next := date
			for day := s.first - 3; day < s.first+4000; day++ {
				for next.Unix()/daySeconds < day {
					next = step(next, int(units[0]), int(units[1]))
				}
				if got := s.from(day); got != next.Unix()/daySeconds {
					t.Fatalf("%s + %d months %d days, from %d: got %d, want %s", start, units[0], units[1], day, got, next)
				}
			}
		}
	}
}

// What a stride remembers changes no answer, whichever way the questions go, and
// is the date before the answer: from there it is one step to the next.
func TestStrideRemembers(t *testing.T) {
	chance := rand.New(rand.NewPCG(1, 2))
	s := newStride(10957, 1, 1, 0)
	for range 2000 {
		day := chance.Int64N(lastDay + 400)
		if got, want := s.from(day), newStride(10957, 1, 1, 0).from(day); got != want {
			t.Fatalf("from %d: got %d, want %d", day, got, want)
		}
		if known := s.known.Load(); day > s.first && day <= lastDay && (known >= day || monthsLater(known, 1, 1)+1 < day) {
			t.Fatalf("from %d: the search goes on at %d", day, known)
		}
	}
}

func step(date time.Time, months, days int) time.Time {
	for n := months; ; n += months {
		next := time.Date(date.Year(), date.Month()+time.Month(n), date.Day(), 0, 0, 0, 0, time.UTC)
		if next.Day() == date.Day() {
			return next.AddDate(0, 0, days)
		}
	}
}

func TestCalendarIntervalRefuses(t *testing.T) {
	for _, tt := range []struct {
		fields CalendarFields
		o      Options
		want   []string
	}{
		{CalendarFields{Hour: 9}, Options{}, []string{"CalendarFields: give no interval; set"}},
		{CalendarFields{Days: -1}, Options{}, []string{`CalendarFields.Days "-1": is out of range; give a number from 0`}},
		{CalendarFields{Years: 10000}, Options{}, []string{"CalendarFields.Years"}},
		{CalendarFields{Days: 1, Hour: 24, Minute: 60, Second: -1}, Options{}, []string{"Hour", "Minute", "Second"}},
		{CalendarFields{Days: 1}, Options{Start: at("2024-05-01T00:00:00Z"), End: at("2024-04-01T00:00:00Z")}, []string{"Options.End"}},
	} {
		_, err := NewCalendarInterval(tt.fields, tt.o)
		var fault *Error
		if !errors.As(err, &fault) {
			t.Errorf("%+v: got %v", tt.fields, err)
			continue
		}
		for _, want := range tt.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%+v: got %v, want %q", tt.fields, err, want)
			}
		}
	}
}

func TestCalendarIntervalString(t *testing.T) {
	c := Must(NewCalendarInterval(CalendarFields{Years: 1, Months: 2, Hour: 9}, Options{Location: berlin}))
	if want := "calendarinterval(1 year 2 months at 09:00:00) in Europe/Berlin"; c.String() != want {
		t.Errorf("got %s, want %s", c, want)
	}
}
