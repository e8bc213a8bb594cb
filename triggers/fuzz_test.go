package triggers

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

func FuzzCrontab(f *testing.F) {
	for _, expr := range []string{
		"*/5 * * * *", "30 2 * * mon-fri", "0 0 29 2 *", "1,2-3,4-9/2,*/7 H(1-5)/2 L-3,15W,LW ? 5L,1#2,sun", "0 0 0 1 1 0",
		"@daily", "@every 1h30m", "TZ=Europe/Berlin 0 0 31 2,4 *", "CRON_TZ=+01:00 H H * * *", "", "61 * * * *", "* * * * * * *",
	} {
		f.Add(expr, uint64(1))
	}
	f.Fuzz(func(t *testing.T, expr string, seed uint64) {
		c, err := NewCrontab(expr, Options{})
		if err != nil {
			checkFault(t, err, len(expr))
			return
		}
		checkParsed(t, c)
		checkParsed(t, Bind(c, Binding{Location: berlin, Now: at("2024-03-31T00:00:00Z"), Seed: seed}))
	})
}

func FuzzCron(f *testing.F) {
	f.Add("2024-2030/2", "*/2", "last", "53", "mon-fri", "9,10-12", "*/15", "59", uint8(0))
	f.Add("", "feb", "29", "", "", "", "", "", uint8(4))
	f.Add("*", "2,4", "1st mon, last sun, 31", "1", "0-6", "0", "0", "0", uint8(8))
	f.Fuzz(func(t *testing.T, year, month, day, week, weekday, hour, minute, second string, change uint8) {
		fields := CronFields{year, month, day, week, weekday, hour, minute, second}
		c, err := NewCron(fields, Options{Location: berlin, Gap: Gap(change % 3), Fold: Fold(change / 3 % 3)})
		if err != nil {
			longest := 0
			for _, text := range fields.list() {
				longest = max(longest, len(text))
			}
			checkFault(t, err, longest)
			return
		}
		checkParsed(t, c)
	})
}

// checkFault checks the first error.
func checkFault(t *testing.T, err error, longest int) {
	fault, ok := errors.AsType[*Error](err)
	if !ok || fault.Field == "" || fault.Reason == "" || fault.Pos < 0 || fault.Pos > longest {
		t.Errorf("%#v is not an *Error with everything in it", err)
	}
}

// checkParsed checks that a trigger goes forward and is written and read as
// the same.
func checkParsed(t *testing.T, c Trigger) {
	data, err := Encode(c)
	if err != nil {
		t.Fatal(err)
	}
	read, err := Decode(data, nil)
	if err != nil {
		t.Fatalf("%s: %v", data, err)
	}
	if got, want := fmt.Sprint(read), fmt.Sprint(c); got != want {
		t.Errorf("%s is read as %s, want %s", data, got, want)
	}
	for _, now := range []string{"1960-01-01T00:00:00Z", "2024-02-28T23:59:59.5Z", "2024-10-27T00:10:00Z", "9999-12-30T00:00:00Z"} {
		prev := at(now)
		for range 5 {
			next, ok := c.Next(prev, prev)
			if same, sameOK := read.Next(prev, prev); !same.Equal(next) || sameOK != ok {
				t.Errorf("%s: %v, %v after it was written and read, want %v, %v", data, same, sameOK, next, ok)
			}
			if !ok {
				break
			}
			if direct, _ := c.Next(time.Time{}, prev.Add(1)); !direct.Equal(next) || !next.After(prev) {
				t.Errorf("%s: %v and %v follow %v", data, next, direct, prev)
			}
			prev = next
		}
	}
}
