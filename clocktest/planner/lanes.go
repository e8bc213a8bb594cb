package planner

import (
	"time"

	"github.com/carillon-go/carillon"
)

// lanes gives runs that are executed at the same time places beneath each
// other.
type lanes struct {
	lane map[*Run]int
	ends []time.Time // when the last run of each lane ends
}

// newLanes puts each run into the first lane that is free, or, when all are
// taken, into the one that is free first.
func newLanes(runs []*Run) *lanes {
	l := &lanes{lane: make(map[*Run]int)}
	for _, run := range runs {
		if run.Outcome != carillon.Executed {
			continue
		}
		i := l.free(run.Started)
		l.lane[run], l.ends[i] = i, run.Finished
	}
	return l
}

func (l *lanes) free(at time.Time) int {
	first := 0
	for i, end := range l.ends {
		if !end.After(at) {
			return i
		}
		if end.Before(l.ends[first]) {
			first = i
		}
	}
	if len(l.ends) < maxLanes {
		l.ends = append(l.ends, time.Time{})
		return len(l.ends) - 1
	}
	return first
}

func (l *lanes) of(run *Run) int { return l.lane[run] }

func (l *lanes) count() int { return max(len(l.ends), 1) }
