package carillon_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/settings"
	"github.com/carillon-go/carillon/triggers"
)

func TestPluginsTrigger(t *testing.T) {
	type m = map[string]any
	for _, c := range []struct {
		name   string
		params m
		want   string // the trigger
	}{
		{"interval", m{"hours": 1, "minutes": "30"}, "interval(1h30m0s)"},
		{"interval", m{"weeks": 1, "days": 0.5, "seconds": "1.5"}, "interval(180h0m1.5s)"},
		{"interval", m{"seconds": "1m30s"}, "interval(1m30s)"},
		{"interval", m{"hours": 1, "start_date": "2024-05-01 10:00:00", "end_date": "2024-05-02", "timezone": "Europe/Berlin"},
			"interval(1h0m0s) in Europe/Berlin from 2024-05-01T10:00:00+02:00 until 2024-05-02T00:00:00+02:00"},
		{"interval", m{"hours": 1, "jitter": 30}, "jitter(interval(1h0m0s), 30s)"},
		{"interval", m{"hours": 1, "jitter": 0, "start_date": nil, "timezone": nil}, "interval(1h0m0s)"},
		{"date", m{"run_date": "2024-05-01T10:00:00Z"}, "date(2024-05-01 10:00:00 UTC)"},
		{"date", m{"run_date": "2024-05-01", "timezone": "Europe/Berlin"}, "date(2024-05-01 00:00:00 CEST)"},
		{"date", m{"run_date": time.Unix(0, 0).UTC()}, "date(1970-01-01 00:00:00 UTC)"},
		{"cron", m{}, "cron()"},
		{"cron", m{"day_of_week": "mon-fri", "hour": 9, "timezone": "Europe/Berlin"}, "cron(day_of_week='mon-fri', hour='9') in Europe/Berlin"},
		{"cron", m{"year": 2024, "month": 1, "day": "last", "week": 1, "minute": 2, "second": 3}, "cron(year='2024', month='1', day='last', week='1', minute='2', second='3')"},
		{"crontab", m{"expr": "30 2 * * mon-fri", "timezone": "Europe/Berlin"}, "crontab(30 2 * * mon-fri) in Europe/Berlin"},
		{"crontab", m{"expr": "@every 1m", "jitter": "1s"}, "jitter(crontab(@every 1m), 1s)"},
		{"calendarinterval", m{"years": 1, "months": 2, "weeks": 3, "days": 4, "hour": 5, "minute": 6, "second": 7}, "calendarinterval(1 year 2 months 3 weeks 4 days at 05:06:07)"},
		{"calendarinterval", m{"months": 1, "start_date": "2024-05-01", "end_date": "2024-12-31", "timezone": "Europe/Berlin"},
			"calendarinterval(1 month at 00:00:00) in Europe/Berlin from 2024-05-01T00:00:00+02:00 until 2024-12-31T23:59:59.999999999+01:00"},
		{"and", m{"triggers": []any{m{"type": "cron", "hour": 9}, m{"type": "cron", "day": "1st mon"}}}, "and(cron(hour='9'), cron(day='1st mon'))"},
		{"or", m{"triggers.0": m{"type": "interval", "hours": 1}, "triggers.1.type": "date", "triggers.1.run_date": "2024-05-01T00:00Z", "jitter": 5},
			"jitter(or(interval(1h0m0s), date(2024-05-01 00:00:00 UTC)), 5s)"},
		{"except", m{"trigger": m{"type": "crontab", "expr": "0 9 * * mon-fri"}, "days": []any{"2025-12-25", "2025-12-26"}, "timezone": "Europe/Berlin"},
			"except(crontab(0 9 * * mon-fri), 2025-12-24T23:00:00Z/2025-12-26T23:00:00Z)"},
		{"except", m{"trigger.type": "interval", "trigger.hours": 1}, "except(interval(1h0m0s), 0 spans)"},
	} {
		t.Run(fmt.Sprint(c.name, c.params), func(t *testing.T) {
			trigger, err := carillon.Plugins{}.Trigger(c.name, c.params)
			if got := fmt.Sprint(trigger, err); got != c.want+" <nil>" {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestPluginsTriggerClockChanges(t *testing.T) {
	trigger, err := carillon.Plugins{}.Trigger("cron", map[string]any{"hour": 2, "timezone": "Europe/Berlin", "gap": "skip", "fold": "both"})
	if err != nil {
		t.Fatal(err)
	}
	form, err := triggers.Encode(trigger)
	if want := `{"kind":"cron","hour":"2","timezone":"Europe/Berlin","gap":"skip","fold":"both"}`; string(form) != want || err != nil {
		t.Errorf("got %s, %v; want %s", form, err, want)
	}
}

func TestPluginsTriggerFaults(t *testing.T) {
	type m = map[string]any
	const (
		times = `give a time like "2024-05-01T10:00:00+02:00"`
		names = `give "and", "calendarinterval", "cron", "crontab", "date", "except", "interval" or "or"`
	)
	for _, c := range []struct {
		name   string
		params m
		want   []string
	}{
		{"foo", nil, []string{`trigger plugin "foo" is unknown; ` + names}},
		{"interval", nil, []string{"interval cannot be used: it is 0; give at least one of weeks, days, hours, minutes and seconds"}},
		{"interval", m{"hours": "x"}, []string{`interval.hours is "x"; give a number of hours from 0 on, or a duration such as "1m30s"`}},
		{"interval", m{"seconds": -1}, []string{`interval.seconds is -1; give a number of seconds from 0 on, or a duration such as "1m30s"`}},
		{"interval", m{"weeks": 15000, "days": 100_000}, []string{"interval cannot be used: it exceeds 292 years; give a shorter one"}},
		{"interval", m{"hour": 1}, []string{
			"interval cannot be used: it is 0; give at least one of weeks, days, hours, minutes and seconds",
			`interval.hour is unknown; did you mean "hours"?`,
		}},
		{"interval", m{"hours": 1, "gap": "skip"}, []string{`interval.gap is unknown; known here: "days", "end_date", "hours", "jitter", "minutes", "seconds", "start_date", "timezone" and "weeks"`}},
		{"interval", m{"hours": 1, "start_date": "2024-05-01 10:00:00", "end_date": "soon", "jitter": -1}, []string{
			`interval.end_date is "soon"; ` + times,
			`interval.jitter is -1; give a number of seconds from 0 on, or a duration such as "1m30s"`,
			`interval.start_date is "2024-05-01 10:00:00"; set timezone too, for it has no offset`,
		}},
		{"interval", m{"hours": 1, "start_date": "2024-05-01T10:00Z", "end_date": "2024-05-01T09:00Z"}, []string{
			`interval.end_date cannot be used: "2024-05-01T09:00:00Z": is before Start, 2024-05-01T10:00:00Z; set it to a later time, or leave it out for a trigger without end`,
		}},
		{"interval", m{"hours": 1, "timezone": "Foo/Bar"}, []string{`interval.timezone is "Foo/Bar"; give the IANA name of a time zone, such as "Europe/Berlin", or "Local"`}},
		{"date", nil, []string{"date.run_date is missing; give the time of the run; a job without a trigger runs at once"}},
		{"date", m{"run_date": "never"}, []string{`date.run_date is "never"; ` + times}},
		{"date", m{"run_date": 5, "jitter": 3}, []string{`date.run_date is 5; ` + times}},
		{"cron", m{"minute": "1,99", "hour": []int{1}, "day_of_week": "8", "month": ""}, []string{
			`cron.day_of_week cannot be used: "8" at position 0: out of range; use 0-6 or mon-sun`,
			`cron.hour is a list; give text`,
			`cron.minute cannot be used: "99" at position 2: out of range; use 0-59`,
			`cron.month is ""; give * for any value, or leave it out`,
		}},
		{"cron", m{"minutes": 5}, []string{`cron.minutes is unknown; did you mean "minute"?`}},
		{"cron", m{"hour": 2, "gap": "jump", "fold": "none"}, []string{
			`cron.fold is "none"; give "both" or "first"`,
			`cron.gap is "jump"; give "shift" or "skip"`,
		}},
		{"crontab", nil, []string{`crontab.expr is missing; give an expression such as "30 2 * * mon-fri"`}},
		{"crontab", m{"expr": true}, []string{`crontab.expr is true; give text`}},
		{"crontab", m{"expr": "99 * * 88 *", "start_date": "2024-05-01T10:00Z", "end_date": "2024-05-01T09:00Z"}, []string{
			`crontab.end_date cannot be used: "2024-05-01T09:00:00Z": is before Start, 2024-05-01T10:00:00Z; set it to a later time, or leave it out for a trigger without end`,
			`crontab.expr cannot be used: minute "99" at position 0: out of range; use 0-59`,
			`crontab.expr cannot be used: month "88" at position 7: out of range; use 1-12 or jan-dec`,
		}},
		{"calendarinterval", nil, []string{"calendarinterval cannot be used: give no interval; set at least one of Years, Months, Weeks and Days"}},
		{"calendarinterval", m{"months": 1, "hour": 24, "minute": "x"}, []string{
			`calendarinterval.hour cannot be used: "24": is out of range; give a number from 0 to 23`,
			`calendarinterval.minute is "x"; give a whole number`,
		}},
		{"calendarinterval", m{"months": 1, "start_date": "2024-05-01 10:00"}, []string{`calendarinterval.start_date is "2024-05-01 10:00"; give a date like "2024-05-01"`}},
		{"calendarinterval", m{"months": 1, "start_date": "2024-05-01"}, []string{`calendarinterval.start_date is "2024-05-01"; set timezone too, for it has no offset`}},
		{"except", m{"trigger": m{"type": "cron", "hour": 99}, "days": []any{"2025-12-25", "Christmas"}}, []string{
			`except.days.0 is "2025-12-25"; set timezone too, for it has no offset`,
			`except.days.1 is "Christmas"; give a date like "2024-05-01"`,
			`except.trigger.hour cannot be used: "99" at position 0: out of range; use 0-23`,
		}},
		{"except", m{"days": "2025-12-25", "timezone": "UTC"}, []string{
			`except.days is "2025-12-25"; give a group of settings`,
			`except.trigger.type is missing; ` + names,
		}},
		{"and", nil, []string{"and cannot be used: has no children; give at least one trigger"}},
		{"and", m{"triggers": "cron"}, []string{`and.triggers is "cron"; give a group of settings`}},
		{"and", m{"triggers": []any{m{"type": "cron", "hour": 99}, m{"hour": 1}, m{"type": "foo"}, "cron"}, "timezone": "UTC"}, []string{
			`and.timezone is unknown; known here: "jitter" and "triggers"`,
			`and.triggers.0.hour cannot be used: "99" at position 0: out of range; use 0-23`,
			`and.triggers.1.type is missing; ` + names,
			`and.triggers.2.type is "foo"; ` + names,
			`and.triggers.3 is "cron"; give a group of settings`,
		}},
		{"and", m{"triggers": []any{m{"type": "cron"}, m{"type": "or", "triggers": []any{m{"type": "and", "triggers": []any{m{"type": "cron"}}}}}}}, []string{
			"and cannot be used: has a child with an And inside it; write And(x, Or(And(a, b), c)) as Or(And(x, a, b), And(x, c))",
		}},
		{"or", m{"triggers": []any{m{"type": "and", "triggers": []any{m{"type": "crontab", "expr": "* 99 * * *"}}}}}, []string{
			`or.triggers.0.triggers.0.expr cannot be used: hour "99" at position 2: out of range; use 0-23`,
		}},
	} {
		t.Run(fmt.Sprint(c.name, c.params), func(t *testing.T) {
			trigger, err := carillon.Plugins{}.Trigger(c.name, c.params)
			if got, want := fmt.Sprint(err), strings.Join(c.want, "\n"); got != want {
				t.Errorf("\n got %s\nwant %s", got, want)
			}
			if trigger != nil {
				t.Errorf("%v in spite of the error", trigger)
			}
		})
	}
}

func TestPluginsTriggerOfOthers(t *testing.T) {
	plugins := carillon.Plugins{Triggers: carillon.TriggerPlugins{
		"tide": func(s *settings.Section) triggers.Trigger {
			every, err := triggers.Every(s.Duration("period", time.Hour))
			s.Fail("period", err)
			return every
		},
	}}
	tide := map[string]any{"type": "tide", "period": 12.5}
	both, err := plugins.Trigger("or", map[string]any{"triggers": []any{tide, tide}})
	if got := fmt.Sprint(both, err); got != "or(interval(12h30m0s), interval(12h30m0s)) <nil>" {
		t.Error(got)
	}
	_, err = plugins.Trigger("tide", map[string]any{"perid": 12})
	if got, want := fmt.Sprint(err), `tide.perid is unknown; did you mean "period"?
tide.period cannot be used: every "0s": is not positive; give the time between two runs, for instance 10*time.Second`; got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

// TestPluginsTriggerNotUsed has a plugin return what nobody may touch.
func TestPluginsTriggerNotUsed(t *testing.T) {
	plugins := carillon.Plugins{Triggers: carillon.TriggerPlugins{
		"void": func(s *settings.Section) triggers.Trigger {
			s.Refuse("depth", "give one")
			return (*triggers.And)(nil)
		},
	}}
	trigger, err := plugins.Trigger("and", map[string]any{"triggers": []any{map[string]any{"type": "void"}}})
	if got, want := fmt.Sprint(trigger, err), "<nil> and.triggers.0.depth is missing; give one"; got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
	trigger, err = plugins.Trigger("void", nil)
	if got, want := fmt.Sprint(trigger, err), "<nil> void.depth is missing; give one"; got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

// triggerDifferences are the recorded cases in which APScheduler 3.11.2 accepts
// or refuses what we do not, and why.
var triggerDifferences = map[string]string{
	"p-interval-0051":         "an end before the start is a slip",
	"p-interval-0052":         "an end before the start is a slip",
	"p-interval-0058":         "an end before the start is a slip",
	"p-cron-0579":             "an end before the start is a slip",
	"p-calendarinterval-0143": "a date may be written 2024-1-1, as a time may be",
	"p-interval-0085":         "seconds may be left out",
	"p-date-0051":             "seconds may be left out",
	"p-date-0053":             "fractions of a second may have any number of digits",
}

// TestPluginsTriggerOracle makes triggers of the parameters that were given to
// the reference, and compares the first time.
func TestPluginsTriggerOracle(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("triggers", "testdata", "oracle", "triggers.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	asked := map[string]int{}
	for line := range bytes.Lines(data) {
		var c struct {
			ID       string
			Mode     string
			ClockUS  *int64   `json:"clock_us"`
			NowUS    int64    `json:"now_us"`
			ExpectUS []*int64 `json:"expect_us"`
			recordedTrigger
		}
		if err := json.Unmarshal(line, &c); err != nil {
			t.Fatal(err)
		}
		if c.Mode == "query" || c.crontab() {
			continue // which would ask for more, and in another dialect
		}
		asked[c.Kind]++
		trigger, err := carillon.Plugins{}.Trigger(c.Kind, c.params())
		_, differs := triggerDifferences[c.ID]
		if refused := c.Mode == "construct"; (err != nil) != (refused != differs) {
			t.Errorf("%s %s: %v: refused by the reference: %v; %v", c.ID, c.Kind, c.Params, refused, err)
		}
		if err != nil || c.Mode == "construct" {
			continue
		}
		now := time.UnixMicro(c.NowUS)
		binding := triggers.Binding{Now: now}
		if c.ClockUS != nil {
			binding.Now = time.UnixMicro(*c.ClockUS)
		}
		next, ok := triggers.Bind(trigger, binding).Next(time.Time{}, now)
		if want := c.ExpectUS[0]; ok != (want != nil) || ok && next.UnixMicro() != *want {
			t.Errorf("%s %v: first time %v, %v", c.ID, trigger, next, ok)
		}
	}
	for _, kind := range []string{"cron", "interval", "date", "calendarinterval", "and", "or"} {
		if asked[kind] == 0 {
			t.Errorf("no case of kind %s", kind)
		}
	}
}

type recordedTrigger struct {
	Kind, Timezone string
	Params         map[string]any
}

// params are the parameters by which we name the trigger.
func (r recordedTrigger) params() map[string]any {
	all := map[string]any{}
	maps.Copy(all, r.Params)
	switch r.Kind {
	case "and", "or":
		var list []any
		for _, child := range r.children() {
			params := child.params()
			params["type"] = child.Kind
			list = append(list, params)
		}
		all["triggers"] = list
		return all
	case "cron":
		all["gap"], all["fold"] = "skip", "both" // what the reference does
	case "calendarinterval":
		all["gap"] = "skip"
	}
	if r.Timezone != "" {
		all["timezone"] = r.Timezone
	}
	return all
}

func (r recordedTrigger) children() (children []recordedTrigger) {
	data, _ := json.Marshal(r.Params["triggers"])
	_ = json.Unmarshal(data, &children)
	return children
}

func (r recordedTrigger) crontab() bool {
	for _, child := range r.children() {
		if child.crontab() {
			return true
		}
	}
	return r.Kind == "crontab"
}
