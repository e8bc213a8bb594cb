package triggers

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// The times are those of the trigger inside, without those in the spans, however
// the question is put.
func TestExceptLeavesOut(t *testing.T) {
	hourly := Must(NewInterval(time.Hour, Options{Start: propertyStart}))
	hour := func(h float64) time.Time { return propertyStart.Add(time.Duration(h * float64(time.Hour))) }
	e := Must(NewExcept(hourly,
		Span{hour(7), hour(9)},     // 7 and 8
		Span{hour(8.5), hour(9.5)}, // with 9, it overlaps
		Span{hour(8.6), hour(8.7)}, // is inside
		Span{hour(2), hour(3)},     // 2
		Span{hour(3), hour(3)},     // nothing
		Span{hour(5.1), hour(5.9)}, // nothing
	))
	var got []float64
	for _, next := range timesIn(e, hour(0), hour(11)) {
		got = append(got, next.Sub(hour(0)).Hours())
	}
	if want := []float64{0, 1, 3, 4, 5, 6, 10, 11}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if next, ok := e.Next(time.Time{}, hour(7.5)); !ok || !next.Equal(hour(10)) {
		t.Errorf("asked within a span: %v %v", next, ok)
	}
	if last, ok := Latest(e, hour(0), hour(9.2)); !ok || !last.Equal(hour(6)) {
		t.Errorf("the latest within a span: %v %v", last, ok)
	}
}

// A span is passed over in one step, however many times there are in it.
func TestExceptSkips(t *testing.T) {
	day := Day(2024, 5, 1, berlin)
	if next, ok := Must(NewExcept(Must(Every(1)), day)).Next(day.From.Add(-1), day.From); !ok || !next.Equal(day.To) {
		t.Errorf("got %v %v, want %v", next, ok, day.To)
	}
}

// What has no time outside of the spans has ended, and one that never comes out
// of them is not asked for ever.
func TestExceptEnds(t *testing.T) {
	day := Day(2024, 5, 1, berlin)
	for name, inner := range map[string]Trigger{
		"a date":       At(day.From.Add(time.Hour)),
		"nanoseconds":  Must(NewInterval(1, Options{Start: day.From, End: day.To.Add(-1)})),
		"one answer":   stuck(day.From),
		"a late union": Must(NewOr(At(day.From), At(day.From.Add(1)), At(day.From.Add(2)))),
	} {
		if next, ok := Must(NewExcept(inner, day)).Next(time.Time{}, day.From); ok {
			t.Errorf("%s: %v", name, next)
		}
	}
}

func TestDay(t *testing.T) {
	zone := func(name string) *time.Location { return zoneNamed(t, name) }
	for _, tt := range []struct {
		day  Span
		want string
	}{
		{Day(2025, 12, 25, berlin), "2025-12-24T23:00:00Z/2025-12-25T23:00:00Z"},
		{Day(2024, 12, 32, time.UTC), "2025-01-01T00:00:00Z/2025-01-02T00:00:00Z"},
		{Day(2024, 3, 31, berlin), "2024-03-30T23:00:00Z/2024-03-31T22:00:00Z"},                       // 23 hours
		{Day(2024, 10, 27, berlin), "2024-10-26T22:00:00Z/2024-10-27T23:00:00Z"},                      // 25 hours
		{Day(2018, 11, 4, zone("America/Sao_Paulo")), "2018-11-04T03:00:00Z/2018-11-05T02:00:00Z"},    // begins at one
		{Day(2019, 2, 16, zone("America/Sao_Paulo")), "2019-02-16T02:00:00Z/2019-02-17T03:00:00Z"},    // its last hour twice
		{Day(2024, 11, 3, zone("America/Havana")), "2024-11-03T04:00:00Z/2024-11-04T05:00:00Z"},       // its first hour twice
		{Day(2011, 12, 30, zone("Pacific/Apia")), "2011-12-30T10:00:00Z/2011-12-30T10:00:00Z"},        // left out
		{Day(2011, 12, 31, zone("Pacific/Apia")), "2011-12-30T10:00:00Z/2011-12-31T10:00:00Z"},        // the next one
		{Day(2025, 12, 25, time.FixedZone("", 14*3600)), "2025-12-24T10:00:00Z/2025-12-25T10:00:00Z"}, // far east
	} {
		if got := tt.day.String(); got != tt.want {
			t.Errorf("got %s, want %s", got, tt.want)
		}
	}
}

func TestExceptRefuses(t *testing.T) {
	noon, hourly := at("2024-05-01T12:00:00Z"), Must(Every(time.Hour))
	for want, span := range map[string]Span{
		`Except span 1 "2024-05-01T12:00:00Z/2024-05-01T11:00:00Z": ends before it begins; exchange`: {noon, noon.Add(-time.Hour)},
		"is not in the years 1 to 9999": {noon, time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)},
	} {
		if _, err := NewExcept(hourly, Span{}, span); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// TestDayOutsideOfTheCalendar makes days that no zone knows: in no time, and they
// are refused.
func TestDayOutsideOfTheCalendar(t *testing.T) {
	for _, day := range []Span{Day(1<<40, 1, 1, berlin), Day(-1<<40, 1, 1, berlin), Day(2025, 1<<40, 1, berlin), Day(10000, 1, 1, berlin), Day(0, 1, 1, berlin)} {
		if _, err := NewExcept(At(day.From), day); err == nil {
			t.Errorf("%v: accepted", day)
		}
	}
}
