package triggers

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// chain returns the times of t in [from, from + span], in the given layout.
func chain(t Trigger, from time.Time, span time.Duration, layout string) string {
	var times []string
	for next := range Between(t, from, from.Add(span)) {
		times = append(times, next.Format(layout))
	}
	return strings.Join(times, " ")
}

func TestChangesOfTheClock(t *testing.T) {
	tests := []struct {
		name, zone, expr string
		gap              Gap
		fold             Fold
		date             string
		days             int
		want             string // with "..." at the end only its beginning
	}{
		// In Berlin, 02:00 to 03:00 is missing on 31 March, and doubled on 27 October.
		{"fixed in a gap", "Europe/Berlin", "30 2 * * *", 0, 0, "2024-03-30", 3,
			"30:02:30+01 31:03:30+02 01:02:30+02"},
		{"fixed in a gap, skipped", "Europe/Berlin", "30 2 * * *", Skip, 0, "2024-03-30", 3,
			"30:02:30+01 01:02:30+02"},
		{"at the beginning of a gap", "Europe/Berlin", "0 2 * * *", 0, 0, "2024-03-31", 1, "31:03:00+02"},
		{"at the end of a gap", "Europe/Berlin", "0 3 * * *", 0, 0, "2024-03-31", 1, "31:03:00+02"},
		{"in the last second of a gap", "Europe/Berlin", "59 59 2 * * *", 0, 0, "2024-03-31", 1, "31:03:59+02"},
		{"shifted onto another time", "Europe/Berlin", "30 2,3 * * *", 0, 0, "2024-03-31", 1, "31:03:30+02"},
		{"shifted between other times", "Europe/Berlin", "15,45 2 * * *", 0, 0, "2024-03-31", 1, "31:03:15+02 31:03:45+02"},
		{"a range is fixed", "Europe/Berlin", "0 1-4 * * *", 0, 0, "2024-03-31", 1, "31:01:00+01 31:03:00+02 31:04:00+02"},
		{"repeating over a gap", "Europe/Berlin", "*/30 * * * *", 0, 0, "2024-03-31", 1,
			"31:00:00+01 31:00:30+01 31:01:00+01 31:01:30+01 31:03:00+02 31:03:30+02 31:04:00+02 ..."},
		{"repeating in a gap", "Europe/Berlin", "*/15 2 * * *", 0, 0, "2024-03-31", 1, ""},
		{"repeating in a gap, shifted", "Europe/Berlin", "*/15 2 * * *", Shift, 0, "2024-03-31", 1,
			"31:03:00+02 31:03:15+02 31:03:30+02 31:03:45+02"},
		{"a step repeats", "Europe/Berlin", "0/30 2 * * *", 0, 0, "2024-03-31", 1, ""},
		{"all hours repeat", "Europe/Berlin", "30 0-23 * * *", 0, 0, "2024-03-31", 1,
			"31:00:30+01 31:01:30+01 31:03:30+02 ..."},

		{"fixed in a fold", "Europe/Berlin", "30 2 * * *", 0, 0, "2024-10-26", 3,
			"26:02:30+02 27:02:30+02 28:02:30+01"},
		{"fixed in a fold, both", "Europe/Berlin", "30 2 * * *", 0, Both, "2024-10-27", 1, "27:02:30+02 27:02:30+01"},
		{"at the beginning of a fold", "Europe/Berlin", "0 2 * * *", 0, 0, "2024-10-27", 1, "27:02:00+02"},
		{"at the end of a fold", "Europe/Berlin", "0 3 * * *", 0, 0, "2024-10-27", 1, "27:03:00+01"},
		{"repeating in a fold", "Europe/Berlin", "*/30 2 * * *", 0, 0, "2024-10-27", 1,
			"27:02:00+02 27:02:30+02 27:02:00+01 27:02:30+01"},
		{"repeating in a fold, first", "Europe/Berlin", "*/30 * * * *", 0, First, "2024-10-27", 1,
			"27:00:00+02 27:00:30+02 27:01:00+02 27:01:30+02 27:02:00+02 27:02:30+02 27:03:00+01 ..."},
		{"the same after the table of the zone", "Europe/Berlin", "30 2 * * *", 0, 0, "2150-03-29", 1, "29:03:30+02"},
		{"the same before it", "America/New_York", "0 12 * * *", 0, 0, "1883-11-18", 1, "18:12:00-045602"},

		// At midnight: in Sao Paulo and Cairo 00:00 to 01:00 was missing, in
		// Sao Paulo and Beirut the last hour of the day before is doubled.
		{"midnight is missing", "America/Sao_Paulo", "0 0 * * *", 0, 0, "2018-11-03", 3, "03:00:00-03 04:01:00-02 05:00:00-02"},
		{"midnight is missing, skipped", "America/Sao_Paulo", "@daily", Skip, 0, "2018-11-03", 3, "03:00:00-03 05:00:00-02"},
		{"the date of a shifted midnight counts", "Africa/Cairo", "0 0 * * fri", 0, 0, "2024-04-25", 3, "26:01:00+03"},
		{"a month begins in a gap", "Asia/Amman", "@monthly", 0, 0, "2022-03-30", 5, "01:00:00+03"},
		{"before midnight, twice", "America/Sao_Paulo", "30 23 * * *", 0, 0, "2019-02-16", 2, "16:23:30-02 17:23:30-03"},
		{"before midnight, twice, both", "America/Sao_Paulo", "30 23 * * *", 0, Both, "2019-02-16", 2, "16:23:30-02 16:23:30-03 17:23:30-03"},
		{"midnight after a fold", "Asia/Beirut", "0 0 * * *", 0, 0, "2024-10-26", 2, "26:00:00+03 27:00:00+02"},
		{"every hour over midnight, twice", "Asia/Beirut", "0 22-23,* 26 * *", 0, 0, "2024-10-26", 2,
			"26:00:00+03 26:01:00+03 26:02:00+03 26:03:00+03 26:04:00+03 26:05:00+03 26:06:00+03 26:07:00+03 26:08:00+03 26:09:00+03 " +
				"26:10:00+03 26:11:00+03 26:12:00+03 26:13:00+03 26:14:00+03 26:15:00+03 26:16:00+03 26:17:00+03 26:18:00+03 26:19:00+03 " +
				"26:20:00+03 26:21:00+03 26:22:00+03 26:23:00+03 26:23:00+02"},

		// Half an hour, from 02:00, in Lord Howe; two hours, from 01:00, at Troll.
		{"half an hour is missing", "Australia/Lord_Howe", "15 2 * * *", 0, 0, "2024-10-06", 1, "06:02:45+11"},
		{"half an hour is missing, later", "Australia/Lord_Howe", "45 2 * * *", 0, 0, "2024-10-06", 1, "06:02:45+11"},
		{"shifted behind a later time", "Australia/Lord_Howe", "10,35 2 * * *", 0, 0, "2024-10-06", 1, "06:02:35+11 06:02:40+11"},
		{"half an hour twice", "Australia/Lord_Howe", "15,45 1,2 * * *", 0, 0, "2024-04-07", 1,
			"07:01:15+11 07:01:45+11 07:02:15+1030 07:02:45+1030"},
		{"half an hour twice, both", "Australia/Lord_Howe", "15,45 1,2 * * *", 0, Both, "2024-04-07", 1,
			"07:01:15+11 07:01:45+11 07:01:45+1030 07:02:15+1030 07:02:45+1030"},
		{"two hours are missing", "Antarctica/Troll", "30 1,2 * * *", 0, 0, "2024-03-31", 1, "31:03:30+02 31:04:30+02"},
		{"two hours twice", "Antarctica/Troll", "30 * * * *", 0, 0, "2024-10-27", 1,
			"27:00:30+02 27:01:30+02 27:02:30+02 27:01:30+00 27:02:30+00 27:03:30+00 ..."},

		// Whole days.
		{"a day is missing", "Pacific/Apia", "0 9 * * *", 0, 0, "2011-12-29", 3, "29:09:00-10 31:09:00+14"},
		{"a day is missing, its date", "Pacific/Apia", "0 9 30 * *", 0, 0, "2011-12-29", 60, "30:09:00+14"},
		{"a day is missing, shifted in vain", "Pacific/Apia", "0 9 30 12 *", Shift, 0, "2011-12-29", 400, "30:09:00+14"},
		{"a day is doubled", "America/Juneau", "0 9,20 * * *", 0, 0, "1867-10-18", 2,
			"18:09:00+150219 18:20:00+150219 19:09:00+150219 19:20:00-085741"},
		{"a day is doubled, both", "America/Juneau", "0 9,20 * * *", 0, Both, "1867-10-18", 2,
			"18:09:00+150219 18:20:00+150219 19:09:00+150219 18:20:00-085741 19:09:00-085741 19:20:00-085741"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			loc := zoneNamed(t, test.zone)
			trigger, err := NewCrontab(test.expr, Options{Location: loc, Gap: test.gap, Fold: test.fold})
			if err != nil {
				t.Fatal(err)
			}
			from, err := time.ParseInLocation(time.DateOnly, test.date, loc)
			if err != nil {
				t.Fatal(err)
			}
			var times []string
			for next := range Between(trigger, from, from.AddDate(0, 0, test.days).Add(-1)) {
				offset := next.Format("-07:00:00")
				offset = strings.TrimSuffix(strings.TrimSuffix(offset, ":00"), ":00")
				times = append(times, next.Format("02:15:04")+strings.ReplaceAll(offset, ":", ""))
			}
			got := strings.Join(times, " ")
			want, open := strings.CutSuffix(test.want, "...")
			if got != want && !(open && strings.HasPrefix(got, want)) {
				t.Errorf("%v\n got %s\nwant %s", trigger, got, test.want)
			}
		})
	}
}

// A schedule all of whose times are in gaps comes to an end.
func TestOnlyInGaps(t *testing.T) {
	trigger, err := NewCron(CronFields{Month: "3", Day: "last sun", Hour: "2", Minute: "30"}, Options{Location: zoneNamed(t, "Europe/Berlin"), Gap: Skip})
	if err != nil {
		t.Fatal(err)
	}
	// Until 1995 summer began on other days in some years.
	got := chain(trigger, dayOf(t, "1970-01-01"), 50*366*24*time.Hour, time.DateOnly)
	if want := "1970-03-29 1971-03-28 1972-03-26 1973-03-25 1974-03-31 1975-03-30 1976-03-28 1977-03-27 1978-03-26 1979-03-25 1980-03-30"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if next, ok := trigger.Next(time.Time{}, dayOf(t, "2024-01-01")); ok {
		t.Errorf("got %v", next)
	}
}

func TestBounds(t *testing.T) {
	tests := []struct {
		name       string
		start, end string
		prev, now  string // prev "": never
		want       string
	}{
		{name: "now is included", now: "2024-05-01T10:00:00Z", want: "2024-05-01T10:00:00Z"},
		{name: "prev is not", prev: "2024-05-01T10:00:00Z", now: "2024-05-01T10:00:00Z", want: "2024-05-01T11:00:00Z"},
		{name: "a fraction is rounded up", now: "2024-05-01T10:00:00.000000001Z", want: "2024-05-01T11:00:00Z"},
		{name: "prev after now", prev: "2024-05-01T12:30:00Z", now: "2024-05-01T10:00:00Z", want: "2024-05-01T13:00:00Z"},
		{name: "now after prev", prev: "2024-05-01T08:00:00Z", now: "2024-05-01T10:30:00Z", want: "2024-05-01T11:00:00Z"},
		{name: "start is included", start: "2024-05-02T10:00:00Z", now: "2024-05-01T10:00:00Z", want: "2024-05-02T10:00:00Z"},
		{name: "start with a fraction", start: "2024-05-02T10:00:00.5Z", now: "2024-05-01T10:00:00Z", want: "2024-05-02T11:00:00Z"},
		{name: "start counts after prev too", start: "2024-05-02T10:00:00Z", prev: "2024-05-01T10:00:00Z", now: "2024-05-01T10:00:00Z", want: "2024-05-02T10:00:00Z"},
		{name: "end is included", end: "2024-05-01T11:00:00Z", now: "2024-05-01T10:01:00Z", want: "2024-05-01T11:00:00Z"},
		{name: "after end", end: "2024-05-01T10:59:59.999Z", now: "2024-05-01T10:01:00Z"},
		{name: "the last time", now: "9999-12-31T23:00:00Z", want: "9999-12-31T23:00:00Z"},
		{name: "after the last time", now: "9999-12-31T23:00:01Z"},
		{name: "before all years", now: "0000-01-01T00:00:00Z", want: "0001-01-01T00:00:00Z"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var o Options
			if test.start != "" {
				o.Start = at(test.start)
			}
			if test.end != "" {
				o.End = at(test.end)
			}
			var prev time.Time
			if test.prev != "" {
				prev = at(test.prev)
			}
			next, ok := Must(NewCrontab("@hourly", o)).Next(prev, at(test.now))
			if got := next.Format(time.RFC3339Nano); ok != (test.want != "") || ok && got != test.want {
				t.Errorf("got %s, %v, want %q", got, ok, test.want)
			}
		})
	}
}

// The answer is in the trigger's zone, whatever those of the question are.
func TestLocationOfAnswer(t *testing.T) {
	trigger := Must(NewCrontab("0 9 * * *", Options{Location: berlin}))
	next, _ := trigger.Next(time.Time{}, at("2024-05-01T20:00:00-05:00"))
	if next.Location() != berlin || fmt.Sprint(next) != "2024-05-02 09:00:00 +0200 CEST" {
		t.Errorf("got %v", next)
	}
}
