package triggers

import (
	"fmt"
	"testing"
	"time"
)

func TestOrKeepsEveryTime(t *testing.T) {
	start := at("2024-05-01T08:00:00Z")
	o := Must(NewOr(
		Must(NewInterval(2*time.Hour, Options{Start: start})),
		Must(NewInterval(3*time.Hour, Options{Start: start})),
		At(start.Add(5*time.Hour)),
		At(start.Add(6*time.Hour)),
	))
	want := "[2024-05-01T08:00:00Z 2024-05-01T10:00:00Z 2024-05-01T11:00:00Z 2024-05-01T12:00:00Z " +
		"2024-05-01T13:00:00Z 2024-05-01T14:00:00Z 2024-05-01T16:00:00Z]"
	if got := fmt.Sprint(walk(o, start, 7)); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

// A date that came due while nobody asked is not lost, and comes before what
// is due by now.
func TestOrKeepsLateDates(t *testing.T) {
	start := at("2024-05-01T08:00:00Z")
	o := Must(NewOr(Must(NewInterval(time.Hour, Options{Start: start})), At(start.Add(30*time.Minute))))
	now := start.Add(150 * time.Minute)
	next, _ := o.Next(start, now)
	if want := start.Add(30 * time.Minute); !next.Equal(want) {
		t.Errorf("got %v, want %v", next, want)
	}
	next, _ = o.Next(next, now)
	if want := start.Add(3 * time.Hour); !next.Equal(want) {
		t.Errorf("got %v, want %v", next, want)
	}
}

func TestOrRefuses(t *testing.T) {
	if _, err := NewOr(); err == nil || err.Error() != "Or: has no children; give at least one trigger" {
		t.Errorf("got %v", err)
	}
	if _, err := NewOr(nil); err == nil || err.Error() != "Or child 0: is nil; give a trigger, or leave it out" {
		t.Errorf("got %v", err)
	}
}

func TestNothingIsAllocated(t *testing.T) {
	start := at("2024-05-01T08:00:00Z")
	interval := Must(NewInterval(time.Hour, Options{Start: start, Location: berlin}))
	calendar := Must(NewCalendarInterval(CalendarFields{Months: 1, Days: 2}, Options{Start: start, Location: berlin}))
	or := Must(NewOr(interval, At(start.Add(time.Minute))))
	jitter := Must(NewJitter(interval, 2*time.Minute))
	and := Must(NewAnd(interval, interval))
	for _, tr := range []Trigger{interval, calendar, At(start), or, jitter, and} {
		if n := testing.AllocsPerRun(100, func() { tr.Next(start, start) }); n != 0 {
			t.Errorf("Next of %v allocates %v times", tr, n)
		}
		if n := testing.AllocsPerRun(100, func() { Latest(tr, start, start.Add(12*time.Hour)) }); n != 0 {
			t.Errorf("Latest of %v allocates %v times", tr, n)
		}
	}
}
