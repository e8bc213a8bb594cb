package carillon

import (
	"errors"
	"strings"
	"time"

	"github.com/carillon-go/carillon/settings"
	"github.com/carillon-go/carillon/triggers"
)

// The parameters of the built-in triggers: how they are read, and which of them
// a fault is about.

func noParam(string) string { return "" }

// days returns the spans of the dates that an except trigger leaves out.
func days(s *settings.Section) (spans []triggers.Span) {
	loc, list := s.Location("timezone"), s.Section("days")
	for _, key := range list.Keys() {
		day := list.Date(key, loc)
		spans = append(spans, triggers.Day(day.Year(), day.Month(), day.Day(), day.Location()))
	}
	return spans
}

func cronTrigger(s *settings.Section) (triggers.Trigger, error) {
	return triggers.NewCron(triggers.CronFields{
		Year:      cronField(s, "year"),
		Month:     cronField(s, "month"),
		Day:       cronField(s, "day"),
		Week:      cronField(s, "week"),
		DayOfWeek: cronField(s, "day_of_week"),
		Hour:      cronField(s, "hour"),
		Minute:    cronField(s, "minute"),
		Second:    cronField(s, "second"),
	}, wallOptions(s))
}

// cronField returns a field of a cron trigger. An empty one would mean another
// thing than *, depending on the others.
func cronField(s *settings.Section, key string) string {
	text := s.Text(key)
	if text == "" && s.Value(key) != nil {
		s.Refuse(key, "give * for any value, or leave it out")
	}
	return text
}

func cronParam(field string) string { return field }

// expr is the parameter that holds a crontab.
const expr = "expr"

func crontabTrigger(s *settings.Section) (triggers.Trigger, error) {
	text, o := s.Text(expr), wallOptions(s)
	if text == "" {
		s.Refuse(expr, `give an expression such as "30 2 * * mon-fri"`)
		return nil, nil
	}
	return triggers.NewCrontab(text, o)
}

func crontabParam(string) string { return expr }

func intervalTrigger(s *settings.Section) (triggers.Trigger, error) {
	every, tooLong := time.Duration(0), false
	for _, part := range []struct {
		key  string
		unit time.Duration
	}{{"weeks", 7 * 24 * time.Hour}, {"days", 24 * time.Hour}, {"hours", time.Hour}, {"minutes", time.Minute}, {"seconds", time.Second}} {
		every += s.Duration(part.key, part.unit)
		tooLong = tooLong || every < 0
	}
	o := options(s)
	switch {
	case tooLong:
		return nil, errors.New("it exceeds 292 years; give a shorter one")
	case every == 0:
		return nil, errors.New("it is 0; give at least one of weeks, days, hours, minutes and seconds")
	}
	return triggers.NewInterval(every, o)
}

func dateTrigger(s *settings.Section) (triggers.Trigger, error) {
	at := s.Time("run_date", s.Location("timezone"))
	if at.IsZero() {
		s.Refuse("run_date", "give the time of the run; a job without a trigger runs at once")
	}
	return triggers.At(at), nil
}

func calendarTrigger(s *settings.Section) (triggers.Trigger, error) {
	o := clockChanges(s)
	o.Location = s.Location("timezone")
	o.Start, o.End = s.Date("start_date", o.Location), s.Date("end_date", o.Location)
	if !o.End.IsZero() {
		o.End = o.End.AddDate(0, 0, 1).Add(-1)
	}
	return triggers.NewCalendarInterval(triggers.CalendarFields{
		Years:  s.Int("years"),
		Months: s.Int("months"),
		Weeks:  s.Int("weeks"),
		Days:   s.Int("days"),
		Hour:   s.Int("hour"),
		Minute: s.Int("minute"),
		Second: s.Int("second"),
	}, o)
}

func calendarParam(field string) string {
	return strings.ToLower(strings.TrimLeft(strings.TrimPrefix(field, "CalendarFields"), "."))
}

func options(s *settings.Section) triggers.Options {
	loc := s.Location("timezone")
	return triggers.Options{
		Location: loc,
		Start:    s.Time("start_date", loc),
		End:      s.Time("end_date", loc),
	}
}

func wallOptions(s *settings.Section) triggers.Options {
	o, changes := options(s), clockChanges(s)
	o.Gap, o.Fold = changes.Gap, changes.Fold
	return o
}

// clockChanges says what happens when the clocks are changed.
func clockChanges(s *settings.Section) (o triggers.Options) {
	_ = o.Gap.UnmarshalText([]byte(s.Word("gap", "shift", "skip")))
	_ = o.Fold.UnmarshalText([]byte(s.Word("fold", "first", "both")))
	return o
}
