package triggers

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// naive is the schedule of a random expression, told by asking for each minute
// whether it matches. It knows the calendar from the package time alone.
type naive struct {
	fields         CronFields // if crontab is ""
	crontab        string
	options        Options
	second, minute map[int]bool
	hour, month    map[int]bool
	date           func(t time.Time) bool // day, week, day of week
	shift, both    bool
}

func (n *naive) trigger() (Trigger, error) {
	if n.crontab != "" {
		return NewCrontab(n.crontab, n.options)
	}
	return NewCron(n.fields, n.options)
}

// times returns all instants in [from, to]. It reads the wall clock minute by
// minute, and looks for each matching time which instants show it.
func (n *naive) times(from, to time.Time) (times []time.Time) {
	z := newNaiveZone(n.options.Location, from, to)
	start := (from.Unix() - 2*daySeconds) / daySeconds * daySeconds
	for minute := start; minute < to.Unix()+2*daySeconds; minute += 60 {
		wall := time.Unix(minute, 0).UTC()
		if !n.minute[wall.Minute()] || !n.hour[wall.Hour()] || !n.month[int(wall.Month())] || !n.date(wall) {
			continue
		}
		for second := range n.second {
			for _, u := range z.instants(minute+int64(second), n.shift, n.both) {
				if t := time.Unix(u, 0); !t.Before(from) && !t.After(to) {
					times = append(times, t)
				}
			}
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	return slices.CompactFunc(times, time.Time.Equal)
}

// naiveZone finds the instants of a wall clock time by trying all offsets that
// a zone has around some dates.
type naiveZone struct {
	loc     *time.Location
	offsets []int64
}

func newNaiveZone(loc *time.Location, from, to time.Time) naiveZone {
	z := naiveZone{loc: loc}
	for u := from.Unix() - 3*daySeconds; u < to.Unix()+3*daySeconds; u += 1800 {
		if o := z.offset(u); !slices.Contains(z.offsets, o) {
			z.offsets = append(z.offsets, o)
		}
	}
	return z
}

func (z naiveZone) offset(u int64) int64 {
	_, offset := time.Unix(u, 0).In(z.loc).Zone()
	return int64(offset)
}

func (z naiveZone) instants(local int64, shift, both bool) (found []int64) {
	for _, o := range z.offsets {
		if u := local - o; z.offset(u) == o {
			found = append(found, u)
		}
	}
	slices.Sort(found)
	if len(found) > 1 && !both {
		return found[:1]
	}
	if len(found) == 0 && shift {
		for _, before := range z.offsets {
			after := z.offset(local - before)
			if before < after && after-before < daySeconds && z.offset(local-after) == before {
				return []int64{local - before}
			}
		}
	}
	return found
}

// random draws expressions together with their meaning.
type random struct{ *rand.Rand }

func newRandom(seed, stream uint64) random { return random{rand.New(rand.NewPCG(seed, stream))} }

func (r random) expression() *naive {
	if r.IntN(2) == 0 {
		return r.cron()
	}
	return r.crontab()
}

// values draws a field, and returns the values it has and whether it repeats.
func (r random) values(min, max int) (text string, values map[int]bool, repeats bool) {
	values = map[int]bool{}
	var items []string
	for range 1 + r.IntN(2)*r.IntN(3) {
		a := min + r.IntN(max-min+1)
		b := a + r.IntN(max-a+1)
		step := 1
		var item string
		switch kind := r.IntN(5); {
		case kind == 0:
			a, b, item = min, max, "*"
		case kind == 1 && a < b:
			item = fmt.Sprintf("%d-%d", a, b)
		case kind == 2 && a < b:
			step = 1 + r.IntN(b-a)
			item = fmt.Sprintf("%d-%d/%d", a, b, step)
		case kind == 3 && a < max:
			b, step = max, 1+r.IntN(max-a)
			item = fmt.Sprintf("%d/%d", a, step)
		case kind == 4:
			a, b = min, max
			step = 1 + r.IntN(max-min)
			item = fmt.Sprintf("*/%d", step)
		default:
			b, item = a, strconv.Itoa(a)
		}
		for v := a; v <= b; v += step {
			values[v] = true
		}
		repeats = repeats || step > 1
		items = append(items, item)
	}
	return strings.Join(items, ","), values, repeats || len(values) == max-min+1
}

// timeOfDay draws the fields that decide whether a schedule repeats.
func (r random) timeOfDay(n *naive) (second, minute, hour string) {
	var a, b, c bool
	second, n.second = "0", map[int]bool{0: true}
	if r.IntN(4) == 0 {
		second, n.second, a = r.values(0, 59)
	}
	if r.IntN(2) == 0 {
		minute, n.minute, b = r.values(0, 59)
		hour, n.hour, c = r.values(0, 23)
	} else { // fixed, and early in the day, when clocks are changed
		h, m := r.IntN(5), r.IntN(4)*15
		hour, n.hour = strconv.Itoa(h), map[int]bool{h: true}
		minute, n.minute = strconv.Itoa(m), map[int]bool{m: true}
	}
	n.options.Gap, n.options.Fold = Gap(r.IntN(3)), Fold(r.IntN(3))
	repeats := a || b || c
	n.shift = n.options.Gap == Shift || n.options.Gap == GapDefault && !repeats
	n.both = n.options.Fold == Both || n.options.Fold == FoldDefault && repeats
	return second, minute, hour
}

func (r random) cron() *naive {
	n := new(naive)
	f := &n.fields
	f.Second, f.Minute, f.Hour = r.timeOfDay(n)
	f.Month, n.month, _ = r.values(1, 12)
	f.Day, f.Week, f.DayOfWeek = "*", "*", "*"
	var tests []func(time.Time) bool
	if r.IntN(2) == 0 {
		var test func(time.Time) bool
		f.Day, test = r.cronDay()
		tests = append(tests, test)
	}
	if r.IntN(3) == 0 {
		text, values, _ := r.values(0, 6)
		f.DayOfWeek = text
		tests = append(tests, func(t time.Time) bool { return values[(int(t.Weekday())+6)%7] })
	}
	if r.IntN(4) == 0 {
		text, values, _ := r.values(1, 53)
		f.Week = text
		tests = append(tests, func(t time.Time) bool { _, week := t.ISOWeek(); return values[week] })
	}
	n.date = func(t time.Time) bool {
		return !slices.ContainsFunc(tests, func(test func(time.Time) bool) bool { return !test(t) })
	}
	return n
}

func (r random) cronDay() (text string, test func(time.Time) bool) {
	weekday := time.Weekday(r.IntN(7))
	name := strings.ToLower(weekday.String()[:3])
	nth := r.IntN(5)
	switch r.IntN(5) {
	case 0:
		return "last", isLastDay
	case 1:
		return []string{"1st", "2nd", "3rd", "4th", "5th"}[nth] + " " + name, func(t time.Time) bool {
			return t.Weekday() == weekday && (t.Day()-1)/7 == nth
		}
	case 2:
		return "last " + name, func(t time.Time) bool {
			return t.Weekday() == weekday && t.AddDate(0, 0, 7).Month() != t.Month()
		}
	}
	text, values, _ := r.values(1, 31)
	return text, func(t time.Time) bool { return values[t.Day()] }
}

func isLastDay(t time.Time) bool { return t.AddDate(0, 0, 1).Day() == 1 }

func (r random) crontab() *naive {
	n := new(naive)
	second, minute, hour := r.timeOfDay(n)
	var month string
	month, n.month, _ = r.values(1, 12)
	day, isDay := r.crontabDay()
	weekday, isWeekday := r.crontabWeekday()
	n.date = func(t time.Time) bool { return isDay(t) || isWeekday(t) }
	if strings.ContainsAny(day, "*?") || strings.ContainsAny(weekday, "*?") {
		n.date = func(t time.Time) bool { return isDay(t) && isWeekday(t) }
	}
	n.crontab = strings.Join([]string{second, minute, hour, day, month, weekday}, " ")
	if second == "0" {
		n.crontab = n.crontab[2:]
	}
	return n
}

func (r random) crontabDay() (text string, test func(time.Time) bool) {
	k := max(1, r.IntN(36)-7) // often 1
	switch r.IntN(7) {
	case 0:
		return "?", func(time.Time) bool { return true }
	case 1:
		return "L", isLastDay
	case 2:
		return fmt.Sprintf("L-%d", k), func(t time.Time) bool {
			later := t.AddDate(0, 0, k)
			return isLastDay(later) && later.Month() == t.Month()
		}
	case 3:
		return fmt.Sprintf("%dW", k), func(t time.Time) bool { return isNearestWeekday(t, k) }
	case 4:
		return "LW", func(t time.Time) bool {
			return isNearestWeekday(t, time.Date(t.Year(), t.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day())
		}
	}
	text, values, _ := r.values(1, 31)
	return text, func(t time.Time) bool { return values[t.Day()] }
}

// isNearestWeekday tries all days of the month.
func isNearestWeekday(t time.Time, to int) bool {
	nearest, distance := 0, 99
	for day := 1; day <= 31; day++ {
		d := time.Date(t.Year(), t.Month(), day, 0, 0, 0, 0, time.UTC)
		if d.Month() == t.Month() && d.Weekday() != time.Saturday && d.Weekday() != time.Sunday && max(day-to, to-day) < distance {
			nearest, distance = day, max(day-to, to-day)
		}
	}
	return t.Day() == nearest
}

func (r random) crontabWeekday() (text string, test func(time.Time) bool) {
	weekday := r.IntN(8)
	is := func(t time.Time) bool { return int(t.Weekday()) == weekday%7 }
	nth := r.IntN(5)
	switch r.IntN(6) {
	case 0:
		return "?", func(time.Time) bool { return true }
	case 1:
		return fmt.Sprintf("%dL", weekday), func(t time.Time) bool { return is(t) && t.AddDate(0, 0, 7).Month() != t.Month() }
	case 2:
		return fmt.Sprintf("%d#%d", weekday, nth+1), func(t time.Time) bool { return is(t) && (t.Day()-1)/7 == nth }
	case 3:
		return strconv.Itoa(weekday), is
	}
	text, values, _ := r.values(0, 6)
	return text, func(t time.Time) bool { return values[int(t.Weekday())] }
}

// clockChanges are dates near which a clock was changed.
var clockChanges = []struct{ zone, near string }{
	{"Europe/Berlin", "2024-03-31"}, {"Europe/Berlin", "2024-10-27"}, {"Europe/Berlin", "2150-03-29"},
	{"America/New_York", "2024-03-10"}, {"America/New_York", "2024-11-03"}, {"America/New_York", "1883-11-18"},
	{"America/St_Johns", "2006-04-02"}, {"America/St_Johns", "2006-10-29"}, // at 00:01
	{"America/Sao_Paulo", "2018-11-04"}, {"America/Sao_Paulo", "2019-02-17"}, // at midnight
	{"Africa/Cairo", "2024-04-26"}, {"Africa/Cairo", "2024-11-01"}, // at midnight
	{"Asia/Beirut", "2024-03-31"}, {"Asia/Beirut", "2024-10-27"}, // at midnight
	{"Australia/Lord_Howe", "2024-04-07"}, {"Australia/Lord_Howe", "2024-10-06"}, // half an hour
	{"Antarctica/Troll", "2024-03-31"}, {"Antarctica/Troll", "2024-10-27"}, // two hours
	{"Pacific/Apia", "2011-12-30"},      // a day is missing
	{"Pacific/Kwajalein", "1993-08-21"}, // a day is missing
	{"Pacific/Kwajalein", "1969-10-01"}, // 23 hours are doubled
	{"America/Juneau", "1867-10-19"},    // a day is doubled
	{"Asia/Pyongyang", "2018-05-05"}, {"America/Caracas", "2016-05-01"},
	{"Africa/Casablanca", "2024-03-10"}, {"Africa/Casablanca", "2024-04-14"},
	{"Pacific/Chatham", "2024-04-07"}, {"Africa/Monrovia", "1972-01-07"}, // 44 minutes and 30 seconds
}

func TestChangesAgainstNaive(t *testing.T) {
	for seed := range seeds(500) {
		r := newRandom(seed, 1)
		n := r.expression()
		change := clockChanges[r.IntN(len(clockChanges))]
		near := dayOf(t, change.near)
		if n.crontab == "" && near.Year() < 1970 {
			continue
		}
		n.options.Location = zoneNamed(t, change.zone)
		from := near.Add(-time.Duration(r.IntN(4*daySeconds)) * time.Second)
		to := near.Add(time.Duration(3*daySeconds+r.IntN(2)*r.IntN(30*daySeconds)) * time.Second)
		trigger, err := n.trigger()
		if err != nil {
			t.Fatal(seed, n.crontab, n.fields, err)
		}
		name := fmt.Sprintf("seed %d: %v gap %d fold %d", seed, trigger, n.options.Gap, n.options.Fold)
		checkTimes(t, name, r, trigger, n.times(from, to), from, to)
	}
}

// TestDatesAgainstNaive goes through many years, for the calendar's sake.
func TestDatesAgainstNaive(t *testing.T) {
	for seed := range seeds(250) {
		r := newRandom(seed, 2)
		n := r.expression()
		n.options = Options{}
		n.fields.Hour, n.fields.Minute, n.fields.Second = "0", "0", "0"
		if words := strings.Fields(n.crontab); len(words) > 0 {
			n.crontab = "0 0 " + strings.Join(words[len(words)-3:], " ")
		}
		from := time.Date([]int{1896, 1970, 1996, 2390, 9960}[r.IntN(5)], 1, 1, 0, 0, 0, 0, time.UTC)
		if n.crontab == "" && from.Year() < 1970 {
			from = from.AddDate(2400, 0, 0)
		}
		to := from.AddDate(29, 0, 0)
		var want []time.Time
		for date := from; !date.After(to); date = date.AddDate(0, 0, 1) {
			if n.month[int(date.Month())] && n.date(date) {
				want = append(want, date)
			}
		}
		trigger, err := n.trigger()
		if err != nil {
			t.Fatal(seed, n.crontab, n.fields, err)
		}
		checkTimes(t, fmt.Sprintf("seed %d: %v", seed, trigger), r, trigger, want, from, to)
	}
}

// seeds returns the number of random cases to try.
func seeds(n uint64) uint64 {
	if testing.Short() {
		return n / 10
	}
	return n
}

// checkTimes compares the times of trigger in [from, to] with those wanted, by
// walking from one to the next and by jumping into the middle.
func checkTimes(t *testing.T, name string, r random, trigger Trigger, want []time.Time, from, to time.Time) {
	t.Helper()
	i := 0
	for next, ok := trigger.Next(time.Time{}, from); ok && !next.After(to); i++ {
		if i >= len(want) || !next.Equal(want[i]) {
			t.Errorf("%s: time %d from %v is %v, want %v", name, i, from, next, want[min(i, len(want)):min(i+1, len(want))])
			return
		}
		next, ok = trigger.Next(next, next)
	}
	if i < len(want) {
		t.Errorf("%s: ends after %d times, want %v", name, i, want[i])
	}
	for range 20 {
		now := from.Add(time.Duration(r.Int64N(int64(to.Sub(from)/time.Second))) * time.Second)
		i, _ := slices.BinarySearchFunc(want, now, time.Time.Compare)
		next, ok := trigger.Next(time.Time{}, now)
		if i == len(want) {
			if ok && !next.After(to) {
				t.Errorf("%s: Next(0, %v) = %v, want none up to %v", name, now, next, to)
			}
		} else if !ok || !next.Equal(want[i]) {
			t.Errorf("%s: Next(0, %v) = %v, want %v", name, now, next, want[i])
		}
	}
}

func zoneNamed(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func dayOf(t testing.TB, date string) time.Time {
	t.Helper()
	d, err := time.Parse(time.DateOnly, date)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
