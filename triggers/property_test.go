package triggers

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// What holds for every trigger is tested with triggers that are put together
// at random, around a change of the clocks.

var propertyStart = at("2024-03-30T00:00:00Z")

const propertySpan = 72 * time.Hour

// randomTrigger returns a trigger with some hundred times in the span at most.
func randomTrigger(rnd *rand.Rand, depth int) Trigger {
	kinds := 5
	if depth > 0 {
		kinds = 9
	}
	within := func() time.Time { return propertyStart.Add(randomSpan(rnd, propertySpan)) }
	switch rnd.IntN(kinds) {
	case 0:
		o := Options{Start: within().Add(-propertySpan / 2)}
		if rnd.IntN(3) == 0 {
			o.End = o.Start.Add(randomSpan(rnd, propertySpan))
		}
		return Must(NewInterval(time.Minute+randomSpan(rnd, 1<<(36+rnd.IntN(10))), o))
	case 1:
		return At(within().In(berlin))
	case 2:
		o := Options{Location: berlin, Start: within().Add(-propertySpan), Gap: Gap(rnd.IntN(3)), Fold: Fold(rnd.IntN(3))}
		return Must(NewCalendarInterval(CalendarFields{Days: rnd.IntN(2) + 1, Hour: rnd.IntN(24), Minute: rnd.IntN(60)}, o))
	case 3:
		f := CronFields{Hour: fmt.Sprintf("%d-23/%d", rnd.IntN(3), rnd.IntN(5)+1), Minute: fmt.Sprint(rnd.IntN(60))}
		return Must(NewCron(f, Options{Location: berlin, Gap: Gap(rnd.IntN(3)), Fold: Fold(rnd.IntN(3))}))
	case 4:
		expr := fmt.Sprintf("H/%d %d-%d * * *", rnd.IntN(20)+5, rnd.IntN(12), rnd.IntN(12)+12)
		return Bind(Must(NewCrontab(expr, Options{Location: berlin})), Binding{Seed: rnd.Uint64()})
	case 5:
		// Hours and their halves, so that they meet.
		some := func() Trigger {
			return Must(NewInterval(time.Duration(rnd.IntN(6)+1)*30*time.Minute, Options{Start: propertyStart}))
		}
		return Must(NewAnd(some(), some()))
	case 6:
		return Must(NewOr(randomTrigger(rnd, depth-1), randomTrigger(rnd, depth-1)))
	case 7:
		spans := make([]Span, rnd.IntN(4))
		for i := range spans {
			from := within()
			spans[i] = Span{from, from.Add(randomSpan(rnd, propertySpan/8))}
		}
		return Must(NewExcept(randomTrigger(rnd, depth-1), spans...))
	default:
		j := Must(NewJitter(randomTrigger(rnd, depth-1), 1+randomSpan(rnd, 1<<(20+rnd.IntN(24)))))
		return Bind(j, Binding{Seed: rnd.Uint64()})
	}
}

func randomSpan(rnd *rand.Rand, max time.Duration) time.Duration {
	return time.Duration(rnd.Int64N(int64(max)))
}

func timesIn(t Trigger, from, to time.Time) []time.Time { return slices.Collect(Between(t, from, to)) }

func forRandomTriggers(t *testing.T, check func(t *testing.T, rnd *rand.Rand, tr Trigger, times []time.Time)) {
	n := 600
	if testing.Short() {
		n = 60
	}
	for seed := range uint64(n) {
		rnd := rand.New(rand.NewPCG(seed, 0))
		tr := randomTrigger(rnd, 3)
		check(t, rnd, tr, timesIn(tr, propertyStart, propertyStart.Add(propertySpan)))
		if t.Failed() {
			t.Fatalf("with seed %d: %v", seed, tr)
		}
	}
}

// The question may be put in the middle: the answer is that of the walk from
// the beginning.
func TestNextIsTheNextOfTheWalk(t *testing.T) {
	forRandomTriggers(t, func(t *testing.T, rnd *rand.Rand, tr Trigger, times []time.Time) {
		for range 50 {
			prev := propertyStart.Add(randomSpan(rnd, propertySpan))
			if len(times) > 0 && rnd.IntN(2) == 0 {
				prev = times[rnd.IntN(len(times))]
			}
			now := prev.Add(randomSpan(rnd, propertySpan/8) - propertySpan/16)
			if now.After(prev.Add(1)) {
				prev = now.Add(-1) // or a date in between would be the answer
			}
			i := slices.IndexFunc(times, func(x time.Time) bool { return x.After(prev) })
			next, ok := tr.Next(prev, now)
			switch {
			case i >= 0 && (!ok || !next.Equal(times[i])):
				t.Errorf("Next(%v, %v) = %v %v, want %v", prev, now, next, ok, times[i])
			case i < 0 && ok && !next.After(propertyStart.Add(propertySpan)):
				t.Errorf("Next(%v, %v) = %v, want none", prev, now, next)
			}
			if again, _ := tr.Next(prev, now); !again.Equal(next) {
				t.Errorf("Next(%v, %v) = %v, then %v", prev, now, next, again)
			}
		}
	})
}

func TestTimesAscend(t *testing.T) {
	forRandomTriggers(t, func(t *testing.T, _ *rand.Rand, _ Trigger, times []time.Time) {
		for i := range times[min(1, len(times)):] {
			if !times[i+1].After(times[i]) {
				t.Errorf("%v is followed by %v", times[i], times[i+1])
			}
		}
	})
}

func TestLatestIsTheLastOfTheWalk(t *testing.T) {
	forRandomTriggers(t, func(t *testing.T, rnd *rand.Rand, tr Trigger, times []time.Time) {
		if len(times) == 0 {
			return
		}
		for range 50 {
			first := rnd.IntN(len(times))
			now := times[first].Add(randomSpan(rnd, propertyStart.Add(propertySpan).Sub(times[first])+1))
			if rnd.IntN(3) == 0 {
				now = times[first+rnd.IntN(len(times)-first)]
			}
			want := times[first]
			for _, x := range times[first:] {
				if !x.After(now) {
					want = x
				}
			}
			if got, ok := Latest(tr, times[first], now); !ok || !got.Equal(want) {
				t.Errorf("Latest(%v, %v) = %v %v, want %v", times[first], now, got, ok, want)
			}
		}
	})
}

func TestPersistentFormKeepsTheTimes(t *testing.T) {
	forRandomTriggers(t, func(t *testing.T, _ *rand.Rand, tr Trigger, times []time.Time) {
		data, err := Encode(tr)
		if err != nil {
			t.Error(err)
			return
		}
		read, err := Decode(data, nil)
		if err != nil {
			t.Errorf("%v in %s", err, data)
			return
		}
		if KindOf(read) != KindOf(tr) {
			t.Errorf("the kind is %q, was %q", KindOf(read), KindOf(tr))
		}
		if got := timesIn(read, propertyStart, propertyStart.Add(propertySpan)); !slices.EqualFunc(got, times, time.Time.Equal) {
			t.Errorf("the times of %s are %v, were %v", data, got, times)
		}
		if again, err := json.Marshal(read); err != nil || string(again) != string(data) {
			t.Errorf("got %s (%v), was %s", again, err, data)
		}
	})
}

func TestBindAgainChangesNothing(t *testing.T) {
	forRandomTriggers(t, func(t *testing.T, rnd *rand.Rand, tr Trigger, _ []time.Time) {
		open := Must(NewJitter(Must(NewOr(tr, Must(Every(time.Hour)), Must(NewCalendarInterval(CalendarFields{Days: 1}, Options{})))), time.Hour))
		once := Bind(open, Binding{Location: berlin, Now: propertyStart, Seed: 7})
		twice := Bind(once, Binding{Location: time.UTC, Now: propertyStart.Add(time.Hour), Seed: 8})
		if a, b := string(Must(Encode(once))), string(Must(Encode(twice))); a != b {
			t.Errorf("bound %s, then %s", a, b)
		}
		if a, b := string(Must(Encode(once))), string(Must(Encode(open))); a == b {
			t.Errorf("not bound: %s", a)
		}
	})
}
