package triggers

import (
	"math/rand/v2"
	"runtime"
	"testing"
	"time"
	"weak"
)

// The table says what the package time says, at random instants and around
// each change.
func TestZoneTable(t *testing.T) {
	zones := []string{"UTC", "Etc/GMT+5", "Asia/Kolkata", "Europe/Dublin", "Asia/Gaza", "America/Godthab", "America/Santiago", "Asia/Tehran", "Pacific/Norfolk"}
	for _, change := range clockChanges {
		zones = append(zones, change.zone)
	}
	for _, name := range zones {
		loc := zoneNamed(t, name)
		z := newZone(loc)
		check := func(u int64) {
			t.Helper()
			_, want := time.Unix(u, 0).In(loc).Zone()
			if p := z.at(u); p.offset != int64(want) || u < p.start || u >= p.end {
				t.Fatalf("%s at %d: %+v, want the offset %d", name, u, p, want)
			}
		}
		r := rand.New(rand.NewPCG(1, 2))
		first, last := firstOf(minYear, 1)*daySeconds, firstOf(maxYear+1, 1)*daySeconds-1
		for range 500 {
			check(first + r.Int64N(last-first))
			check(tableStart + r.Int64N(tableEnd-tableStart))
		}
		for _, edge := range []int64{first, last, tableStart, tableStart - 1, tableEnd, tableEnd - 1} {
			check(edge)
		}
		for i, p := range z.periods {
			if p.start == always {
				continue
			}
			check(p.start)
			check(p.start - 1)
			if _, before := time.Unix(p.start-1, 0).In(loc).Zone(); p.before != int64(before) || i > 0 && p.before == p.offset {
				t.Errorf("%s: %+v comes after the offset %d", name, p, before)
			}
			if i > 0 && z.periods[i-1].end != p.start {
				t.Errorf("%s: %+v is followed by %+v", name, z.periods[i-1], p)
			}
			// What the search in wall takes for granted.
			if change := max(p.offset-p.before, p.before-p.offset); change > daySeconds || p.end-p.start < change+daySeconds {
				t.Errorf("%s: a change by %d s, and another one %d s later", name, change, p.end-p.start)
			}
		}
	}
}

// A year after the table, at whose end the package time has a day of its own.
func TestZoneAfterTable(t *testing.T) {
	loc := zoneNamed(t, "America/New_York")
	end := firstOf(2105, 1) * daySeconds
	for u := firstOf(2104, 1) * daySeconds; u < end; u += 3600 {
		_, want := time.Unix(u, 0).In(loc).Zone()
		if p := zoneOf(loc).at(u); p.offset != int64(want) || u < p.start || u >= p.end {
			t.Fatalf("%v: %+v", time.Unix(u, 0).UTC(), p)
		}
	}
}

// A zone is shared as long as somebody uses it, and not kept any longer.
func TestZonesAreShared(t *testing.T) {
	loc := zoneNamed(t, "Europe/Berlin")
	z := zoneOf(loc)
	if zoneOf(loc) != z {
		t.Error("two tables for one location")
	}
	if zoneOf(nil) != zoneOf(time.UTC) {
		t.Error("two tables for UTC")
	}
	key := weak.Make(loc)
	for kept := true; kept; _, kept = zones.Load(key) {
		z, loc = nil, nil
		runtime.GC()
	}
}
