package triggers

import (
	"math"
	"runtime"
	"sync"
	"time"
	"weak"
)

// zone is a time zone with the changes of its clock laid out in a table, so
// that the one in force at an instant is found in a few nanoseconds. It is
// immutable.
type zone struct {
	loc     *time.Location
	periods []period // one after the other, without a hole
	buckets []uint16 // the period at the beginning of each bucket; nil if there is one for all time
}

// period is a time between two changes of the clock.
type period struct {
	start, end int64 // Unix seconds, end not included
	offset     int64 // of the wall clock, in seconds east of UTC
	before     int64 // offset until start
}

const (
	tableStart = -2208988800 // 1900-01-01
	tableEnd   = 4102444800  // 2100-01-01

	// A bucket of 97 days has few changes, usually one or none.
	bucketBits = 23

	// Bounds of the first and the last period, to which offsets can be added.
	always = math.MinInt64 / 2
	never  = math.MaxInt64 / 2
)

// at returns the period of an instant.
func (z *zone) at(t int64) period {
	if z.buckets == nil {
		return z.periods[0]
	}
	if t < tableStart || t >= tableEnd {
		return periodOf(z.loc, t)
	}
	i := z.buckets[(t-tableStart)>>bucketBits]
	for t >= z.periods[i].end {
		i++
	}
	return z.periods[i]
}

func newZone(loc *time.Location) *zone {
	z := &zone{loc: loc}
	for t := int64(tableStart); t < tableEnd; {
		p := periodOf(loc, t)
		if last := len(z.periods) - 1; last >= 0 && z.periods[last].offset == p.offset {
			z.periods[last].end = p.end
		} else {
			z.periods = append(z.periods, p)
		}
		t = p.end
	}
	if p := z.periods[0]; p.start == always && p.end == never {
		return z
	}
	z.buckets = make([]uint16, (tableEnd-tableStart)>>bucketBits+1)
	i := uint16(0)
	for b := range z.buckets {
		for tableStart+int64(b)<<bucketBits >= z.periods[i].end {
			i++
		}
		z.buckets[b] = i
	}
	return z
}

// periodOf asks loc itself. What it returns may be a part of a period.
func periodOf(loc *time.Location, t int64) period {
	at := time.Unix(t, 0).In(loc)
	_, offset := at.Zone()
	p := period{start: always, end: never, offset: int64(offset), before: int64(offset)}
	start, end := at.ZoneBounds()
	if !start.IsZero() {
		p.start = start.Unix()
		_, before := time.Unix(p.start-1, 0).In(loc).Zone()
		p.before = int64(before)
	}
	if !end.IsZero() {
		p.end = end.Unix()
		if p.end <= t {
			// The package time takes all years for 365 days long here, and
			// has a day left at the end of a leap year.
			p.end = floorDiv(t, daySeconds)*daySeconds + daySeconds
		}
	}
	return p
}

// zones holds the zones in use, each as long as a trigger uses it: a program
// that loads a location anew for every job must not fill its memory with tables.
var zones sync.Map // weak.Pointer[time.Location] -> weak.Pointer[zone]

// zoneOf returns the zone of a location, nil meaning UTC.
func zoneOf(loc *time.Location) *zone {
	if loc == nil {
		loc = time.UTC
	}
	key := weak.Make(loc)
	if found, ok := zones.Load(key); ok {
		if z := found.(weak.Pointer[zone]).Value(); z != nil {
			return z
		}
	}
	z := newZone(loc)
	entry := weak.Make(z)
	zones.Store(key, entry)
	runtime.AddCleanup(z, func(key weak.Pointer[time.Location]) { zones.CompareAndDelete(key, entry) }, key)
	return z
}
