package memory

// lot is where due jobs stand that some session can't run, out of the way of
// the due index. Each session looks once at each spot: it reports the job, or
// takes it out because it can run it.
type lot struct {
	spots []spot
	empty int
}

type spot struct {
	r      *record // nil: empty
	reason string  // given by a Plan; "" if the names alone decide
}

func (l *lot) park(r *record, reason string) {
	r.place = int32(parked - len(l.spots))
	l.spots = append(l.spots, spot{r, reason})
}

// leave empties the spot of a parked record, whose place is then up to the
// caller.
func (l *lot) leave(r *record) {
	l.spots[parked-r.place] = spot{}
	l.empty++
}

// clear empties all spots. The sessions count them until the lot is tidied.
func (l *lot) clear() {
	clear(l.spots)
	l.empty = len(l.spots)
}

// tidy closes the gaps once they are more than half of the lot.
func (l *lot) tidy(sessions []*session) {
	if 2*l.empty <= len(l.spots) {
		return
	}
	for _, s := range sessions {
		seen := 0
		for _, p := range l.spots[:s.seen] {
			if p.r != nil {
				seen++
			}
		}
		s.seen = seen
	}
	taken := l.spots[:0]
	for _, p := range l.spots {
		if p.r != nil {
			p.r.place = int32(parked - len(taken))
			taken = append(taken, p)
		}
	}
	clear(l.spots[len(taken):])
	l.spots, l.empty = taken, 0
}
