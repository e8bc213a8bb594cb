package claim

// maxTold is how many jobs are remembered that are parked no more, or not due.
const maxTold = 1 << 16

// Told is what a process has been told of the jobs that it has parked. That a
// job was moved on by others, or is no longer due, does not make it forgotten;
// only when a great many jobs have come since it was last met, twice maxTold at
// the most, is it. The zero Told knows of none.
type Told struct {
	recent, older map[string]Verdict
	met           int // of the recent, in this pass
}

// Verdict says why a job is parked.
type Verdict struct {
	Put     int64 // what its user had put last
	Version int64 // of the job when it was judged
	Reason  string
}

// Of returns the last verdict on a job.
func (t *Told) Of(id string) (v Verdict, judged bool) {
	if v, judged = t.recent[id]; !judged {
		v, judged = t.older[id]
	}
	return v, judged
}

// Meet remembers the verdict on a job that is due, and reports whether it is
// news: the job was put since it was told of, or the reason is another one.
func (t *Told) Meet(id string, v Verdict) (news bool) {
	old, judged := t.Of(id)
	if t.recent == nil {
		t.recent = map[string]Verdict{}
	}
	t.recent[id] = v
	t.met++
	return !judged || v.differs(old)
}

// differs reports whether a verdict says something else than another one.
func (v Verdict) differs(o Verdict) bool { return v.Put != o.Put || v.Reason != o.Reason }

// Forget forgets a job, so that it is news again.
func (t *Told) Forget(id string) {
	delete(t.recent, id)
	delete(t.older, id)
}

// Passed says that each parked job that is due has been met since the last time.
func (t *Told) Passed() {
	if len(t.recent)-t.met > maxTold {
		t.recent, t.older = nil, t.recent
	}
	t.met = 0
}
