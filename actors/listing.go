package actors

import (
	"cmp"
	"slices"
	"time"

	"github.com/carillon-go/carillon/job"
)

// Listing jobs. A job is a large value: what is sorted are their times, and each
// job is moved once.

// listing returns the jobs of the stores, each store's as it has listed them.
func (s *scheduler) listing(g *gathering) []job.Job {
	var lists [][]job.Job
	for _, shelf := range s.stores {
		lists = append(lists, g.jobs[shelf.member])
	}
	return joined(lists)
}

// page returns the jobs of one store, as it has listed them.
func (s *scheduler) page(g *gathering) []job.Job {
	for _, jobs := range g.jobs {
		return jobs
	}
	return nil
}

// annotated returns j with the reason why it cannot run here, if there is one.
func (s *scheduler) annotated(j job.Job) job.Job {
	if why := s.parked(&j); why != "" {
		j.Parked = why // or else what the store knows
	}
	return j
}

func (s *scheduler) parked(j *job.Job) string { return s.host.parked(j, s.executors) }

// turn is where a job stands in a list, and when its turn is.
type turn struct {
	sec  int64 // since 1970
	nano int32
	from int32
}

// last is the turn of jobs that are paused.
const last = 1<<63 - 1

func turnOf(next time.Time, from int) turn {
	if next.IsZero() {
		return turn{last, 0, int32(from)}
	}
	return turn{next.Unix(), int32(next.Nanosecond()), int32(from)}
}

// sortByNextRunTime sorts jobs that are in order of ID.
func sortByNextRunTime(jobs []job.Job) {
	turns := make([]turn, len(jobs))
	for i := range jobs {
		turns[i] = turnOf(jobs[i].NextRunTime, i)
	}
	slices.SortFunc(turns, func(a, b turn) int {
		switch {
		case a.sec != b.sec:
			return cmp.Compare(a.sec, b.sec)
		case a.nano != b.nano:
			return cmp.Compare(a.nano, b.nano)
		}
		return cmp.Compare(a.from, b.from)
	})
	arrange(jobs, turns)
}

// arrange moves each job to where its turn is, along the circles in which they
// take each other's places.
func arrange(jobs []job.Job, turns []turn) {
	for i := range turns {
		if int(turns[i].from) == i {
			continue
		}
		first, to := jobs[i], i
		for from := int(turns[to].from); from != i; from = int(turns[to].from) {
			jobs[to], turns[to].from = jobs[from], int32(to)
			to = from
		}
		jobs[to], turns[to].from = first, int32(to)
	}
}
