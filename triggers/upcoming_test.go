package triggers

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

func TestUpcomingFillsInWhatIsOpen(t *testing.T) {
	from := time.Date(2024, 3, 31, 0, 30, 0, 0, berlin)
	for _, tt := range []struct {
		t    Trigger
		want string
	}{
		{Must(Every(time.Hour)), "01:30 +0100, 03:30 +0200, 04:30 +0200"},
		{Must(NewCalendarInterval(CalendarFields{Days: 1, Hour: 1}, Options{})), "01:00 +0100, 01:00 +0200, 01:00 +0200"},
		{At(from), "00:30 +0100"},
		{At(from.Add(-1)), ""},
	} {
		var got string
		for next := range Upcoming(tt.t, from) {
			if got != "" {
				got += ", "
			}
			got += next.Format("15:04 -0700")
			if len(got) >= len(tt.want) {
				break
			}
		}
		if got != tt.want {
			t.Errorf("%v: got %s, want %s", tt.t, got, tt.want)
		}
	}
}

func TestBetweenIncludesItsBounds(t *testing.T) {
	start := at("2024-05-01T10:00:00Z")
	i := Must(NewInterval(time.Hour, Options{Start: start}))
	for _, tt := range []struct {
		from, to time.Duration
		n        int
	}{
		{0, 2 * time.Hour, 3}, {1, 2*time.Hour - 1, 1}, {2 * time.Hour, 2 * time.Hour, 1}, {2 * time.Hour, time.Hour, 0},
	} {
		if got := slices.Collect(Between(i, start.Add(tt.from), start.Add(tt.to))); len(got) != tt.n {
			t.Errorf("from %v to %v: got %v, want %d", tt.from, tt.to, got, tt.n)
		}
	}
}

// asked is a trigger that counts how often it is asked.
type asked struct {
	Trigger
	times *int
}

func (a asked) Next(prev, now time.Time) (time.Time, bool) {
	*a.times++
	return a.Trigger.Next(prev, now)
}

func TestPreview(t *testing.T) {
	start := at("2024-05-01T10:00:00Z")
	i := Must(NewInterval(time.Hour, Options{Start: start, End: start.Add(3 * time.Hour)}))
	for n, want := range map[int]int{-1: 0, 0: 0, 1: 1, 3: 3, 4: 4, 5: 4} {
		questions := 0
		got := Preview(asked{i, &questions}, start, n)
		if len(got) != want || want > 0 && !got[want-1].Equal(start.Add(time.Duration(want-1)*time.Hour)) {
			t.Errorf("of %d: got %v", n, got)
		}
		if questions > max(n, 0) {
			t.Errorf("of %d: asked %d times", n, questions)
		}
	}
}

func TestMust(t *testing.T) {
	defer func() {
		if got := fmt.Sprint(recover()); got != `every "0s": is not positive; give the time between two runs, for instance 10*time.Second` {
			t.Errorf("got %s", got)
		}
	}()
	Must(Every(0))
}
