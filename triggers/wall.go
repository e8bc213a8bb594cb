package triggers

import "time"

// schedule is a set of wall clock times. It knows nothing of time zones: its
// seconds are counted from 1970-01-01 00:00:00 on the wall. Its years are 1 to
// 9999.
type schedule interface {
	// next returns the first time at or after local.
	next(local int64) (int64, bool)
}

// wall is a schedule on the wall clock of a time zone, from which its times
// become instants.
//
// Between two changes of the clock that is a subtraction, and so the search
// goes from period to period. What a change does needs no case of its own:
//
//   - Put forward, the new period begins later on the wall than the old one
//     ended. The times between are in neither, and so left out; to shift them
//     means to let the old period's clock run on for the length of the gap.
//   - Put back, the new period begins earlier on the wall than the old one
//     ended. The times between are in both, and so run twice; to take the first
//     of them only means to begin the search in the new one where the old ended.
type wall struct {
	schedule    schedule
	zone        *zone
	shift       bool  // times in a gap, instead of leaving them out
	both        bool  // times of a fold, instead of the first only
	first, last int64 // bounds, Unix seconds, included
}

// maxChanges bounds the search for a schedule all of whose times are in gaps.
// The calendar repeats itself after 400 years, which have fewer changes.
const maxChanges = 4000

func newWall(s schedule, repeats bool, o Options) wall {
	w := wall{schedule: s, zone: zoneOf(o.Location), shift: !repeats, both: repeats}
	if o.Gap != GapDefault {
		w.shift = o.Gap == Shift
	}
	if o.Fold != FoldDefault {
		w.both = o.Fold == Both
	}
	w.first, w.last = firstOf(minYear, 1)*daySeconds, firstOf(maxYear+1, 1)*daySeconds-1
	if !o.Start.IsZero() {
		w.first = max(w.first, ceilUnix(o.Start))
	}
	if !o.End.IsZero() {
		w.last = min(w.last, o.End.Unix())
	}
	return w
}

// empty reports whether the schedule has no time at all.
func (w *wall) empty() bool {
	_, found := w.schedule.next(firstOf(minYear, 1) * daySeconds)
	return !found
}

// Next returns the first time after prev and not before now.
func (w *wall) Next(prev, now time.Time) (next time.Time, ok bool) {
	from := max(w.first, ceilUnix(now))
	if !prev.IsZero() {
		from = max(from, prev.Unix()+1)
	}
	t, ok := w.next(from)
	if !ok {
		return time.Time{}, false
	}
	return time.Unix(t, 0).In(w.zone.loc), true
}

// next returns the first instant at or after t.
func (w *wall) next(t int64) (int64, bool) {
	// No two offsets of a zone are further apart than this, nor is a fold longer.
	const farthest = 2 * daySeconds

	for range maxChanges {
		if t > w.last {
			return 0, false
		}
		p := w.zone.at(t)
		found := w.nextIn(&p, t)
		if found < p.end {
			return found, found <= w.last
		}
		// The clock is changed before. If the change is near, what follows it
		// has to be looked at: a fold may repeat a time from before t. If not,
		// nothing comes before the time found, whatever the offset will be then.
		if p.end-t > farthest {
			t = max(p.end, found-farthest)
		} else {
			t = p.end
		}
	}
	return 0, false
}

// nextIn returns the first instant at or after t, which is in p, as if the
// clock were not changed at the end of p.
func (w *wall) nextIn(p *period, t int64) int64 {
	local := t + p.offset
	if !w.both {
		local = max(local, p.start+p.before) // where the period before ended on the wall
	}
	found := int64(never)
	if next, ok := w.schedule.next(local); ok {
		found = next - p.offset
	}
	if gap := p.offset - p.before; w.shift && t < p.start+gap && gap < daySeconds {
		if next, ok := w.schedule.next(t + p.before); ok && next < p.start+p.offset {
			found = min(found, next-p.before)
		}
	}
	return found
}

// ceilUnix returns the first whole second that is not before t.
func ceilUnix(t time.Time) int64 {
	if t.Nanosecond() > 0 {
		return t.Unix() + 1
	}
	return t.Unix()
}
