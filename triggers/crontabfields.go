package triggers

import (
	"errors"
	"fmt"
)

// The fields of a crontab. Without seconds they begin with the minute.
const (
	crontabSecond = iota
	crontabMinute
	crontabHour
	crontabDay
	crontabMonth
	crontabWeekday
)

var crontabFields = [...]field{
	crontabSecond: {name: "second", min: 0, max: 59},
	crontabMinute: {name: "minute", min: 0, max: 59},
	crontabHour:   {name: "hour", min: 0, max: 23},
	crontabDay:    {name: "day of month", min: 1, max: 31, also: "L, L-3, 15W or LW"},
	crontabMonth:  {name: "month", min: 1, max: 12, names: monthNames},
	crontabWeekday: {name: "day of week", min: 0, max: 6, circular: true, also: "5L or 5#3",
		names: []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}},
}

var everyYear = []span{{minYear, maxYear, 1}}

// crontabReader collects what the fields say.
type crontabReader struct {
	seed           uint64
	hashed         bool
	days, weekdays daySet
	anyDay         bool // the day of month is not restricted
	anyWeekday     bool // the day of week is not restricted
}

// readCrontabFields reads five or six fields.
func readCrontabFields(words []token, seed uint64) (e crontabExpr, err error) {
	if words, err = withSecond(words); err != nil {
		return e, err
	}
	var (
		r      = crontabReader{seed: seed}
		spans  [len(crontabFields)][]span
		faults []error
	)
	for i, word := range words {
		spans[i], err = crontabFields[i].spans(word, func(item token) (span, bool, error) { return r.special(i, item) })
		faults = append(faults, err)
	}
	if err := errors.Join(faults...); err != nil {
		return e, err
	}
	e.hashed = r.hashed
	e.pattern = &pattern{
		dates:   r.dates(spans[crontabDay], spans[crontabMonth], spans[crontabWeekday]),
		hours:   uint32(mask(spans[crontabHour])),
		minutes: mask(spans[crontabMinute]),
		seconds: mask(spans[crontabSecond]),
	}
	for i := crontabSecond; i <= crontabHour; i++ {
		e.repeats = e.repeats || crontabFields[i].repeats(spans[i])
	}
	return e, nil
}

// dates adds the plain values to the special ones, and joins the two day
// fields: both must match, or one if both are restricted.
func (r *crontabReader) dates(days, months, weekdays []span) dates {
	r.days.days |= uint32(mask(days))
	r.weekdays.weekdays |= fromMonday(mask(weekdays))
	a, b := r.days, r.weekdays
	if !r.anyDay && !r.anyWeekday {
		a, b = a.or(b), daySet{days: anyDay}
	}
	return newDates(everyYear, uint16(mask(months)), anyWeek, a, b)
}

// withSecond returns six words for five or six.
func withSecond(words []token) ([]token, error) {
	const remedy = "write 5 (minute, hour, day of month, month, day of week), or 6 with the second first"
	switch n := len(words); {
	case n == 5:
		return append([]token{{"0", words[0].pos}}, words...), nil
	case n == 6:
		return words, nil
	case n == 0:
		return nil, crontabFault(token{}, "no fields; "+remedy)
	case n < 5:
		return nil, crontabFault(words[n-1], fmt.Sprintf("last of %d fields; %s", n, remedy))
	default:
		return nil, crontabFault(words[6], fmt.Sprintf("field 7 of %d; %s. For years and ISO weeks use NewCron", n, remedy))
	}
}
