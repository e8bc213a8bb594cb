package planner

import (
	"slices"
	"testing"
	"time"
)

func TestTicks(t *testing.T) {
	in := func(zone string) func(year int, month time.Month, day, hour, minute int) time.Time {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		return func(year int, month time.Month, day, hour, minute int) time.Time {
			return time.Date(year, month, day, hour, minute, 0, 0, loc)
		}
	}
	at, york, havana, apia := in("Europe/Berlin"), in("America/New_York"), in("America/Havana"), in("Pacific/Apia")
	for _, row := range []struct {
		name   string
		span   span
		atMost int
		want   []string
	}{
		{"minutes", span{at(2024, 5, 1, 10, 7), at(2024, 5, 1, 11, 7)}, 5, []string{"10:15", "10:30", "10:45", "11:00"}},
		{"hours", span{at(2024, 5, 1, 12, 0), at(2024, 5, 2, 12, 0)}, 4, []string{"12:00", "18:00", "Thu 2 May", "06:00"}},
		{"a clock put forward", span{at(2024, 3, 31, 0, 0), at(2024, 3, 31, 5, 0)}, 5, []string{"Sun 31 Mar", "01:00", "03:00", "04:00"}},
		{"a clock put back", span{at(2024, 10, 27, 0, 0), at(2024, 10, 27, 5, 0)}, 6, []string{"Sun 27 Oct", "01:00", "02:00", "03:00", "04:00"}},
		{"a clock put forward in the west", span{york(2024, 3, 10, 0, 0), york(2024, 3, 10, 5, 0)}, 5, []string{"Sun 10 Mar", "01:00", "03:00", "04:00"}},
		{"a midnight that does not exist", span{havana(2024, 3, 9, 0, 0), havana(2024, 3, 12, 0, 0)}, 3, []string{"Sat 9 Mar", "Sun 10 Mar", "Mon 11 Mar"}},
		{"a day that does not exist", span{apia(2011, 12, 29, 0, 0), apia(2012, 1, 1, 0, 0)}, 3, []string{"Thu 29 Dec", "Sat 31 Dec"}},
		{"days", span{at(2024, 3, 30, 0, 0), at(2024, 4, 2, 0, 0)}, 3, []string{"Sat 30 Mar", "Sun 31 Mar", "Mon 1 Apr"}},
		{"weeks", span{at(2024, 5, 1, 0, 0), at(2024, 6, 1, 0, 0)}, 10, []string{"Mon 6 May", "Mon 13 May", "Mon 20 May", "Mon 27 May"}},
		{"months", span{at(2024, 11, 1, 0, 0), at(2025, 2, 1, 0, 0)}, 4, []string{"Nov", "Dec", "2025"}},
		{"quarters", span{at(2024, 2, 1, 0, 0), at(2025, 2, 1, 0, 0)}, 5, []string{"Apr", "Jul", "Oct", "2025"}},
		{"years", span{at(2024, 2, 1, 0, 0), at(2027, 2, 1, 0, 0)}, 4, []string{"2025", "2026", "2027"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			u := unitFor(row.span.length(), row.atMost)
			var labels []string
			for _, tick := range u.ticks(row.span) {
				labels = append(labels, u.label(tick))
			}
			if !slices.Equal(labels, row.want) {
				t.Errorf("the labels are %q, want %q", labels, row.want)
			}
		})
	}
}
