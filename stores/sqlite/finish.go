package sqlite

import (
	"context"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

// Finish takes one transaction, and O(log n) for each run.
func (s *store) Finish(ctx context.Context, node string, done []stores.Done) (f stores.Finished, err error) {
	if err := s.lock(ctx, "finish"); err != nil {
		return f, err
	}
	defer s.mu.Unlock()
	if len(done) == 0 {
		return f, nil
	}
	err = s.change(ctx, func() (bool, error) {
		now, err := s.now()
		if err != nil {
			return false, err
		}
		if alive, _, err := s.node(node, now); err != nil || !alive {
			return false, err
		}
		f, err = s.finish(node, done)
		return f.Held > 0, err
	})
	if err != nil {
		return stores.Finished{}, s.about("finish", "", err)
	}
	return f, nil
}

func (s *store) finish(node string, done []stores.Done) (f stores.Finished, err error) {
	over, back := once(done)
	released, err := s.release(node, back)
	if err != nil {
		return f, err
	}
	f.Held = len(released)
	for i := range released {
		f.Next = rows.Earlier(f.Next, released[i].Scheduled)
	}
	if len(released) == len(back) {
		back = nil
	} // else those of deleted jobs have ended
	jobs := jobsOf(over, back)
	woken, err := s.ending(jobs, func() error {
		if err := s.recordRuns(node, over); err != nil {
			return err
		}
		for _, runs := range [][]*stores.Done{over, back} {
			n, err := s.end(node, runs)
			if err != nil {
				return err
			}
			f.Held += n
		}
		return nil
	})
	if err != nil {
		return f, err
	}
	f.Next = rows.Earlier(f.Next, woken)
	if of, ok := s.lone.find(over); ok && f.Held == len(done) {
		return f, s.forgetLone(jobs, of.born)
	}
	return f, s.forget(jobs)
}

// once divides what is done into runs that have ended and runs that are given
// back. Each counts once.
func once(done []stores.Done) (over, back []*stores.Done) {
	type attempt struct {
		run int64
		no  int
	}
	seen := make(map[attempt]bool, len(done))
	over = make([]*stores.Done, 0, len(done))
	for i := range done {
		d := &done[i]
		a := attempt{d.RunID, d.Attempt}
		switch {
		case seen[a]:
		case d.Outcome == job.Released:
			back = append(back, d)
		default:
			over = append(over, d)
		}
		seen[a] = true
	}
	return over, back
}

func jobsOf(lists ...[]*stores.Done) (ids []string) {
	for _, list := range lists {
		for _, d := range list {
			ids = append(ids, d.JobID)
		}
	}
	return ids
}

func attempts(done []*stores.Done) func(args []any, i int) []any {
	return func(args []any, i int) []any { return append(args, done[i].RunID, done[i].Attempt) }
}

// stretchOf tells whether these are all the runs from a first to a last ID, of one
// attempt. Mostly they are, when what was claimed together ends together.
func stretchOf(done []*stores.Done) (first, last int64, whole bool) {
	if len(done) == 0 {
		return 0, 0, false
	}
	first, last = done[0].RunID, done[0].RunID
	for _, d := range done {
		if d.Attempt != done[0].Attempt {
			return 0, 0, false
		}
		first, last = min(first, d.RunID), max(last, d.RunID)
	}
	return first, last, last-first == int64(len(done)-1)
}

const endStretch = `DELETE FROM run WHERE id BETWEEN ? AND ? AND +attempt = ? AND +node = ?`

var (
	endRuns = newBulk(`DELETE FROM run WHERE (id, attempt) IN (VALUES (?, ?)) AND node = ?`)

	releaseRuns = newBulk(`UPDATE run SET node = NULL, claim = 0 WHERE (id, attempt) IN (VALUES (?, ?)) AND node = ?
		AND NOT EXISTS (SELECT 1 FROM spec WHERE spec.job = run.job AND spec.born = run.born AND gone = 'deleted')
		RETURNING id, job, instance, born, '', attempt, scheduled, first`)
)

// end deletes those of the runs that the node holds, and returns how many they
// were.
func (s *store) end(node string, done []*stores.Done) (int, error) {
	if first, last, whole := stretchOf(done); whole {
		return s.count(endStretch, first, last, done[0].Attempt, node)
	}
	return s.bulkCount(endRuns, len(done), attempts(done), node)
}

// release gives runs back, but for those of deleted jobs.
func (s *store) release(node string, back []*stores.Done) (released []rows.Run, err error) {
	err = s.bulk(releaseRuns, len(back), attempts(back), into(&released), node)
	return released, err
}
