package triggers

import (
	"testing"
	"time"
)

// office fires each minute from nine to ten, every day.
type office struct{}

func (office) Next(prev, now time.Time) (time.Time, bool) {
	x := soonest(prev, now).Add(time.Minute - 1).Truncate(time.Minute)
	if x.Hour() < 9 {
		x = x.Truncate(24 * time.Hour).Add(9 * time.Hour)
	}
	if x.Hour() > 9 {
		x = x.Truncate(24 * time.Hour).Add(33 * time.Hour)
	}
	return x, true
}

func TestLatestOfACustomTrigger(t *testing.T) {
	from := at("2024-05-01T09:30:00Z")
	for _, tt := range []struct{ now, want string }{
		{"2024-05-01T09:30:00Z", "2024-05-01T09:30:00Z"},
		{"2024-05-01T09:30:59.999999999Z", "2024-05-01T09:30:00Z"},
		{"2024-05-01T09:31:00Z", "2024-05-01T09:31:00Z"},
		{"2024-05-01T12:00:00Z", "2024-05-01T09:59:00Z"},
		{"2024-05-02T08:59:59Z", "2024-05-01T09:59:00Z"},
		{"2024-05-02T09:00:00Z", "2024-05-02T09:00:00Z"},
		{"2025-05-01T08:00:00Z", "2025-04-30T09:59:00Z"},
		{"9999-05-01T08:00:00Z", "9999-04-30T09:59:00Z"},
	} {
		if got, ok := Latest(office{}, from, at(tt.now)); !ok || !got.Equal(at(tt.want)) {
			t.Errorf("up to %s: got %v %v, want %s", tt.now, got, ok, tt.want)
		}
	}
	if got, ok := Latest(office{}, from, from.Add(-1)); ok {
		t.Errorf("before from: got %v", got)
	}
}

// The questions do not become many when the times do.
func TestLatestAsksSeldom(t *testing.T) {
	from := at("2024-05-01T09:30:00Z")
	for _, tt := range []struct {
		name  string
		inner Trigger
		now   time.Time
		most  int
	}{
		{"nothing missed", office{}, from.Add(time.Second), 1},
		{"12 hours of seconds", hidden{Must(NewInterval(time.Second, Options{Start: from}))}, from.Add(12*time.Hour + time.Second/2), 3},
		{"a year of office hours", office{}, from.AddDate(1, 0, 0), 6},
		{"a year of office hours and a night", office{}, at("2025-05-01T08:00:00Z"), 30},
		{"8000 years of nanoseconds", hidden{Must(NewInterval(1, Options{Start: from}))}, at("9999-01-01T00:00:00Z"), 5},
	} {
		var asked int
		Latest(counting{tt.inner, &asked}, from, tt.now)
		if asked > tt.most {
			t.Errorf("%s: asked %d times, want %d at the most", tt.name, asked, tt.most)
		}
	}
}

// hidden hides that a trigger is a Latester.
type hidden struct{ inner Trigger }

func (h hidden) Next(prev, now time.Time) (time.Time, bool) { return h.inner.Next(prev, now) }

// direct is a Latester that answers what it likes.
type direct struct {
	office
	last time.Time
	ok   bool
}

func (d direct) Latest(_, _ time.Time) (time.Time, bool) { return d.last, d.ok }

func TestLatestOfALatester(t *testing.T) {
	from := at("2024-05-01T09:30:00Z")
	now := from.Add(time.Hour)
	for _, tt := range []struct {
		d    direct
		want time.Time
	}{
		{direct{last: from.Add(time.Minute), ok: true}, from.Add(time.Minute)},
		{direct{last: now, ok: true}, now},
		{direct{last: from.Add(-1), ok: true}, from},
		{direct{last: now.Add(1), ok: true}, from},
		{direct{last: now, ok: false}, from},
	} {
		if got, ok := Latest(tt.d, from, now); !ok || !got.Equal(tt.want) {
			t.Errorf("%v %v: got %v %v, want %v", tt.d.last, tt.d.ok, got, ok, tt.want)
		}
	}
}

type liar func(prev, now time.Time) (time.Time, bool)

func (l liar) Next(prev, now time.Time) (time.Time, bool) { return l(prev, now) }

// A trigger that contradicts itself costs a bounded number of questions, and
// the time that is known.
func TestLatestOfALiar(t *testing.T) {
	from := at("2024-05-01T09:30:00Z")
	now := from.AddDate(1, 0, 0)
	calls := 0
	for name, l := range map[string]liar{
		"always the same": func(_, _ time.Time) (time.Time, bool) { return from, true },
		"always a little later": func(prev, _ time.Time) (time.Time, bool) {
			return prev.Add(1), true
		},
		"always in the past": func(_, _ time.Time) (time.Time, bool) { return from.AddDate(-1, 0, 0), true },
		"never when asked for now": func(prev, now time.Time) (time.Time, bool) {
			return prev.Add(time.Hour), prev.Equal(now)
		},
		"another each time": func(_, _ time.Time) (time.Time, bool) {
			calls++
			return from.Add(time.Duration(uint64(calls)*0x9e3779b97f4a7c15>>9) % (400 * 24 * time.Hour)), true
		},
	} {
		var asked int
		got, ok := Latest(counting{l, &asked}, from, now)
		if !ok || got.Before(from) || got.After(now) || asked > 4*maxProbes {
			t.Errorf("%s: got %v %v after %d questions", name, got, ok, asked)
		}
	}
}
