package actors

import (
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/carillon-go/carillon/job"
)

// lots are the runs that an executor has not reported. They are its actor's, who
// alone changes them; others may look at them, even while the actor stands still
// in an Executor that executes on the spot.
type lots struct {
	mu         sync.Mutex // held by the actor while it changes what follows, and by others
	open       map[uint64]*lot
	taken      uint64
	unreported int
}

// lot is what one Execute has brought.
type lot struct {
	from  string    // who is to be told of their ends: see messages.Execute
	at    time.Time // when it came
	runs  []job.Run // the Executor's; read only
	marks []mark    // of each of them
	left  int
}

type mark struct {
	start    job.Start
	reported bool
}

// A run's ticket is its lot's number and its index there.
const ticketIndexBits = 24

// take notes runs that have come at now, and gives them their tickets.
func (ls *lots) take(from string, runs []job.Run, now time.Time) {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	ls.taken++
	l := &lot{from: from, at: now, runs: runs, marks: make([]mark, len(runs)), left: len(runs)}
	for i := range runs {
		runs[i].Ticket = ls.taken<<ticketIndexBits | uint64(i)
		runs[i].Start = &l.marks[i].start
	}
	if ls.open == nil {
		ls.open = make(map[uint64]*lot)
	}
	ls.open[ls.taken] = l
	ls.unreported += len(runs)
}

// checkOff notes that a run is reported, and returns its lot; nil: it was reported
// before. The caller holds the mutex.
func (ls *lots) checkOff(run *job.Run) *lot {
	number, index := run.Ticket>>ticketIndexBits, run.Ticket&(1<<ticketIndexBits-1)
	l := ls.open[number]
	if l == nil || l.marks[index].reported {
		return nil
	}
	l.marks[index].reported = true
	l.left--
	ls.unreported--
	if l.left == 0 {
		delete(ls.open, number)
	}
	return l
}

// clear forgets all runs.
func (ls *lots) clear() {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	clear(ls.open)
	ls.unreported = 0
}

// inOrder returns the lots in the order in which they came.
func (ls *lots) inOrder() (list []*lot) {
	for _, number := range slices.Sorted(maps.Keys(ls.open)) {
		list = append(list, ls.open[number])
	}
	return list
}

// active returns the runs that are not reported, in the order in which they came.
func (ls *lots) active() (list []job.ActiveRun) {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	for _, l := range ls.inOrder() {
		for i := range l.runs {
			if m := &l.marks[i]; !m.reported {
				list = append(list, job.ActiveRun{Run: l.runs[i], Submitted: l.at, Started: m.start.Time()})
			}
		}
	}
	return list
}
