package triggers

import (
	"errors"
	"slices"
	"strconv"
)

// CronFields say which times a [Cron] has: those that match all fields.
//
// A field is a list, separated by commas, of
//
//	a      one value
//	a-b    a range, both ends included
//	*      any value
//	*/c    every c-th value, from the smallest on
//	a-b/c  every c-th value of a range
//	a/c    every c-th value from a on
//
// where months and days of the week can be given by the first three letters of
// their English name, in either case. Day also takes
//
//	last       the last day of the month
//	xth mon    the 1st, 2nd, 3rd, 4th or 5th Monday of the month
//	last fri   the last Friday of the month
//
// An empty field stands for any value if one below it is given, and for its
// smallest value otherwise: Day "1" is the first of each month at midnight,
// Minute "30" half past every hour. An empty Week or DayOfWeek always stands
// for any. No field at all is every second.
type CronFields struct {
	Year      string `json:"year,omitempty"`        // 1970-9999
	Month     string `json:"month,omitempty"`       // 1-12 or jan-dec
	Day       string `json:"day,omitempty"`         // 1-31
	Week      string `json:"week,omitempty"`        // 1-53: ISO 8601, a week belongs to the year of its Thursday
	DayOfWeek string `json:"day_of_week,omitempty"` // 0-6 or mon-sun: 0 is Monday, unlike in a crontab
	Hour      string `json:"hour,omitempty"`        // 0-23
	Minute    string `json:"minute,omitempty"`      // 0-59
	Second    string `json:"second,omitempty"`      // 0-59
}

// The fields of CronFields, in this order.
const (
	cronYear = iota
	cronMonth
	cronDay
	cronWeek
	cronDayOfWeek
	cronHour
	cronMinute
	cronSecond
)

var (
	monthNames   = []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}
	weekdayNames = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

	cronFields = [...]field{
		cronYear:      {name: "year", min: 1970, max: maxYear},
		cronMonth:     {name: "month", min: 1, max: 12, names: monthNames},
		cronDay:       {name: "day", min: 1, max: 31, also: "last, 2nd tue"},
		cronWeek:      {name: "week", min: 1, max: 53},
		cronDayOfWeek: {name: "day_of_week", min: 0, max: 6, names: weekdayNames},
		cronHour:      {name: "hour", min: 0, max: 23},
		cronMinute:    {name: "minute", min: 0, max: 59},
		cronSecond:    {name: "second", min: 0, max: 59},
	}
)

func (f CronFields) list() [len(cronFields)]string {
	return [...]string{f.Year, f.Month, f.Day, f.Week, f.DayOfWeek, f.Hour, f.Minute, f.Second}
}

// withDefaults returns the texts of all fields.
func (f CronFields) withDefaults() [len(cronFields)]string {
	texts := f.list()
	smallest := slices.ContainsFunc(texts[:], func(text string) bool { return text != "" })
	for i, text := range slices.Backward(texts[:]) {
		switch {
		case text != "":
			smallest = false // from here on up, an empty field stands for any value
		case smallest && i != cronWeek && i != cronDayOfWeek:
			texts[i] = strconv.Itoa(cronFields[i].min)
		default:
			texts[i] = "*"
		}
	}
	return texts
}

// compile returns what the fields stand for, and whether that repeats within
// the day.
func (f CronFields) compile() (p *pattern, repeats bool, err error) {
	var (
		spans  [len(cronFields)][]span
		days   daySet
		faults []error
	)
	for i, text := range f.withDefaults() {
		spans[i], err = cronFields[i].spans(token{text: text}, func(item token) (span, bool, error) {
			if i != cronDay {
				return noSpan, false, nil
			}
			taken, err := days.readCronDay(item)
			return noSpan, taken, err
		})
		faults = append(faults, err)
	}
	if err := errors.Join(faults...); err != nil {
		return nil, false, err
	}
	days.days = uint32(mask(spans[cronDay]))
	weekdays := daySet{weekdays: uint8(mask(spans[cronDayOfWeek]))}
	p = &pattern{
		dates:   newDates(spans[cronYear], uint16(mask(spans[cronMonth])), mask(spans[cronWeek]), days, weekdays),
		hours:   uint32(mask(spans[cronHour])),
		minutes: mask(spans[cronMinute]),
		seconds: mask(spans[cronSecond]),
	}
	for _, i := range []int{cronHour, cronMinute, cronSecond} {
		repeats = repeats || cronFields[i].repeats(spans[i])
	}
	return p, repeats, nil
}

// readCronDay adds "last", "2nd tue" or "last fri" to s.
func (s *daySet) readCronDay(item token) (taken bool, err error) {
	if item.is("last") {
		s.fromEnd |= 1
		return true, nil
	}
	ordinal, weekday, _ := item.cut(" ")
	i := slices.IndexFunc([]string{"1st", "2nd", "3rd", "4th", "5th", "last"}, ordinal.is)
	if i < 0 {
		return false, nil
	}
	weekday = weekday.trim()
	day := slices.IndexFunc(weekdayNames, weekday.is)
	if day < 0 {
		return true, cronFields[cronDay].fault(weekday, "not a day of the week; use mon, tue, wed, thu, fri, sat or sun")
	}
	s.ordinal[i] |= 1 << day
	return true, nil
}
