package carillon

import (
	"errors"
	"strings"
	"time"

	"github.com/carillon-go/carillon/settings"
	"github.com/carillon-go/carillon/triggers"
)

// Trigger makes a trigger from the plugin of this name and its parameters, for
// programs whose schedules stand in a file. The error joins a [FieldError] for
// each fault. The built-in ones take APScheduler's parameters:
//
//	cron              year, month, day, week, day_of_week, hour, minute, second
//	crontab           expr
//	interval          weeks, days, hours, minutes, seconds; fractions are allowed
//	date              run_date
//	calendarinterval  years, months, weeks, days, hour, minute, second
//	and, or           triggers: a list of groups, each with a type and its parameters
//	except            trigger: a group, with a type and its parameters; days: a list of dates
//
// and besides
//
//	timezone                         all but and, or: IANA name; of except, that of its days
//	start_date, end_date             all but date, and, or, except: as [settings.Section.Time]
//	                                 reads them; calendarinterval: dates, both included
//	jitter                           all: the bound of the delay, in seconds
//	gap ("shift" or "skip"),         cron, crontab, calendarinterval: see [triggers.Options]
//	fold ("first" or "both")
//
// A time without an offset needs the parameter timezone. APScheduler: the
// trigger arguments of add_job, where cron is the same and crontab another
// dialect (see [triggers.Crontab]).
func (p Plugins) Trigger(name string, params map[string]any) (triggers.Trigger, error) {
	return makeOne(p.triggers(), "trigger", name, params)
}

func (p Plugins) triggers() TriggerPlugins {
	return with(p.Triggers, TriggerPlugins{
		"cron":             triggerPlugin(cronTrigger, cronParam),
		"crontab":          triggerPlugin(crontabTrigger, crontabParam),
		"interval":         triggerPlugin(intervalTrigger, noParam),
		"date":             triggerPlugin(dateTrigger, noParam),
		"calendarinterval": triggerPlugin(calendarTrigger, calendarParam),
		"and": triggerPlugin(func(s *settings.Section) (triggers.Trigger, error) {
			return triggers.NewAnd(p.children(s)...)
		}, noParam),
		"or": triggerPlugin(func(s *settings.Section) (triggers.Trigger, error) {
			return triggers.NewOr(p.children(s)...)
		}, noParam),
		"except": triggerPlugin(func(s *settings.Section) (triggers.Trigger, error) {
			return triggers.NewExcept(makeTyped(p.triggers(), s.Section("trigger")), days(s)...)
		}, noParam),
	})
}

func (p Plugins) children(s *settings.Section) (children []triggers.Trigger) {
	list := s.Section("triggers")
	for _, key := range list.Keys() {
		children = append(children, makeTyped(p.triggers(), list.Section(key)))
	}
	return children
}

// triggerPlugin makes a plugin of what reads a trigger's own parameters, and
// of what says which of them a field of a [triggers.Error] is.
func triggerPlugin(read func(*settings.Section) (triggers.Trigger, error), param func(field string) string) settings.Plugin[triggers.Trigger] {
	return func(s *settings.Section) triggers.Trigger {
		t, err := read(s)
		if jitter := s.Duration("jitter", time.Second); err == nil && jitter > 0 {
			t, err = triggers.NewJitter(t, jitter)
		}
		failTrigger(s, err, param)
		return t
	}
}

// failTrigger reports each of the faults that err joins.
func failTrigger(s *settings.Section, err error, param func(field string) string) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, err := range joined.Unwrap() {
			failTrigger(s, err, param)
		}
		return
	}
	key := ""
	if fault, ok := errors.AsType[*triggers.Error](err); ok {
		switch fault.Field {
		case "Options.Start":
			key = "start_date"
		case "Options.End":
			key = "end_date"
		default:
			key = param(fault.Field)
		}
		if key != expr { // which has fields of its own
			err = errors.New(strings.TrimLeft(strings.TrimPrefix(fault.Error(), fault.Field), ": "))
		}
	}
	s.Fail(key, err)
}
