package triggers

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
	case item.is("L"):
		r.days.fromEnd |= 1
	case item.is("LW"):
		r.days.nearest |= 1
	default:
		if before, ok := item.cutPrefix("L-"); ok {
			n, err := f.within(1, 30).value(before)
			r.days.fromEnd |= 1 << n
			return true, err
		}
		if day, ok := item.cutSuffix("W"); ok {
			n, err := f.value(day)
			r.days.nearest |= 1 << n
			return true, err
		}
		return false, nil
	}
	return true, nil
}

// weekday reads *, ?, 5L and 5#3.
func (r *crontabReader) weekday(item token) (taken bool, err error) {
	f := &crontabFields[crontabWeekday]
	switch {
	case item.text[0] == '*':
		r.anyWeekday = true
		return false, nil
	case item.is("?"):
		r.anyWeekday, r.weekdays.weekdays = true, anyWeekday
		return true, nil
	case item.is("L"):
		return true, f.fault(item, "names no day; write 5L for the last Friday of the month, or 6 for Saturday")
	}
	if weekday, ok := item.cutSuffix("L"); ok {
		n, err := f.value(weekday)
		r.weekdays.ordinal[lastOrdinal] |= fromMonday(1 << n)
		return true, err
	}
	if weekday, nth, ok := item.cut("#"); ok {
		n, err := f.value(weekday)
		if err != nil {
			return true, err
		}
		ordinal, err := f.within(1, 5).value(nth)
		if err != nil {
			return true, err
		}
		r.weekdays.ordinal[ordinal-1] |= fromMonday(1 << n)
		return true, nil
	}
	return false, nil
}

// fromMonday turns weekdays from bits 0 to 7, the first and the last of which
// are Sunday, into those of a daySet.
func fromMonday(fromSunday uint64) uint8 { return anyWeekday & uint8(fromSunday>>1|fromSunday<<6) }

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
