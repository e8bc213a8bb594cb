package triggers

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// Each time of the trigger has one delayed time, before the trigger's next,
// whatever the bound of the delay.
func TestJitterKeepsOrder(t *testing.T) {
	inner := Must(NewOr(
		Must(NewInterval(time.Minute, Options{Start: propertyStart})),
		Must(NewInterval(7*time.Minute, Options{Start: propertyStart.Add(time.Second)})),
	))
	times := timesIn(inner, propertyStart, propertyStart.Add(24*time.Hour))
	for _, max := range []time.Duration{1, time.Microsecond, time.Second, 50 * time.Second, time.Hour, 365 * 24 * time.Hour} {
		j := Bind(Must(NewJitter(inner, max)), Binding{Seed: 3})
		prev := time.Time{}
		for i, b := range times[:len(times)-1] {
			next, ok := j.Next(prev, propertyStart)
			delay := next.Sub(b)
			if !ok || delay < 0 || delay >= max || !next.Before(times[i+1]) || delay%time.Microsecond != 0 {
				t.Fatalf("at most %v: %v became %v %v", max, b, next, ok)
			}
			prev = next
		}
	}
}

func TestJitterSpreads(t *testing.T) {
	j := Bind(Must(NewJitter(Must(NewInterval(time.Minute, Options{Start: propertyStart})), 10*time.Second)), Binding{Seed: 3})
	const n = 10_000
	var seconds [10]int
	for next := range Upcoming(j, propertyStart) {
		seconds[next.Second()]++
		if next.After(propertyStart.Add(n * time.Minute)) {
			break
		}
	}
	for i, count := range seconds {
		if count < n/10*9/10 || count > n/10*11/10 {
			t.Errorf("%d of %d times are delayed by %d seconds", count, n, i)
		}
	}
}

func TestJitterFollowsFromTheSeed(t *testing.T) {
	j := Must(NewJitter(Must(NewInterval(time.Minute, Options{Start: propertyStart})), 10*time.Second))
	first := func(seed uint64) string { return fmt.Sprint(walk(Bind(j, Binding{Seed: seed}), propertyStart, 20)) }
	if first(1) != first(1) {
		t.Error("one seed has two rows of times")
	}
	if first(1) == first(2) {
		t.Error("two seeds have the same times")
	}
}

// A run that is due but delayed beyond now is still to come.
func TestJitterAsksWithinADelay(t *testing.T) {
	j := Bind(Must(NewJitter(Must(NewInterval(time.Hour, Options{Start: propertyStart})), 30*time.Minute)), Binding{Seed: 3})
	delayed, _ := j.Next(time.Time{}, propertyStart)
	if !delayed.After(propertyStart) {
		t.Fatal("this seed shows nothing")
	}
	if next, _ := j.Next(time.Time{}, propertyStart.Add(1)); !next.Equal(delayed) {
		t.Errorf("got %v, want %v", next, delayed)
	}
	if next, _ := j.Next(propertyStart, propertyStart); !next.Equal(delayed) {
		t.Errorf("after a time that is not its own: got %v, want %v", next, delayed)
	}
	if next, _ := j.Next(delayed, delayed); !next.After(propertyStart.Add(time.Hour - 1)) {
		t.Errorf("got %v twice", next)
	}
}

func TestJitterKeepsLateDates(t *testing.T) {
	noon := at("2024-05-01T12:00:00Z")
	j := Bind(Must(NewJitter(At(noon), time.Minute)), Binding{Seed: 3})
	for _, late := range []time.Duration{0, 1, 59 * time.Second, time.Minute, time.Hour, 10_000 * time.Hour} {
		next, ok := j.Next(time.Time{}, noon.Add(late))
		if !ok || next.Before(noon) || !next.Before(noon.Add(time.Minute)) {
			t.Errorf("%v late: got %v %v", late, next, ok)
		}
		if next, ok := j.Next(next, noon.Add(late)); ok {
			t.Errorf("%v late: got %v besides", late, next)
		}
	}
}

// A late date comes before a run that is delayed beyond now, or it would be
// lost.
func TestJitterAsksForLateDatesFirst(t *testing.T) {
	hourly := Must(NewInterval(time.Hour, Options{Start: propertyStart}))
	date := propertyStart.Add(-time.Second)
	j := Bind(Must(NewJitter(Must(NewOr(hourly, At(date))), 30*time.Minute)), Binding{Seed: 3})
	delayed, _ := j.Next(propertyStart.Add(-1), propertyStart)
	if !delayed.After(propertyStart) {
		t.Fatal("this seed shows nothing")
	}
	late, ok := j.Next(time.Time{}, propertyStart.Add(1))
	if !ok || late.Before(date) || !late.Before(propertyStart) {
		t.Errorf("got %v %v, want the date", late, ok)
	}
	if next, _ := j.Next(late, propertyStart.Add(1)); !next.Equal(delayed) {
		t.Errorf("got %v after the date, want %v", next, delayed)
	}
}

func TestJitterRefuses(t *testing.T) {
	if _, err := NewJitter(nil, time.Second); err == nil || !strings.Contains(err.Error(), "Jitter trigger: is nil; give") {
		t.Errorf("got %v", err)
	}
	if _, err := NewJitter(At(propertyStart), 0); err == nil || !strings.Contains(err.Error(), `Jitter max "0s": is not positive; give`) {
		t.Errorf("got %v", err)
	}
}

// TestJitterInJitter bounds how slow a trigger can be made by a line of JSON.
func TestJitterInJitter(t *testing.T) {
	var inner Trigger = Must(Every(time.Hour))
	for range 4 {
		inner = Must(NewExcept(Must(NewOr(Must(NewJitter(inner, time.Minute))))))
	}
	if _, err := NewJitter(inner, time.Minute); err == nil {
		t.Error("a fifth one is taken")
	}
}
