package triggers

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestAndAgainstBruteForce(t *testing.T) {
	rnd := rand.New(rand.NewPCG(2, 2))
	from, to := propertyStart, propertyStart.Add(propertySpan)
	meetings := 0
	for range 300 {
		var children []Trigger
		for range 1 + rnd.IntN(3) {
			every := time.Duration(rnd.IntN(12)+1) * 10 * time.Minute
			child := Trigger(Must(NewInterval(every, Options{Start: from.Add(time.Duration(rnd.IntN(3)) * 10 * time.Minute)})))
			if rnd.IntN(3) == 0 {
				child = Must(NewOr(child, At(from.Add(time.Duration(rnd.IntN(100))*10*time.Minute))))
			}
			children = append(children, child)
		}
		var want []time.Time
		for x := from; !x.After(to); x = x.Add(10 * time.Minute) {
			all := true
			for _, child := range children {
				next, ok := notBefore(child, x)
				all = all && ok && next.Equal(x)
			}
			if all {
				want = append(want, x)
			}
		}
		meetings += len(want)
		and := Must(NewAnd(children...))
		if got := timesIn(and, from, to); !slices.EqualFunc(got, want, time.Time.Equal) {
			t.Fatalf("%v: got %v, want %v", and, got, want)
		}
	}
	if meetings < 1000 {
		t.Errorf("%d times are too few to show anything", meetings)
	}
}

// counting counts how often a trigger is asked.
type counting struct {
	Trigger
	asked *int
}

func (c counting) Next(prev, now time.Time) (time.Time, bool) {
	*c.asked++
	return c.Trigger.Next(prev, now)
}

func TestAndGivesUp(t *testing.T) {
	var asked int
	even := counting{Must(NewInterval(2*time.Hour, Options{Start: propertyStart})), &asked}
	odd := counting{Must(NewInterval(2*time.Hour, Options{Start: propertyStart.Add(time.Hour)})), &asked}
	if next, ok := Must(NewAnd(even, odd)).Next(time.Time{}, propertyStart); ok {
		t.Errorf("met at %v", next)
	}
	if asked != 2+maxQuestions {
		t.Errorf("asked %d times, want %d", asked, 2+maxQuestions)
	}
}

// A child that answers with what is past must not keep the search busy.
type stuck time.Time

func (s stuck) Next(_, _ time.Time) (time.Time, bool) { return time.Time(s), true }

func TestAndOfAStuckChildEnds(t *testing.T) {
	a := Must(NewAnd(stuck(propertyStart), Must(Every(time.Hour))))
	if next, ok := a.Next(time.Time{}, propertyStart.Add(time.Minute)); ok {
		t.Errorf("met at %v", next)
	}
}

func TestAndOfDates(t *testing.T) {
	noon := at("2024-05-01T12:00:00Z")
	late := noon.Add(time.Hour)
	if next, ok := Must(NewAnd(At(noon), At(noon))).Next(time.Time{}, late); !ok || !next.Equal(noon) {
		t.Errorf("a late date that all agree on: got %v %v", next, ok)
	}
	if next, ok := Must(NewAnd(At(noon), Must(Every(time.Hour)))).Next(time.Time{}, late); ok {
		t.Errorf("a late date that not all agree on: got %v", next)
	}
}

func TestAndRefuses(t *testing.T) {
	hourly, daily := Must(Every(time.Hour)), Must(Every(24*time.Hour))
	and := Must(NewAnd(hourly, daily))
	for _, tt := range []struct {
		children []Trigger
		want     string
	}{
		{nil, "And: has no children; give"},
		{[]Trigger{hourly, nil}, "And child 1: is nil; give"},
		{[]Trigger{hourly, Must(NewOr(and, daily))}, "write And(x, Or(And(a, b), c)) as Or(And(x, a, b), And(x, c))"},
		{[]Trigger{hourly, Must(NewJitter(and, time.Second))}, "has a child with an And inside it"},
		{[]Trigger{hourly, Must(NewExcept(and))}, "has a child with an And inside it"},
	} {
		if _, err := NewAnd(tt.children...); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%v: got %v, want %q", tt.children, err, tt.want)
		}
	}
	if got := fmt.Sprint(Must(NewAnd(hourly, and))); got != "and(interval(1h0m0s), interval(1h0m0s), interval(24h0m0s))" {
		t.Errorf("an and as a child: %s", got)
	}
}
