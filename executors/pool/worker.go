package pool

import (
	"container/list"
	"time"

	"github.com/carillon-go/carillon/executors"
)

// A worker executes runs, one after the other, until it finds no more. It may
// outlive its goroutine: a job can end that with runtime.Goexit, and so can what
// the host calls.
type worker struct {
	pool   *pool
	called bool // it is the one that pool.called speaks of
	inJob  bool // or has come from one, and not put down its result

	group group         // what it executes; group.at is in hand, or was last
	place *list.Element // in pool.groups, if the group is of several runs

	now time.Time // when the run in hand ended, if that is as good as now; else zero
}

// work is the life of a worker on one goroutine.
func (w *worker) work() {
	left := false
	defer func() {
		if left {
			return
		}
		if !w.inJob { // it was in report
			w.pool.mu.Unlock()
		}
		w.pool.host.Go(w.work) // somebody has ended this goroutine: go on with another
	}()
	for w.next() {
		w.execute()
	}
	left = true
}

func (w *worker) execute() {
	p, g := w.pool, &w.group
	if w.now.IsZero() {
		w.now = p.host.Clock.Now()
	}
	w.inJob = true
	executors.Execute(p.base, p.host.Clock, w.now, &g.contexts[g.at], &g.runs[g.at], &g.results[g.at])
}

// next is what happens between two jobs: the worker puts down the result of
// one run, picks up another, and calls somebody to whatever it leaves behind
// when it goes into the job. When next returns false there was no run for it,
// and it has left the pool.
func (w *worker) next() bool {
	p := w.pool
	p.mu.Lock()
	switch {
	case w.called:
		w.arrive()
	case w.inJob:
		w.putDown()
	}
	for !w.pickUp() {
		if !p.report() {
			p.leave()
			p.mu.Unlock()
			return false
		}
	}
	call := p.call()
	p.mu.Unlock()
	if call {
		p.host.Go(p.newWorker)
	}
	return true
}

// arrive is the first thing that a worker does: it reports what the others
// have left behind. Until it has, nobody else needs to be called.
func (w *worker) arrive() {
	w.pool.report()
	w.called, w.pool.called = false, false
}

// putDown leaves the result of the run in hand with those that are to be
// reported.
func (w *worker) putDown() {
	p := w.pool
	p.results.add(w.group.batch, w.group.at)
	w.inJob = false
	w.now = w.group.results[w.group.at].Finished
	if p.results.len() >= fullReport && p.report() {
		w.now = time.Time{}
	}
}

// pickUp takes the next run: of the worker's group, or else of the queue.
func (w *worker) pickUp() bool {
	if w.group.at+1 < w.group.end {
		w.group.at++
		return true
	}
	batch := w.group.batch
	w.dropGroup()
	if w.pool.queue.length == 0 || !w.pool.hasRoom() {
		return false
	}
	w.takeGroup()
	if w.group.batch != batch {
		w.now = time.Time{} // this batch may have come after that
	}
	return true
}

func (w *worker) takeGroup() {
	p := w.pool
	p.busy++
	w.group = p.queue.pop()
	if w.group.at+1 < w.group.end {
		w.place = p.groups.PushBack(w)
	}
}

func (w *worker) dropGroup() {
	if w.group.batch == nil {
		return
	}
	w.pool.busy--
	w.group = group{}
	if w.place != nil {
		w.pool.groups.Remove(w.place)
		w.place = nil
	}
}
