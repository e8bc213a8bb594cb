package triggers

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestCrontabDates(t *testing.T) {
	tests := []struct{ expr, want string }{ // from 15 January 2024, a Monday
		{"0 0 * * *", "24-01-15 24-01-16 24-01-17 24-01-18 24-01-19"},
		{"0 0 */10 * *", "24-01-21 24-01-31 24-02-01 24-02-11 24-02-21"},
		{"0 0 29 2 *", "24-02-29 28-02-29 32-02-29 36-02-29 40-02-29"},
		{"0 0 31 2 *", "end"},
		{"0 0 31 FEB,Apr *", "end"},
		{"0 0 1 jan-mar/2 *", "24-03-01 25-01-01 25-03-01 26-01-01 26-03-01"},
		{"0 0 1 mar-5 *", "24-03-01 24-04-01 24-05-01 25-03-01 25-04-01"},

		{"0 0 * * 0", "24-01-21 24-01-28 24-02-04 24-02-11 24-02-18"},
		{"0 0 * * 7", "24-01-21 24-01-28 24-02-04 24-02-11 24-02-18"},
		{"0 0 * * SUN", "24-01-21 24-01-28 24-02-04 24-02-11 24-02-18"},
		{"0 0 * * 1", "24-01-15 24-01-22 24-01-29 24-02-05 24-02-12"},
		{"0 0 * * 5-7", "24-01-19 24-01-20 24-01-21 24-01-26 24-01-27"},
		{"0 0 * * fri-sun", "24-01-19 24-01-20 24-01-21 24-01-26 24-01-27"},
		{"0 0 * * 5-0", "24-01-19 24-01-20 24-01-21 24-01-26 24-01-27"},
		{"0 0 * * 0-1", "24-01-15 24-01-21 24-01-22 24-01-28 24-01-29"},
		{"0 0 * * mon-fri/2", "24-01-15 24-01-17 24-01-19 24-01-22 24-01-24"},
		{"0 0 * * */2", "24-01-16 24-01-18 24-01-20 24-01-21 24-01-23"},
		{"0 0 * * 1/2", "24-01-15 24-01-17 24-01-19 24-01-22 24-01-24"},
		{"0 0 * * 0-0", "24-01-21 24-01-28 24-02-04 24-02-11 24-02-18"},
		{"0 0 * * sun-sun", "24-01-21 24-01-28 24-02-04 24-02-11 24-02-18"},
		{"0 0 * * 7-0", "24-01-21 24-01-28 24-02-04 24-02-11 24-02-18"},
		{"0 0 * * 0-7", "24-01-15 24-01-16 24-01-17 24-01-18 24-01-19"},

		// One of two restricted days must match, or both if one is not restricted.
		{"0 0 13 * fri", "24-01-19 24-01-26 24-02-02 24-02-09 24-02-13"},
		{"0 0 L * 1#1", "24-01-31 24-02-05 24-02-29 24-03-04 24-03-31"},
		{"0 0 13 * *", "24-02-13 24-03-13 24-04-13 24-05-13 24-06-13"},
		{"0 0 13 * ?", "24-02-13 24-03-13 24-04-13 24-05-13 24-06-13"},
		{"0 0 ? * fri", "24-01-19 24-01-26 24-02-02 24-02-09 24-02-16"},
		{"0 0 */2 * fri", "24-01-19 24-02-09 24-02-23 24-03-01 24-03-15"},
		{"0 0 1-31 * fri", "24-01-15 24-01-16 24-01-17 24-01-18 24-01-19"},

		{"0 0 L * *", "24-01-31 24-02-29 24-03-31 24-04-30 24-05-31"},
		{"0 0 l-3 * *", "24-01-28 24-02-26 24-03-28 24-04-27 24-05-28"},
		{"0 0 L-30 * *", "24-03-01 24-05-01 24-07-01 24-08-01 24-10-01"},
		{"0 0 L,15 * *", "24-01-15 24-01-31 24-02-15 24-02-29 24-03-15"},
		{"0 0 15W * *", "24-01-15 24-02-15 24-03-15 24-04-15 24-05-15"},
		{"0 0 15w 6,9 *", "24-06-14 24-09-16 25-06-16 25-09-15 26-06-15"},
		{"0 0 1W 6,9 *", "24-06-03 24-09-02 25-06-02 25-09-01 26-06-01"},
		{"0 0 31W * *", "24-01-31 24-03-29 24-05-31 24-07-31 24-08-30"},
		{"0 0 LW * *", "24-01-31 24-02-29 24-03-29 24-04-30 24-05-31"},
		{"0 0 * * 5L", "24-01-26 24-02-23 24-03-29 24-04-26 24-05-31"},
		{"0 0 * * friL", "24-01-26 24-02-23 24-03-29 24-04-26 24-05-31"},
		{"0 0 * * 7l", "24-01-28 24-02-25 24-03-31 24-04-28 24-05-26"},
		{"0 0 * * 5#3", "24-01-19 24-02-16 24-03-15 24-04-19 24-05-17"},
		{"0 0 * * sun#5,mon#1", "24-02-05 24-03-04 24-03-31 24-04-01 24-05-06"},

		{"@yearly", "25-01-01 26-01-01 27-01-01 28-01-01 29-01-01"},
		{"@annually", "25-01-01 26-01-01 27-01-01 28-01-01 29-01-01"},
		{"@monthly", "24-02-01 24-03-01 24-04-01 24-05-01 24-06-01"},
		{"@weekly", "24-01-21 24-01-28 24-02-04 24-02-11 24-02-18"},
		{"@Daily", "24-01-15 24-01-16 24-01-17 24-01-18 24-01-19"},
		{"@midnight", "24-01-15 24-01-16 24-01-17 24-01-18 24-01-19"},
	}
	for _, test := range tests {
		c, err := NewCrontab(test.expr, Options{})
		if err != nil {
			t.Error(err)
			continue
		}
		if got := dates5(c, at("2024-01-15T00:00:00Z")); got != test.want {
			t.Errorf("%v\n got %s\nwant %s", c, got, test.want)
		}
	}
}

func TestCrontabTimes(t *testing.T) {
	tests := []struct{ expr, want string }{
		{"*/20 10 * * *", "2024-05-01T10:20:00Z 2024-05-01T10:40:00Z 2024-05-02T10:00:00Z"},
		{"5/20 * * * *", "2024-05-01T10:25:00Z 2024-05-01T10:45:00Z 2024-05-01T11:05:00Z"},
		{"*/30 17 10 * * *", "2024-05-01T10:17:00Z 2024-05-01T10:17:30Z 2024-05-02T10:17:00Z"},
		{"10,59 59 23 * * *", "2024-05-01T23:59:10Z 2024-05-01T23:59:59Z 2024-05-02T23:59:10Z"},
		{" \t0\t0 1\n5\r *  ", "2025-05-01T00:00:00Z 2026-05-01T00:00:00Z 2027-05-01T00:00:00Z"},
		{"@hourly", "2024-05-01T11:00:00Z 2024-05-01T12:00:00Z 2024-05-01T13:00:00Z"},
		{"TZ=America/New_York 0 9 * * *", "2024-05-01T09:00:00-04:00 2024-05-02T09:00:00-04:00 2024-05-03T09:00:00-04:00"},
		{"CRON_TZ=America/New_York\t@daily", "2024-05-02T00:00:00-04:00 2024-05-03T00:00:00-04:00 2024-05-04T00:00:00-04:00"},
		{"@every 90s", "2024-05-01T10:18:00Z 2024-05-01T10:19:30Z 2024-05-01T10:21:00Z"},
		{"TZ=America/New_York @EVERY 24h", "2024-05-01T20:00:00-04:00 2024-05-02T20:00:00-04:00 2024-05-03T20:00:00-04:00"},
	}
	for _, test := range tests {
		c, err := NewCrontab(test.expr, Options{})
		if err != nil {
			t.Error(err)
			continue
		}
		if got := strings.Join(walk(c, at("2024-05-01T10:17:00Z"), 3), " "); got != test.want {
			t.Errorf("%v\n got %s\nwant %s", c, got, test.want)
		}
	}
}

func TestCrontabFaults(t *testing.T) {
	const five = "write 5 (minute, hour, day of month, month, day of week), or 6 with the second first"
	tests := []struct{ expr, want string }{
		{"61 * * * *", `minute "61" at position 0: out of range; use 0-59`},
		{"  0 0,24 * * *", `hour "24" at position 6: out of range; use 0-23`},
		{"0 0 0 * *", `day of month "0" at position 4: out of range; use 1-31, L, L-3, 15W or LW`},
		{"0 0 * 13 *", `month "13" at position 6: out of range; use 1-12 or jan-dec`},
		{"0 0 * * 8", `day of week "8" at position 8: out of range; use 0-7 or sun-sat, 5L or 5#3`},
		{"60 0 0 * * *", `second "60" at position 0: out of range; use 0-59`},
		{"0 22-2 * * *", `hour "22-2" at position 2: the range ends before it begins; write it as two, 22-23,0-2`},
		{"0 0 * * fri-tue", `day of week "fri-tue" at position 8: the range ends before it begins; write it as two, fri-sat,sun-tue`},
		{"0 0 * * 6-1", `day of week "6-1" at position 8: the range ends before it begins; write it as two, sat,sun-mon`},
		{"*/90 * * * *", `minute "90" at position 2: the step does not fit into 0-59; use 1 to 59, or an interval (@every in a crontab)`},
		{"? * * * *", `minute "?" at position 0: not understood; use 0-59, or * for any`},
		{"0 0 LL * *", `day of month "LL" at position 4: not understood; use 1-31, L, L-3, 15W or LW, or * for any`},
		{"0 0 L-31 * *", `day of month "31" at position 6: out of range; use 1-30`},
		{"0 0 32W * *", `day of month "32" at position 4: out of range; use 1-31, L, L-3, 15W or LW`},
		{"0 0 W * *", `day of month at position 4: not understood; use 1-31, L, L-3, 15W or LW, or * for any`},
		{"0 0 * * L", `day of week "L" at position 8: names no day; write 5L for the last Friday of the month, or 6 for Saturday`},
		{"0 0 * * 5#6", `day of week "6" at position 10: out of range; use 1-5`},
		{"0 0 * * 7/2", `day of week "2" at position 10: there is nothing to step to; leave out the /2`},
		{"0 0 * * #2", `day of week at position 8: not understood; use 0-7 or sun-sat, 5L or 5#3, or * for any`},
		{"0 0 * * 8L", `day of week "8" at position 8: out of range; use 0-7 or sun-sat, 5L or 5#3`},
		{"H(0-60) * * * *", `minute "60" at position 4: out of range; use 0-59`},
		{"H(9-5) * * * *", `minute "9-5" at position 2: the range ends before it begins; write it as two, 9-59,0-5`},
		{"H(0-9)/10 * * * *", `minute "10" at position 7: the step does not fit into 0-9; use 1 to 9, or an interval (@every in a crontab)`},
		{"H5 * * * *", `minute "5" at position 1: not understood behind an H; write H, H(0-59) or H/2, or use 0-59`},
		{"\u00a00 0 * * *", "minute \"\\u00a00\" at position 0: not understood; use 0-59, or * for any"},
		{"61 24 0 13 9", `minute "61" at position 0: out of range; use 0-59` + "\n" +
			`hour "24" at position 3: out of range; use 0-23` + "\n" +
			`day of month "0" at position 6: out of range; use 1-31, L, L-3, 15W or LW` + "\n" +
			`month "13" at position 8: out of range; use 1-12 or jan-dec` + "\n" +
			`day of week "9" at position 11: out of range; use 0-7 or sun-sat, 5L or 5#3`},
		{"", `crontab at position 0: no fields; ` + five},
		{"TZ=UTC", `crontab at position 0: no fields; ` + five},
		{"* * * *", `crontab "*" at position 6: last of 4 fields; ` + five},
		{"0 0 0 1 1 * 2024", `crontab "2024" at position 12: field 7 of 7; ` + five + ". For years and ISO weeks use NewCron"},
		{"@reboot", `crontab "@reboot" at position 0: there is no time for it; run the job when the program starts, or add it with a date trigger for now`},
		{"@fortnightly", `crontab "@fortnightly" at position 0: unknown; use @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly or @every`},
		{"@daily 5", `crontab "5" at position 7: nothing can follow @daily; remove it, or write the fields instead of @daily`},
		{"@every", `crontab "@every" at position 0: write one duration after it, such as @every 1h30m`},
		{"@every 1h 30m", `crontab "30m" at position 10: write one duration after it, such as @every 1h30m`},
		{"@every 90", `crontab "90" at position 7: no duration; write it like 90s, 1h30m or 24h`},
		{"@every -1s", `crontab "-1s" at position 7: not positive; write the time between two runs, such as 90s or 1h30m`},
		{"TZ=Europe//Berlin @daily", `time zone "Europe//Berlin" at position 3: unknown; write an IANA name, such as TZ=Europe/Berlin`},
		{"TZ=Mars/Phobos 61 * * * *", `time zone "Mars/Phobos" at position 3: unknown; write an IANA name, such as TZ=Europe/Berlin` + "\n" +
			`minute "61" at position 15: out of range; use 0-59`},
		{"CRON_TZ= 0 0 * * *", `time zone at position 8: missing; write an IANA name, such as TZ=Europe/Berlin, without spaces`},
	}
	for _, test := range tests {
		c, err := NewCrontab(test.expr, Options{})
		if err == nil {
			t.Errorf("%v: no error", c)
		} else if err.Error() != test.want {
			t.Errorf("%q\n got %v\nwant %s", test.expr, err, test.want)
		}
		if fault, ok := errors.AsType[*Error](err); !ok || fault.Reason == "" {
			t.Errorf("%q: %#v is no *Error", test.expr, err)
		}
	}
}

func TestCrontabTwoZones(t *testing.T) {
	if _, err := NewCrontab("TZ=Europe/Berlin @daily", Options{Location: berlin}); err != nil {
		t.Errorf("the same zone twice: %v", err)
	}
	_, err := NewCrontab("TZ=America/New_York @daily", Options{Location: berlin})
	if want := `time zone "America/New_York" at position 3: not that of Options.Location, Europe/Berlin; give one of them`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// Cron's values are chosen by the job: the same for each asking, others for
// another job and another field, and spread evenly.
func TestCrontabChoices(t *testing.T) {
	tests := []struct {
		expr            string
		of              func(time.Time) int
		first, last, by int
	}{
		{"H 5 5 5 *", time.Time.Minute, 0, 59, 1},
		{"H H 5 5 *", time.Time.Hour, 0, 23, 1},
		{"5 5 H * *", time.Time.Day, 1, 28, 1},
		{"5 5 h(29-31) 1 *", time.Time.Day, 29, 31, 1},
		{"5 5 5 H *", func(t time.Time) int { return int(t.Month()) }, 1, 12, 1},
		{"5 5 * * H", func(t time.Time) int { return int(t.Weekday()) }, 0, 6, 1},
		{"H(10-19) * * * *", time.Time.Minute, 10, 19, 1},
		{"H/15 5 * * *", time.Time.Minute, 0, 14, 1}, // the first of four
		{"H(20-50)/10 5 * * *", time.Time.Minute, 20, 29, 1},
		{"H 5 5 * * *", time.Time.Second, 0, 59, 1},
	}
	for _, test := range tests {
		open := Must(NewCrontab(test.expr, Options{}))
		counts := map[int]int{}
		for seed := range uint64(1000) {
			bound := Bind(open, Binding{Seed: seed})
			next, ok := bound.Next(time.Time{}, at("2024-01-01T00:00:00Z"))
			again, _ := Bind(Bind(open, Binding{Seed: seed}), Binding{Seed: seed + 1}).Next(time.Time{}, at("2024-01-01T00:00:00Z"))
			if !ok || !next.Equal(again) {
				t.Fatalf("%s with seed %d: %v and %v", test.expr, seed, next, again)
			}
			counts[test.of(next)]++
		}
		choices := test.last - test.first + 1
		for value, n := range counts {
			if value < test.first || value > test.last || n < 1000/choices/3 || n > 1000/choices*3 {
				t.Errorf("%s: %d is chosen %d times", test.expr, value, n)
			}
		}
		if len(counts) != choices {
			t.Errorf("%s: %d values, want %d", test.expr, len(counts), choices)
		}
	}
}

// The fields are chosen independently of each other.
func TestCrontabChoicesOfFieldsDiffer(t *testing.T) {
	seen := map[int]bool{}
	for seed := range uint64(200) {
		next, _ := Bind(Must(NewCrontab("H H(0-23) H(0-23) * * *", Options{})), Binding{Seed: seed}).Next(time.Time{}, at("2024-01-01T00:00:00Z"))
		seen[(next.Hour()-next.Minute()+24)%24] = true
	}
	if len(seen) != 24 {
		t.Errorf("%d differences between the fields, want 24", len(seen))
	}
}

// Four values an hour, and the last may come after the next hour's first.
func TestCrontabChosenStep(t *testing.T) {
	trigger := Bind(Must(NewCrontab("H/15 * * * *", Options{})), Binding{Seed: 42})
	var prev time.Time
	for next := range Between(trigger, at("2024-01-01T00:00:00Z"), at("2024-01-02T00:00:00Z")) {
		if !prev.IsZero() && next.Sub(prev) != 15*time.Minute {
			t.Errorf("%v follows %v", next, prev)
		}
		prev = next
	}
}

func TestCrontabBind(t *testing.T) {
	binding := Binding{Location: berlin, Now: at("2024-05-01T10:17:33Z"), Seed: 7}
	tests := []struct{ expr, want string }{
		{"0 9 * * *", "2024-05-02T09:00:00+02:00"},
		{"TZ=UTC 0 9 * * *", "2024-05-02T09:00:00Z"},
		{"@every 90s", "2024-05-01T12:19:03+02:00"},
	}
	for _, test := range tests {
		open := Must(NewCrontab(test.expr, Options{}))
		before := open.String()
		bound := Bind(open, binding)
		if got := walk(bound, binding.Now, 1)[0]; got != test.want {
			t.Errorf("%s: got %s, want %s", test.expr, got, test.want)
		}
		other := Binding{Location: time.UTC, Now: binding.Now.Add(time.Hour), Seed: 8}
		if again := Bind(bound, other); walk(again, binding.Now, 1)[0] != test.want {
			t.Errorf("%s: bound twice, it is %v", test.expr, again)
		}
		if open.String() != before {
			t.Errorf("Bind changed %s into %v", before, open)
		}
	}
	if cron := Bind(Must(NewCron(CronFields{Hour: "9"}, Options{})), binding); walk(cron, binding.Now, 1)[0] != "2024-05-02T09:00:00+02:00" {
		t.Errorf("bound: %v", cron)
	}
}
