package triggers

import (
	"testing"
	"time"
)

var benchExpressions = []string{
	"* * * * * *",     // each second
	"*/5 * * * *",     // each day
	"0 9 * * mon-fri", // most days
	"30 2 1,15 * *",   // some days
	"0 0 13 * fri",    // one or the other
	"0 0 * * 5#2",     // once a month
	"0 0 29 2 *",      // once in four years
}

func BenchmarkCronNext(b *testing.B) {
	for _, zone := range []string{"UTC", "America/New_York"} {
		for _, expr := range benchExpressions {
			b.Run(zone+"/"+expr, func(b *testing.B) {
				start := time.Date(2024, 1, 1, 0, 0, 0, 0, zoneNamed(b, zone))
				c := Must(NewCrontab(expr, Options{Location: start.Location()}))
				b.ReportAllocs()
				for b.Loop() {
					now, ok := start, true
					for range 16 {
						if now, ok = c.Next(now, now); !ok {
							b.Fatal("ended")
						}
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/16, "ns/next")
			})
		}
	}
}

func BenchmarkNewCrontab(b *testing.B) {
	for b.Loop() {
		if _, err := NewCrontab("30 2 * * mon-fri", Options{Location: berlin}); err != nil {
			b.Fatal(err)
		}
	}
}

func TestNextDoesNotAllocate(t *testing.T) {
	for _, zone := range []string{"UTC", "America/New_York"} {
		for _, expr := range append(benchExpressions, "@every 1h", "0 0 31 2 *", "30 2 10 3 *") {
			now := dayOf(t, "2024-03-09")
			c := Must(NewCrontab(expr, Options{Location: zoneNamed(t, zone)}))
			if n := testing.AllocsPerRun(100, func() { c.Next(now, now) }); n > 0 {
				t.Errorf("%v: %v allocations", c, n)
			}
		}
	}
	c := Must(NewCron(CronFields{Week: "53", Day: "2nd mon, last fri, 1", Hour: "*/2"}, Options{}))
	if n := testing.AllocsPerRun(100, func() { c.Next(time.Time{}, propertyStart) }); n > 0 {
		t.Errorf("%v: %v allocations", c, n)
	}
}
