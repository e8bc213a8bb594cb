package triggers

import "math/bits"

// Days of a month are kept as bits 1 to 31 of a word, weekdays as bits 0
// (Monday) to 6: "the first day that matches" is then one instruction.
const (
	anyDay     uint32 = 1<<32 - 2
	anyWeekday uint8  = 1<<7 - 1
)

// daySet says which days of any month match: those that match one of its
// members.
type daySet struct {
	days     uint32   // by number
	weekdays uint8    // by weekday
	fromEnd  uint32   // bit 0: the last day, bit 1: the one before it, ...
	nearest  uint32   // the weekday (Monday to Friday) nearest to a day; bit 0: to the last
	ordinal  [6]uint8 // the 1st, 2nd, ... 5th and last weekdays of the month
}

const lastOrdinal = 5

// any reports whether all days match.
func (s *daySet) any() bool { return s.days == anyDay || s.weekdays == anyWeekday }

// inEveryMonth reports whether a day of each month matches. It may do so if the
// answer is false.
func (s *daySet) inEveryMonth() bool {
	const in28 uint32 = 1<<29 - 2
	return s.days&in28 != 0 || s.weekdays != 0 || s.fromEnd&(in28>>1) != 0
}

// in returns the days of a month that match, where its first day is the given
// weekday and it has length days.
func (s *daySet) in(first, length int) uint32 {
	month := anyDay &^ (^uint32(1) << length)
	mask := s.days
	if s.weekdays != 0 {
		mask |= everyWeek(s.weekdays, first)
	}
	if s.fromEnd|s.nearest != 0 || s.ordinal != ([6]uint8{}) {
		mask |= bits.Reverse32(s.fromEnd)>>(31-length) | s.nearestIn(first, length)
		for i, weekdays := range s.ordinal[:lastOrdinal] {
			mask |= everyWeek(weekdays, first) & (0x7f << (1 + 7*i))
		}
		mask |= everyWeek(s.ordinal[lastOrdinal], first) & (0x7f << (length - 6))
	}
	return mask & month
}

// or returns the days that match s or t.
func (s daySet) or(t daySet) daySet {
	s.days |= t.days
	s.weekdays |= t.weekdays
	s.fromEnd |= t.fromEnd
	s.nearest |= t.nearest
	for i, weekdays := range t.ordinal {
		s.ordinal[i] |= weekdays
	}
	return s
}

// everyWeek repeats the weekdays over a month whose first day is the given one.
func everyWeek(weekdays uint8, first int) uint32 {
	week := (uint64(weekdays)<<7 | uint64(weekdays)) >> first & 0x7f // from the weekday of day 1
	const fiveWeeks = 1 | 1<<7 | 1<<14 | 1<<21 | 1<<28
	return uint32(week * fiveWeeks << 1)
}

// nearestIn returns the weekdays nearest to the days s.nearest, within the month.
func (s *daySet) nearestIn(first, length int) (mask uint32) {
	const saturday, sunday = 5, 6
	for rest := s.nearest; rest != 0; rest &= rest - 1 {
		day := bits.TrailingZeros32(rest)
		if day == 0 {
			day = length
		}
		if day > length {
			continue
		}
		switch (first + day - 1) % 7 {
		case saturday:
			day--
			if day == 0 {
				day = 3
			}
		case sunday:
			day++
			if day > length {
				day -= 3
			}
		}
		mask |= 1 << day
	}
	return mask
}
