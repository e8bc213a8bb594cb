package triggers_test

import (
	"testing"
	"time"

	"github.com/carillon-go/carillon/triggers"
)

// A trigger that replaces an equal one without a start goes on counting where
// that one began.
func TestBindReplaced(t *testing.T) {
	every := func(d time.Duration, o triggers.Options) triggers.Trigger {
		return triggers.Must(triggers.NewInterval(d, o))
	}
	days := func(n int, o triggers.Options) triggers.Trigger {
		return triggers.Must(triggers.NewCalendarInterval(triggers.CalendarFields{Days: n, Hour: 9}, o))
	}
	or := func(children ...triggers.Trigger) triggers.Trigger { return triggers.Must(triggers.NewOr(children...)) }
	and := func(children ...triggers.Trigger) triggers.Trigger {
		return triggers.Must(triggers.NewAnd(children...))
	}
	jitter := func(of triggers.Trigger) triggers.Trigger { return triggers.Must(triggers.NewJitter(of, time.Second)) }
	except := func(of triggers.Trigger) triggers.Trigger {
		return triggers.Must(triggers.NewExcept(of, triggers.Day(2030, 1, 2, time.UTC)))
	}
	cron := triggers.Must(triggers.NewCrontab("H 4 * * *", triggers.Options{}))
	open := triggers.Options{}
	end := triggers.Options{End: time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC)}
	set := triggers.Options{Start: time.Date(2030, 1, 1, 7, 0, 0, 0, time.UTC)}
	for _, c := range []struct {
		name     string
		old, new triggers.Trigger
		equal    bool // once they are bound
		grid     bool // they have times in common
	}{
		{"interval", every(time.Hour, open), every(time.Hour, open), true, true},
		{"another interval", every(time.Hour, open), every(7*time.Hour, open), false, false},
		{"an interval with an end", every(time.Hour, open), every(time.Hour, end), false, true},
		{"an interval with a start", every(time.Hour, set), every(time.Hour, open), true, true},
		{"a start is set", every(time.Hour, open), every(time.Hour, set), false, false},
		{"dates", days(3, open), days(3, open), true, true},
		{"other dates", days(3, open), days(4, open), false, false},
		{"an interval for dates", days(3, open), every(72*time.Hour, open), false, false},
		{"or", or(cron, every(time.Hour, open)), or(cron, every(time.Hour, open)), true, true},
		{"or with one more", or(every(time.Hour, open)), or(every(time.Hour, open), every(2*time.Hour, open)), false, false},
		{"and", and(every(time.Hour, open), every(2*time.Hour, open)), and(every(time.Hour, open), every(2*time.Hour, open)), true, true},
		{"jitter", jitter(every(time.Hour, open)), jitter(every(time.Hour, open)), true, true},
		{"except", except(every(time.Hour, open)), except(every(time.Hour, open)), true, true},
		{"crontab", cron, cron, true, true},
		{"nothing", nil, every(time.Hour, open), false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			first := triggers.Binding{Location: time.UTC, Now: time.Date(2030, 1, 1, 12, 3, 0, 0, time.UTC), Seed: 1}
			second := first
			second.Now = second.Now.Add(25*time.Hour + time.Minute)
			if c.old != nil {
				second.Replaced = stored(t, triggers.Bind(c.old, first))
			}
			// The scheduler binds a job that waits for its start twice.
			unaware := second
			unaware.Replaced = nil
			for _, bound := range []triggers.Trigger{triggers.Bind(c.new, second), triggers.Bind(triggers.Bind(c.new, unaware), second)} {
				if got := triggers.Equal(bound, second.Replaced); got != c.equal {
					t.Errorf("equal: %v; %v has become %v", got, second.Replaced, bound)
				}
				if c.old == nil {
					continue
				}
				next, _ := bound.Next(time.Time{}, second.Now)
				old, _ := second.Replaced.Next(time.Time{}, second.Now)
				if next.Equal(old) != c.grid {
					t.Errorf("%v and then %v", old, next)
				}
			}
		})
	}
}

// stored returns what becomes of a trigger in a store.
func stored(t *testing.T, trigger triggers.Trigger) triggers.Trigger {
	t.Helper()
	data, err := triggers.Encode(trigger)
	if err != nil {
		t.Fatal(err)
	}
	again, err := triggers.Decode(data, nil)
	if err != nil {
		t.Fatal(err)
	}
	return again
}

// A trigger whose end has come before it was bound has a persistent form.
func TestEndedBeforeBound(t *testing.T) {
	past := triggers.Options{End: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)}
	for _, open := range []triggers.Trigger{
		triggers.Must(triggers.NewInterval(time.Hour, past)),
		triggers.Must(triggers.NewCalendarInterval(triggers.CalendarFields{Days: 1}, past)),
	} {
		bound := triggers.Bind(open, triggers.Binding{Location: time.UTC, Now: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)})
		if again := stored(t, bound); !triggers.Equal(again, bound) {
			t.Errorf("%v has become %v", bound, again)
		}
	}
}
