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
		return stores.Finished{}, about("finish", s.alias, "", err)
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
		f.Next = earlier(f.Next, released[i].Scheduled)
	}
	if len(released) == len(back) {
		back = nil
	} // else those of deleted jobs have ended
	woken, err := s.ending(jobsOf(over, back), func() error {
		if err := s.recordRuns(node, over); err != nil {
			return err
		}
		for _, runs := range [][]*stores.Done{over, back} {
			n, err := s.bulkCount(endRuns, len(runs), attempts(runs), node)
			if err != nil {
				return err
			}
			f.Held += n
		}
		return nil
	})
	f.Next = earlier(f.Next, woken)
	return f, err
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

var (
	endRuns = newBulk(`DELETE FROM run WHERE (id, attempt) IN (VALUES (?, ?)) AND node = ?`)

	releaseRuns = newBulk(`UPDATE run SET node = NULL, claim = 0 WHERE (id, attempt) IN (VALUES (?, ?)) AND node = ?
		AND NOT EXISTS (SELECT 1 FROM spec WHERE spec.job = run.job AND spec.born = run.born AND gone = 'deleted')
		RETURNING id, job, instance, born, '', attempt, scheduled, first`)
)

// release gives runs back, but for those of deleted jobs.
func (s *store) release(node string, back []*stores.Done) (released []rows.Run, err error) {
	err = s.bulk(releaseRuns, len(back), attempts(back), into(&released), node)
	return released, err
}
