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

// crontabReader collects what the fields say.
type crontabReader struct {
	seed           uint64
	hashed         bool
	days, weekdays daySet
	anyDay         bool // the day of month is not restricted
	anyWeekday     bool // the day of week is not restricted
}

// readCrontabFields returns what the fields stand for, whether that repeats
// within the day, and whether it depends on the seed.
func readCrontabFields(words []token, seed uint64) (p *pattern, repeats, hashed bool, err error) {
	r := crontabReader{seed: seed}
	words, err = withSecond(words)
	if err != nil {
		return nil, false, false, err
	}
	var (
		spans  [len(crontabFields)][]span
		faults []error
	)
	for i, word := range words {
		var fault error
		spans[i], fault = crontabFields[i].spans(word, func(item token) (span, bool, error) { return r.special(i, item) })
		faults = append(faults, fault)
	}
	if err := errors.Join(faults...); err != nil {
		return nil, false, false, err
	}
	p = &pattern{
		dates:   r.dates(spans[crontabDay], spans[crontabMonth], spans[crontabWeekday]),
		hours:   uint32(mask(spans[crontabHour])),
		minutes: mask(spans[crontabMinute]),
		seconds: mask(spans[crontabSecond]),
	}
	for i := crontabSecond; i <= crontabHour; i++ {
		repeats = repeats || crontabFields[i].repeats(spans[i])
	}
	return p, repeats, r.hashed, nil
}

// dates adds the plain values to the special ones, and joins the two day
// fields: both must match, or one if both are restricted.
func (r *crontabReader) dates(days, months, weekdays []span) dates {
	r.days.days |= uint32(mask(days))
	fromSunday := mask(weekdays)
	fromSunday |= fromSunday >> 7 // 7 is Sunday too
	r.weekdays.weekdays |= anyWeekday & uint8(fromSunday>>1|fromSunday<<6)

	a, b := r.days, r.weekdays
	if !r.anyDay && !r.anyWeekday {
		a, b = a.or(b), daySet{days: anyDay}
	}
	everyYear := []span{{minYear, maxYear, 1}}
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

// special reads the items that are neither values nor ranges.
func (r *crontabReader) special(i int, item token) (s span, taken bool, err error) {
	if rest, ok := item.cutPrefix("H"); ok {
		s, err = r.choose(i, rest)
		return s, true, err
	}
	switch i {
	case crontabDay:
		taken, err = r.day(item)
	case crontabWeekday:
		taken, err = r.weekday(item)
	}
	return noSpan, taken, err
}

// day reads *, ?, L, L-3, 15W and LW.
func (r *crontabReader) day(item token) (taken bool, err error) {
	f := &crontabFields[crontabDay]
	switch {
	case item.text[0] == '*':
		r.anyDay = true
		return false, nil
	case item.is("?"):
		r.anyDay, r.days.days = true, anyDay
		return true, nil
	case item.is("L"):
		r.days.fromEnd |= 1
	case item.is("LW"):
		r.days.nearest |= 1
	default:
		if before, ok := item.cutPrefix("L-"); ok {
			n, err := f.within(1, 30).value(before)
			r.days.special, r.days.fromEnd = true, r.days.fromEnd|1<<n
			return true, err
		}
		if day, ok := item.cutSuffix("W"); ok {
			n, err := f.value(day)
			r.days.special, r.days.nearest = true, r.days.nearest|1<<n
			return true, err
		}
		return false, nil
	}
	r.days.special = true
	return true, nil
}

// weekday reads *, ?, 5L and 5#3.
func (r *crontabReader) weekday(item token) (taken bool, err error) {
	f := &crontabFields[crontabWeekday]
	if item.text[0] == '*' {
		r.anyWeekday = true
		return false, nil
	}
	if item.is("?") {
		r.anyWeekday, r.weekdays.weekdays = true, anyWeekday
		return true, nil
	}
	weekday, nth, ok := item.cut("#")
	ordinal := lastOrdinal
	if ok {
		if ordinal, err = f.within(1, 5).value(nth); err != nil {
			return true, err
		}
		ordinal--
	} else if weekday, ok = item.cutSuffix("L"); !ok {
		return false, nil
	} else if weekday.text == "" {
		return true, f.fault(item, "names no day; write 5L for the last Friday of the month, or 6 for Saturday")
	}
	n, err := f.value(weekday)
	r.weekdays.special = true
	r.weekdays.ordinal[ordinal] |= 1 << ((n + 6) % 7)
	return true, err
}

// choose reads what follows an H, which is nothing, (a-b), /c or both. The
// choice depends on the seed and on the field.
func (r *crontabReader) choose(i int, rest token) (span, error) {
	f := &crontabFields[i]
	s := span{f.min, f.max, 1}
	if i == crontabDay {
		s.last = 28 // every month has these
	}
	among, step, stepped := rest.cut("/")
	if among.text != "" {
		inner, opened := among.cutPrefix("(")
		inner, closed := inner.cutSuffix(")")
		if !opened || !closed {
			return noSpan, f.fault(among, "not understood behind an H; write H, H(%d-%d) or H/2, or use %s", f.min, f.max, f.choice())
		}
		var err error
		if s, err = f.valueOrRange(inner); err != nil {
			return noSpan, err
		}
	}
	r.hashed = true
	chosen := scramble(r.seed + uint64(i))
	if !stepped {
		value := s.first + int(chosen%uint64(s.last-s.first+1))
		return span{value, value, 1}, nil
	}
	n, err := f.step(step, s)
	if err != nil {
		return noSpan, err
	}
	return span{s.first + int(chosen%uint64(n)), s.last, n}, nil
}

// scramble makes numbers that are near each other differ in all bits: it is
// the output function of SplitMix64.
func scramble(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
