package memory

// work is what is unfinished of the jobs of one ID, of those too that were
// there before.
type work struct {
	latest         *record // of the jobs, the one that was put last
	live           int     // instances
	oldest, newest int64   // runs, which are linked in the order of their IDs
}

// works holds the work of those jobs that have any, each at the index that its
// records know. Index 0 stands for none.
type works struct {
	slots []work
	free  []int32
}

// of returns the work of r, which has some.
func (ws *works) of(r *record) *work { return &ws.slots[r.work] }

func (ws *works) live(r *record) int {
	if r.work == 0 {
		return 0
	}
	return ws.of(r).live
}

// begin counts a further instance of r.
func (ws *works) begin(r *record) {
	if r.work == 0 {
		r.work = ws.slot()
		ws.of(r).latest = r
	}
	ws.of(r).live++
}

func (ws *works) slot() int32 {
	if last := len(ws.free) - 1; last >= 0 {
		i := ws.free[last]
		ws.free = ws.free[:last]
		return i
	}
	if len(ws.slots) == 0 {
		ws.slots = make([]work, 1, 64)
	}
	ws.slots = append(ws.slots, work{})
	return int32(len(ws.slots) - 1)
}

// drop forgets the work of r, which has come to its end.
func (ws *works) drop(r *record) {
	*ws.of(r) = work{}
	ws.free = append(ws.free, r.work)
	r.work = 0
	if len(ws.free) == len(ws.slots)-1 && len(ws.slots) > maxIdle {
		*ws = works{}
	}
}

// link joins a new run to the others of its job.
func (m *Store) link(u *run) {
	w := m.jobs.works.of(u.r)
	if w.newest == 0 {
		w.oldest = u.id
	} else {
		m.runs.slot(w.newest).newer = u.id
	}
	u.older, w.newest = w.newest, u.id
}

// unlink takes a run out of the links.
func (m *Store) unlink(u *run) {
	w := m.jobs.works.of(u.r)
	if u.older == 0 {
		w.oldest = u.newer
	} else {
		m.runs.slot(u.older).newer = u.newer
	}
	if u.newer == 0 {
		w.newest = u.older
	} else {
		m.runs.slot(u.newer).older = u.older
	}
}

// oldest returns the unfinished run of r's ID that was claimed first, or nil.
func (m *Store) oldest(r *record) *run {
	if r.work == 0 {
		return nil
	}
	return m.runs.slot(m.jobs.works.of(r).oldest)
}

// part gives the unfinished runs of a record a copy of it, so that it can become
// that of another job.
func (m *Store) part(r *record) {
	left := *r
	for id := m.jobs.works.of(r).oldest; id != 0; {
		u := m.runs.slot(id)
		if u.r == r {
			u.r = &left
		}
		id = u.newer
	}
}

// endReleased ends the runs of a deleted job that nobody holds.
func (m *Store) endReleased(r *record) {
	if r.work == 0 {
		return
	}
	for id := m.jobs.works.of(r).oldest; id != 0; {
		u := m.runs.slot(id)
		id = u.newer
		if u.r == r && u.holder == nil {
			m.end(u)
		}
	}
}
