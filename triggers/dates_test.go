package triggers

import (
	"math/rand/v2"
	"reflect"
	"testing"
)

// What newDates knows without a search is what the search finds.
func TestEveryMonth(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	random := func() (s daySet) {
		switch r.IntN(6) {
		case 0:
			s.days = anyDay
		case 1:
			s.weekdays = anyWeekday
		case 2:
			s.days = 1 << (1 + r.IntN(31))
		case 3:
			s.weekdays = 1 << r.IntN(7)
		case 4:
			s.fromEnd = 1 << r.IntN(31)
		case 5:
			s.days, s.fromEnd, s.nearest = 3<<29, 7<<28, 1<<31
			s.ordinal[r.IntN(6)] = 1 << r.IntN(7)
		}
		return s
	}
	known := 0
	for range 2000 {
		a, b, months := random(), random(), uint16(1+r.IntN(1<<12-1))<<1
		got := newDates(everyYear, months, anyWeek, a, b)
		want := dates{weeks: anyWeek, match: got.match, every: got.every}
		want.lookForMonths(everyYear, months)
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("months %b, days %+v and %+v: got %+v, want %+v", months, a, b, got, want)
		}
		if a.any() && b.inEveryMonth() {
			known++
		}
	}
	if known < 200 {
		t.Errorf("only %d were known without a search", known)
	}
}
