package triggers

import (
	"reflect"
	"slices"
)

// Impossible reports whether t was made so that it never fires, whatever its
// bounds and its time zone: a [Cron] or [Crontab] whose fields match no date, such
// as 30 February, a zero [Date], an [And] with such a child, an [Or] of nothing
// else. The scheduler refuses a job with such a trigger.
//
// It does not search: false means only that the trigger is none of these. One
// that has ended was possible.
func Impossible(t Trigger) bool {
	if IsNil(t) {
		return false
	}
	switch t := t.(type) {
	case Date:
		return t.never()
	case *Cron:
		return t.wall.empty()
	case *Crontab:
		w, dated := t.times.(*wall)
		return dated && !t.hashed && w.empty()
	case *And:
		return slices.ContainsFunc(t.children, Impossible)
	case *Or:
		return !slices.ContainsFunc(t.children, func(child Trigger) bool { return !Impossible(child) })
	case *Jitter:
		return Impossible(t.trigger)
	case *Except:
		return Impossible(t.trigger)
	}
	return false
}

// IsNil reports whether t is nil or a nil pointer, which is what a constructor
// returns together with an error.
func IsNil(t Trigger) bool {
	if t == nil {
		return true
	}
	v := reflect.ValueOf(t)
	return v.Kind() == reflect.Pointer && v.IsNil()
}
