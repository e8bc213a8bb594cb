package bench

import (
	"testing"
	"time"

	"github.com/carillon-go/carillon/triggers"
)

// How long does it take to find the next time of a cron expression?

func BenchmarkNext(b *testing.B) {
	for _, expression := range []string{"* * * * *", "0 9-17 * * 1-5", "0 0 29 2 *"} {
		for _, zone := range []string{"UTC", "America/New_York"} {
			b.Run(expression+" "+zone, func(b *testing.B) { nextTimes(b, expression, zone) })
		}
	}
}

func nextTimes(b *testing.B, expression, zone string) {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		b.Fatal(err)
	}
	c, err := triggers.NewCrontab(expression, triggers.Options{Location: loc})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	from := time.Date(2024, 1, 1, 0, 0, 0, 0, loc)
	t := from
	for b.Loop() {
		if t, _ = c.Next(t, t); t.Year() >= 2060 {
			t = from
		}
	}
}
