package dashboard

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/carillon-go/carillon/triggers"
)

func TestWords(t *testing.T) {
	for _, row := range []struct {
		d           time.Duration
		words, from string
	}{
		{0, "0 s", "now"},
		{700 * time.Nanosecond, "0 µs", "now"},
		{42 * time.Microsecond, "42 µs", "now"},
		{1500 * time.Microsecond, "1.5 ms", "now"},
		{123 * time.Millisecond, "123 ms", "now"},
		{4 * time.Second, "4 s", "in 4 s"},
		{59*time.Second + 940*time.Millisecond, "59.9 s", "in 60 s"},
		{61 * time.Second, "1 min 1 s", "in 1 min 1 s"},
		{15*time.Minute + 4*time.Second, "15 min 4 s", "in 15 min"},
		{time.Hour, "1 h", "in 1 h"},
		{47*time.Hour + 59*time.Minute, "47 h 59 min", "in 47 h 59 min"},
		{49 * time.Hour, "2 d 1 h", "in 2 d"},
		{-90 * time.Second, "-1 min 30 s", "1 min 30 s ago"},
		{-100 * 24 * time.Hour, "-100 d", "100 d ago"},
		{math.MinInt64, "-106751 d 23 h", "106751 d ago"},
		{math.MaxInt64, "106751 d 23 h", "in 106751 d"},
	} {
		now := time.Unix(1e9, 0)
		if got := words(row.d); got != row.words {
			t.Errorf("%v in words is %q, want %q", row.d, got, row.words)
		}
		if got := (moment{now.Add(row.d), now}).Away(); got != row.from {
			t.Errorf("what is %v away is %q, want %q", row.d, got, row.from)
		}
	}
}

// TestReadTime reads what people type, on clocks that are changed.
func TestReadTime(t *testing.T) {
	for _, row := range []struct{ text, zone, want string }{
		{"2026-10-24T14:30:00.25Z", "Europe/Berlin", "2026-10-24T14:30:00.25Z"},
		{"2026-10-24T14:30", "Europe/Berlin", "2026-10-24T14:30:00+02:00 and 1m0s"},
		{"2026-10-24 14:30:07", "Europe/Berlin", "2026-10-24T14:30:07+02:00 and 1s"},
		{"2026-10-24 14:30:07.5", "Europe/Berlin", "2026-10-24T14:30:07.5+02:00"},
		{"2026-10-25 01:59", "Europe/Berlin", "2026-10-25T01:59:00+02:00 and 1m0s"},
		{"2026-10-25 02:00", "Europe/Berlin", "2026-10-25T02:00:00+02:00 and 1m0s, 2026-10-25T02:00:00+01:00 and 1m0s"},
		{"2026-10-25 02:59", "Europe/Berlin", "2026-10-25T02:59:00+02:00 and 1m0s, 2026-10-25T02:59:00+01:00 and 1m0s"},
		{"2026-10-25 03:00", "Europe/Berlin", "2026-10-25T03:00:00+01:00 and 1m0s"},
		{"2026-03-29 02:30", "Europe/Berlin", "2026-03-29T03:30:00+02:00 and 1m0s"},
		{"2026-04-05 01:45", "Australia/Lord_Howe", "2026-04-05T01:45:00+11:00 and 1m0s, 2026-04-05T01:45:00+10:30 and 1m0s"},
		{"2026-10-24 14:30", "UTC", "2026-10-24T14:30:00Z and 1m0s"},
		{"14:30", "UTC", ""},
		{"", "UTC", ""},
	} {
		zone, err := time.LoadLocation(row.zone)
		if err != nil {
			t.Fatal(err)
		}
		spans, fault := readTime(row.text, zone)
		got := ""
		for i, s := range spans {
			if i > 0 {
				got += ", "
			}
			got += s.from.Format(time.RFC3339Nano)
			if s.open > 0 {
				got += fmt.Sprint(" and ", s.open)
			}
		}
		if got != row.want || (fault != "") != (row.want == "") {
			t.Errorf("%q in %s: %s (%q), want %s", row.text, row.zone, got, fault, row.want)
		}
	}
}

// TestMeant finds run times in what somebody has typed.
func TestMeant(t *testing.T) {
	start := time.Date(2026, 10, 24, 12, 0, 0, 250e6, time.UTC)
	v := new(visit)
	for every, want := range map[time.Duration]int{time.Hour: 1, 20 * time.Second: 3, time.Second: 5} {
		trigger := triggers.Must(triggers.NewInterval(every, triggers.Options{Start: start}))
		times := v.meant(asked{start.Truncate(time.Minute), time.Minute}, trigger)
		if len(times) != want || !times[0].Equal(start) {
			t.Errorf("every %v: %v", every, times)
		}
	}
}

func TestChangeInWords(t *testing.T) {
	v := &visit{handler: &handler{}}
	zone := berlin(t)
	for _, row := range []struct {
		day  time.Time
		want string
	}{
		{time.Date(2026, 3, 29, 0, 0, 0, 0, zone), "clocks are put forward by 1 h at 02:00 CET"},
		{time.Date(2026, 10, 25, 0, 0, 0, 0, zone), "clocks are put back by 1 h at 03:00 CEST"},
	} {
		if got := v.change(row.day, row.day.AddDate(0, 0, 1)).String(); got != row.want {
			t.Errorf("%q, want %q", got, row.want)
		}
	}
	if c := v.change(time.Date(2026, 1, 1, 0, 0, 0, 0, zone), time.Date(2026, 2, 1, 0, 0, 0, 0, zone)); c != nil {
		t.Errorf("in January: %v", c)
	}
}
