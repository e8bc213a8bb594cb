package planner

import (
	"testing"
	"time"
)

func TestTook(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0", 1500 * time.Nanosecond: "1.5µs", 1234567 * time.Microsecond: "1.235s", time.Minute: "1m",
		90 * time.Second: "1m30s", time.Hour: "1h", 10 * time.Minute: "10m", 20 * time.Second: "20s",
		time.Hour + 30*time.Second: "1h0m30s", 100*time.Hour + 400*time.Millisecond: "100h",
	} {
		if got := took(d); got != want {
			t.Errorf("%v is written %q, want %q", d, got, want)
		}
	}
}

func TestMoment(t *testing.T) {
	at := time.Date(2024, 5, 1, 3, 4, 0, 0, time.UTC)
	for _, row := range []struct {
		words words
		at    time.Time
		want  string
	}{
		{words{}, at, "Wed 1 May 03:04"},
		{words{}, at.Add(5 * time.Second), "Wed 1 May 03:04:05"},
		{words{}, at.Add(5 * time.Millisecond), "Wed 1 May 03:04:00.005"},
		{words{year: true, zone: true}, at, "Wed 1 May 2024 03:04 UTC"},
		{words{}, time.Time{}, "–"},
	} {
		if got := row.words.moment(row.at); got != row.want {
			t.Errorf("%v is written %q, want %q", row.at, got, row.want)
		}
	}
}
