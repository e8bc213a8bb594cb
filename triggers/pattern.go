package triggers

import "math/bits"

// pattern is the schedule of a [Cron] or [Crontab]: a set of dates, and on each
// of them the same times of day.
type pattern struct {
	dates
	seconds, minutes uint64
	hours            uint32
}

// next returns the first time at or after local.
func (p *pattern) next(local int64) (int64, bool) {
	day := floorDiv(local, daySeconds)
	second, ok := p.nextInDay(int(local - day*daySeconds))
	if !ok {
		day++
	}
	date, found := p.dates.next(day)
	if !ok || date > day {
		second = p.firstFrom(p.hours, 0)
	}
	return date*daySeconds + int64(second), found
}

// nextInDay returns the first time of a day at or after a second of it.
func (p *pattern) nextInDay(second int) (int, bool) {
	hour := second / 3600
	minute := second / 60 % 60
	if p.hours>>hour&1 == 1 {
		if p.minutes>>minute&1 == 1 {
			if later := p.seconds >> (second % 60); later != 0 {
				return second + bits.TrailingZeros64(later), true
			}
		}
		if later := p.minutes >> (minute + 1); later != 0 {
			return (hour*60+minute+1+bits.TrailingZeros64(later))*60 + bits.TrailingZeros64(p.seconds), true
		}
	}
	if later := p.hours >> (hour + 1); later != 0 {
		return p.firstFrom(later, hour+1), true
	}
	return 0, false
}

// firstFrom returns the first second of the first of the hours, of which bit 0
// is the hour from.
func (p *pattern) firstFrom(hours uint32, from int) int {
	hour := from + bits.TrailingZeros32(hours)
	return (hour*60+bits.TrailingZeros64(p.minutes))*60 + bits.TrailingZeros64(p.seconds)
}
