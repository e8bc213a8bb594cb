package triggers

import (
	"errors"
	"math"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		panic(err)
	}
	return t
}

func TestIntervalNext(t *testing.T) {
	start := at("2024-05-01T10:00:00Z")
	hourly := Must(NewInterval(time.Hour, Options{Start: start}))
	tests := []struct {
		name      string
		t         Trigger
		prev, now time.Time
		want      string // "" for the end
	}{
		{"before the start", hourly, time.Time{}, start.Add(-time.Minute), "2024-05-01T10:00:00Z"},
		{"at the start", hourly, time.Time{}, start, "2024-05-01T10:00:00Z"},
		{"a nanosecond later", hourly, time.Time{}, start.Add(1), "2024-05-01T11:00:00Z"},
		{"on the grid", hourly, time.Time{}, start.Add(time.Hour), "2024-05-01T11:00:00Z"},
		{"after a run", hourly, start, start, "2024-05-01T11:00:00Z"},
		{"after a late run", hourly, start, start.Add(90 * time.Minute), "2024-05-01T12:00:00Z"},
		{"after a time off the grid", hourly, start.Add(time.Minute), start, "2024-05-01T11:00:00Z"},
		{"a previous time after now", hourly, start.Add(time.Hour), start, "2024-05-01T12:00:00Z"},
		{"a previous time before the start", hourly, start.Add(-time.Hour), start.Add(-2 * time.Hour), "2024-05-01T10:00:00Z"},
		{"the end included", Must(NewInterval(time.Hour, Options{Start: start, End: start.Add(time.Hour)})), start, start, "2024-05-01T11:00:00Z"},
		{"after the end", Must(NewInterval(time.Hour, Options{Start: start, End: start.Add(time.Hour - 1)})), start, start, ""},
		{"not bound", Must(Every(time.Hour)), time.Time{}, at("1970-01-02T00:30:00Z"), "1970-01-02T01:00:00Z"},
		{"not bound, before 1970", Must(Every(time.Hour)), time.Time{}, at("1969-01-02T00:30:00Z"), "1970-01-01T00:00:00Z"},
		{"the end of the calendar", Must(Every(7 * time.Hour)), time.Time{}, at("9999-12-31T23:59:59Z"), ""},
		{"days of 24 hours over a change of the clocks", Must(NewInterval(24*time.Hour, Options{Start: at("2024-03-30T12:00:00+01:00"), Location: berlin})),
			at("2024-03-30T12:00:00+01:00"), at("2024-03-30T12:00:00+01:00"), "2024-03-31T13:00:00+02:00"},
		{"bound", Bind(Must(Every(time.Hour)), Binding{Now: start, Location: berlin}), time.Time{}, start, "2024-05-01T13:00:00+02:00"},
		{"bound to the microsecond", Bind(Must(Every(time.Hour)), Binding{Now: start.Add(1999)}), time.Time{}, start, "2024-05-01T11:00:00.000001Z"},
		{"bound twice", Bind(Bind(Must(Every(time.Hour)), Binding{Now: start}), Binding{Now: start.Add(time.Minute)}), time.Time{}, start, "2024-05-01T11:00:00Z"},
	}
	for _, tt := range tests {
		next, ok := tt.t.Next(tt.prev, tt.now)
		if got := next.Format(time.RFC3339Nano); ok != (tt.want != "") || ok && got != tt.want {
			t.Errorf("%s: got %v %v, want %q", tt.name, next, ok, tt.want)
		}
	}
}

var berlin = Must(time.LoadLocation("Europe/Berlin"))

// Against arithmetic that cannot overflow, over the whole calendar.
func TestIntervalIsExact(t *testing.T) {
	first, last := at("0001-01-01T00:00:00Z"), at("9999-12-31T23:59:59.999999999Z")
	rnd := rand.New(rand.NewPCG(1, 1))
	anyTime := func() time.Time {
		return time.Unix(first.Unix()+rnd.Int64N(last.Unix()-first.Unix()), rnd.Int64N(1e9))
	}
	nanos := func(t time.Time) *big.Int {
		n := new(big.Int).Mul(big.NewInt(t.Unix()), big.NewInt(1e9))
		return n.Add(n, big.NewInt(int64(t.Nanosecond())))
	}
	for range 10_000 {
		every := time.Duration(rnd.Int64() >> rnd.IntN(63))
		if every == 0 {
			continue
		}
		start, now := anyTime(), anyTime()
		if now.Before(start) {
			start, now = now, start
		}
		if rnd.IntN(10) == 0 { // the seconds just fit into 64 bits of nanoseconds, the rest no longer
			now = time.Unix(start.Unix()+math.MaxUint64/1_000_000_000, int64(start.Nanosecond())+999_999_999)
		}
		i := Must(NewInterval(every, Options{Start: start}))
		// k = ceil((now - start) / every)
		k := new(big.Int).Sub(nanos(now), nanos(start))
		k.Add(k, big.NewInt(int64(every)-1)).Div(k, big.NewInt(int64(every)))
		want := k.Mul(k, big.NewInt(int64(every))).Add(k, nanos(start))
		next, ok := i.Next(time.Time{}, now)
		if !ok {
			if want.Cmp(nanos(last)) <= 0 {
				t.Fatalf("%v from %v at %v: ended", every, start, now)
			}
			continue
		}
		if nanos(next).Cmp(want) != 0 {
			t.Fatalf("%v from %v at %v: got %v", every, start, now, next)
		}
		if latest, ok := i.Latest(start, next); !ok || !latest.Equal(next) {
			t.Fatalf("%v from %v: the latest up to %v is %v %v", every, start, next, latest, ok)
		}
		if latest, ok := i.Latest(next.Add(-1), next.Add(-1)); ok && every > 1 {
			t.Fatalf("%v from %v: the latest of %v is %v", every, start, next.Add(-1), latest)
		}
		if latest, ok := i.Latest(start, next.Add(-1)); ok && !latest.Add(every).Equal(next) {
			t.Fatalf("%v from %v: the latest before %v is %v", every, start, next, latest)
		}
	}
}

func TestIntervalRefuses(t *testing.T) {
	now := at("2024-05-01T10:00:00Z")
	tests := []struct {
		every time.Duration
		o     Options
		want  string // in the error
	}{
		{0, Options{}, `every "0s": is not positive; give`},
		{-time.Second, Options{}, `every "-1s": is not positive; give`},
		{time.Second, Options{Gap: Skip}, "Options.Gap: has no meaning"},
		{time.Second, Options{Fold: Both}, "Options.Fold: has no meaning"},
		{time.Second, Options{Start: now, End: now.Add(-1)}, "Options.End"},
	}
	for _, tt := range tests {
		_, err := NewInterval(tt.every, tt.o)
		var fault *Error
		if !errors.As(err, &fault) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%v %+v: got %v, want %q", tt.every, tt.o, err, tt.want)
		}
	}
}

// A trigger whose first time would be after its end has none. It is stored and
// read like any other.
func TestEndedWhenBound(t *testing.T) {
	now := time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)
	o := Options{End: now.Add(time.Minute)}
	for _, open := range []Trigger{
		Must(NewInterval(time.Hour, o)),
		Must(NewCrontab("@every 1h", o)),
	} {
		bound := Bind(open, Binding{Location: time.UTC, Now: now})
		data, err := Encode(bound)
		if err != nil {
			t.Fatal(err)
		}
		restored, err := Decode(data, nil)
		if err != nil {
			t.Errorf("%v: %v", bound, err)
			continue
		}
		if at, ok := restored.Next(time.Time{}, now); ok {
			t.Errorf("%v fires at %v", restored, at)
		}
	}
}
