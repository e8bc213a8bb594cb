package triggers

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// dates5 returns the dates of the first five times of t from now on.
func dates5(t Trigger, now time.Time) string {
	var dates []string
	for next := range Upcoming(t, now) {
		if dates = append(dates, next.Format("06-01-02")); len(dates) == 5 {
			return strings.Join(dates, " ")
		}
	}
	return strings.Join(append(dates, "end"), " ")
}

func TestCronDates(t *testing.T) {
	tests := []struct {
		fields CronFields
		want   string // from 15 January 2024, a Monday
	}{
		{CronFields{Day: "*"}, "24-01-15 24-01-16 24-01-17 24-01-18 24-01-19"},
		{CronFields{Day: "*/10"}, "24-01-21 24-01-31 24-02-01 24-02-11 24-02-21"},
		{CronFields{Day: "5/10"}, "24-01-15 24-01-25 24-02-05 24-02-15 24-02-25"},
		{CronFields{Day: "1-10/4"}, "24-02-01 24-02-05 24-02-09 24-03-01 24-03-05"},
		{CronFields{Day: "31, 1"}, "24-01-31 24-02-01 24-03-01 24-03-31 24-04-01"},
		{CronFields{Day: "last"}, "24-01-31 24-02-29 24-03-31 24-04-30 24-05-31"},
		{CronFields{Day: "2nd tue"}, "24-02-13 24-03-12 24-04-09 24-05-14 24-06-11"},
		{CronFields{Day: "5th WED"}, "24-01-31 24-05-29 24-07-31 24-10-30 25-01-29"},
		{CronFields{Day: "LAST  fri, 3rd mon"}, "24-01-15 24-01-26 24-02-19 24-02-23 24-03-18"},
		{CronFields{Month: "feb,jul", Day: "29"}, "24-02-29 24-07-29 25-07-29 26-07-29 27-07-29"},
		{CronFields{Month: "feb", Day: "29"}, "24-02-29 28-02-29 32-02-29 36-02-29 40-02-29"},
		{CronFields{Month: "2,4", Day: "31"}, "end"},
		{CronFields{Month: "nov-DEC"}, "24-11-01 24-12-01 25-11-01 25-12-01 26-11-01"},
		{CronFields{Month: "jan-mar/2"}, "24-03-01 25-01-01 25-03-01 26-01-01 26-03-01"},
		{CronFields{Month: "*"}, "24-02-01 24-03-01 24-04-01 24-05-01 24-06-01"},
		{CronFields{DayOfWeek: "0"}, "24-01-15 24-01-22 24-01-29 24-02-05 24-02-12"},
		{CronFields{DayOfWeek: "sat-sun"}, "24-01-20 24-01-21 24-01-27 24-01-28 24-02-03"},
		{CronFields{DayOfWeek: "mon-4/2"}, "24-01-15 24-01-17 24-01-19 24-01-22 24-01-24"},
		{CronFields{Day: "13", DayOfWeek: "fri"}, "24-09-13 24-12-13 25-06-13 26-02-13 26-03-13"},
		{CronFields{Week: "1"}, "24-12-30 24-12-31 25-01-01 25-01-02 25-01-03"},
		{CronFields{Year: "2024", Week: "1"}, "24-12-30 24-12-31 end"},
		{CronFields{Week: "53", DayOfWeek: "sun"}, "27-01-03 33-01-02 38-01-03 44-01-03 49-01-03"},
		{CronFields{Year: "2023"}, "end"},
		{CronFields{Year: "2024-2030/3"}, "27-01-01 30-01-01 end"},
		{CronFields{Year: "*/25"}, "45-01-01 70-01-01 95-01-01 20-01-01 45-01-01"},
		{CronFields{Year: "2025,2025,2026-2027"}, "25-01-01 26-01-01 27-01-01 end"},
		{CronFields{Year: "2024-2027", Month: "2", Day: "30"}, "end"},
		{CronFields{Year: "*/4", Month: "2", Day: "29"}, "end"}, // 1970, 1974, ...
	}
	for _, test := range tests {
		c, err := NewCron(test.fields, Options{})
		if err != nil {
			t.Error(err)
			continue
		}
		if got := dates5(c, at("2024-01-15T00:00:00Z")); got != test.want {
			t.Errorf("%v\n got %s\nwant %s", c, got, test.want)
		}
	}
}

// A field that is left out is its smallest value behind the last one given,
// and any before.
func TestCronDefaults(t *testing.T) {
	tests := []struct {
		fields CronFields
		want   string
	}{
		{CronFields{}, "2024-05-01T10:17:34Z 2024-05-01T10:17:35Z"},
		{CronFields{Second: "5"}, "2024-05-01T10:18:05Z 2024-05-01T10:19:05Z"},
		{CronFields{Minute: "30"}, "2024-05-01T10:30:00Z 2024-05-01T11:30:00Z"},
		{CronFields{Hour: "9"}, "2024-05-02T09:00:00Z 2024-05-03T09:00:00Z"},
		{CronFields{DayOfWeek: "fri"}, "2024-05-03T00:00:00Z 2024-05-10T00:00:00Z"},
		{CronFields{Week: "20"}, "2024-05-13T00:00:00Z 2024-05-14T00:00:00Z"},
		{CronFields{Day: "3"}, "2024-05-03T00:00:00Z 2024-06-03T00:00:00Z"},
		{CronFields{Month: "7"}, "2024-07-01T00:00:00Z 2025-07-01T00:00:00Z"},
		{CronFields{Year: "2026"}, "2026-01-01T00:00:00Z end"},
		{CronFields{Month: "7", Hour: "9"}, "2024-07-01T09:00:00Z 2024-07-02T09:00:00Z"},
	}
	for _, test := range tests {
		c := Must(NewCron(test.fields, Options{}))
		if got := strings.Join(walk(c, at("2024-05-01T10:17:33.25Z"), 2), " "); got != test.want {
			t.Errorf("%v\n got %s\nwant %s", c, got, test.want)
		}
	}
}

func TestCronYears(t *testing.T) {
	tests := []struct{ year, now, want string }{
		{"", "1950-05-01T00:00:00Z", "1970-01-01T09:00:00Z"}, // APScheduler begins here
		{"*", "1950-05-01T00:00:00Z", "1970-01-01T09:00:00Z"},
		{"", "9999-12-31T09:00:01Z", ""},
		{"2026-2030/2", "2026-12-31T10:00:00Z", "2028-01-01T09:00:00Z"},
		{"2026,2029", "2026-12-31T10:00:00Z", "2029-01-01T09:00:00Z"},
		{"2026,2029", "2027-06-01T10:00:00Z", "2029-01-01T09:00:00Z"},
		{"2026,2029", "2029-12-31T10:00:00Z", ""},
	}
	for _, test := range tests {
		c := Must(NewCron(CronFields{Year: test.year, Hour: "9"}, Options{}))
		next, ok := c.Next(time.Time{}, at(test.now))
		if got := next.Format(time.RFC3339); ok != (test.want != "") || ok && got != test.want {
			t.Errorf("%v from %s: got %s, %v, want %q", c, test.now, got, ok, test.want)
		}
	}
}

func TestCronFaults(t *testing.T) {
	tests := []struct {
		fields CronFields
		want   string // one line for each fault
	}{
		{CronFields{Minute: "61"}, `minute "61" at position 0: out of range; use 0-59`},
		{CronFields{Minute: "1, 5,99999999999999999999"}, `minute "99999999999999999999" at position 5: out of range; use 0-59`},
		{CronFields{Year: "1969"}, `year "1969" at position 0: out of range; use 1970-9999`},
		{CronFields{Month: "0-3"}, `month "0" at position 0: out of range; use 1-12 or jan-dec`},
		{CronFields{Month: "january"}, `month "january" at position 0: not understood; use 1-12 or jan-dec, or * for any`},
		{CronFields{DayOfWeek: "7"}, `day_of_week "7" at position 0: out of range; use 0-6 or mon-sun`},
		{CronFields{DayOfWeek: "sat-mon"}, `day_of_week "sat-mon" at position 0: the range ends before it begins; write it as two, sat-sun,mon`},
		{CronFields{DayOfWeek: "mon#2"}, `day_of_week "mon#2" at position 0: not understood; use 0-6 or mon-sun, or * for any`},
		{CronFields{Hour: "22-2"}, `hour "22-2" at position 0: the range ends before it begins; write it as two, 22-23,0-2`},
		{CronFields{Hour: "1-2-3"}, `hour "2-3" at position 2: not understood; use 0-23, or * for any`},
		{CronFields{Hour: "-5"}, `hour "-5" at position 0: not understood; use 0-23, or * for any`},
		{CronFields{Hour: "5-"}, `hour "5-" at position 0: not understood; use 0-23, or * for any`},
		{CronFields{Hour: "*/24"}, `hour "24" at position 2: the step does not fit into 0-23; use 1 to 23, or an interval (@every in a crontab)`},
		{CronFields{Hour: "*/0"}, `hour "0" at position 2: the step does not fit into 0-23; use 1 to 23, or an interval (@every in a crontab)`},
		{CronFields{Hour: "*/x"}, `hour "x" at position 2: the step is not a number; write the distance of two values, such as */2`},
		{CronFields{Hour: "*/"}, `hour at position 2: the step is not a number; write the distance of two values, such as */2`},
		{CronFields{Hour: "/5"}, `hour at position 0: not understood; use 0-23, or * for any`},
		{CronFields{Hour: "23/5"}, `hour "5" at position 3: there is nothing to step to; leave out the /5`},
		{CronFields{Day: "1,,2"}, `day at position 2: an item of the list is empty; write 1-31, last, 2nd tue, or remove the comma`},
		{CronFields{Day: " "}, `day at position 1: an item of the list is empty; write 1-31, last, 2nd tue, or remove the comma`},
		{CronFields{Day: "6th mon"}, `day "6th mon" at position 0: not understood; use 1-31, last, 2nd tue, or * for any`},
		{CronFields{Day: "1st foo"}, `day "foo" at position 4: not a day of the week; use mon, tue, wed, thu, fri, sat or sun`},
		{CronFields{Day: "L"}, `day "L" at position 0: not understood; use 1-31, last, 2nd tue, or * for any`},
		{CronFields{Second: "H"}, `second "H" at position 0: not understood; use 0-59, or * for any`},
		{CronFields{Hour: "25", Second: "60,61"}, `hour "25" at position 0: out of range; use 0-23` + "\n" + `second "60" at position 0: out of range; use 0-59`},
	}
	for _, test := range tests {
		c, err := NewCron(test.fields, Options{})
		if err == nil {
			t.Errorf("%v: no error", c)
		} else if err.Error() != test.want {
			t.Errorf("%v\n got %v\nwant %s", test.fields, err, test.want)
		}
		if fault, ok := errors.AsType[*Error](err); !ok || fault.Reason == "" {
			t.Errorf("%v: %#v is no *Error", test.fields, err)
		}
	}
}

func TestOptionFaults(t *testing.T) {
	tests := []struct {
		options Options
		field   string
	}{
		{Options{Start: at("2024-05-02T00:00:00Z"), End: at("2024-05-01T00:00:00Z")}, "Options.End"},
		{Options{Gap: 3}, "Options.Gap"},
		{Options{Fold: 3}, "Options.Fold"},
	}
	for _, test := range tests {
		_, cronErr := NewCron(CronFields{}, test.options)
		_, crontabErr := NewCrontab("@daily", test.options)
		for _, err := range []error{cronErr, crontabErr} {
			if fault, ok := errors.AsType[*Error](err); !ok || fault.Field != test.field {
				t.Errorf("%+v: got %v", test.options, err)
			}
		}
	}
	if _, err := NewCrontab("61 * * * *", Options{Gap: 3}); strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("not all faults at once: %v", err)
	}
}

func TestCronString(t *testing.T) {
	o := Options{Location: berlin, Start: at("2024-05-01T00:00:00+02:00"), End: at("2024-06-01T00:00:00+02:00")}
	tests := []struct {
		t    Trigger
		want string
	}{
		{Must(NewCron(CronFields{DayOfWeek: "mon-fri", Hour: "9"}, Options{Location: berlin})), "cron(day_of_week='mon-fri', hour='9') in Europe/Berlin"},
		{Must(NewCron(CronFields{}, Options{})), "cron()"},
		{Must(NewCrontab("30  2\t* * mon-fri", Options{Location: berlin})), "crontab(30 2 * * mon-fri) in Europe/Berlin"},
		{Must(NewCrontab("TZ=Europe/Berlin @daily", Options{})), "crontab(@daily) in Europe/Berlin"},
		{Must(NewCrontab("@daily", o)), "crontab(@daily) in Europe/Berlin from 2024-05-01T00:00:00+02:00 until 2024-06-01T00:00:00+02:00"},
	}
	for _, test := range tests {
		if got := test.t.(interface{ String() string }).String(); got != test.want {
			t.Errorf("got %s, want %s", got, test.want)
		}
	}
}
