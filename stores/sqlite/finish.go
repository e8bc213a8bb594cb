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

// attempt names a run that somebody holds.
type attempt struct {
	run int64
	no  int
}

func (s *store) finish(node string, done []stores.Done) (f stores.Finished, err error) {
	reports := make(map[attempt]*stores.Done, len(done)) // each counts once
	var over, back []*stores.Done
	for i := range done {
		d := &done[i]
		a := attempt{d.RunID, d.Attempt}
		if reports[a] != nil {
			continue
		}
		reports[a] = d
		if d.Outcome == job.Released {
			back = append(back, d)
		} else {
			over = append(over, d)
		}
	}
	released, gone, err := s.release(node, back)
	if err != nil {
		return f, err
	}
	ended, err := s.takeBack(endRuns, node, over)
	if err != nil {
		return f, err
	}
	f.Held = len(released) + len(gone) + len(ended)
	for i := range released {
		f.Next = earlier(f.Next, released[i].Scheduled)
	}
	woken, err := s.ended(append(gone, ended...))
	if err != nil {
		return f, err
	}
	f.Next = earlier(f.Next, woken)
	now := s.clock.Now()
	records := make([]job.Record, len(ended))
	for i := range ended {
		r := &ended[i]
		d := reports[attempt{r.ID, r.Attempt}]
		records[i] = job.Record{
			At: now, JobID: r.JobID, Outcome: d.Outcome, Scheduled: r.Scheduled, First: r.First, RunID: r.ID, Attempt: r.Attempt,
			Node: node, Started: d.Started, Finished: d.Finished, Reason: d.Err,
		}
	}
	return f, s.record(records)
}

// release gives runs back. Those of deleted jobs are gone.
func (s *store) release(node string, back []*stores.Done) (released, gone []rows.Run, err error) {
	if released, err = s.takeBack(releaseRuns, node, back); err != nil || len(released) == len(back) {
		return released, nil, err
	}
	gone, err = s.takeBack(endRuns, node, back)
	return released, gone, err
}

const returned = ` RETURNING job, id, instance, born, ?, attempt, scheduled, first`

var (
	endRuns = newBulk(`DELETE FROM run WHERE (job, id, attempt) IN (VALUES (?, ?, ?)) AND node = ?` + returned)

	releaseRuns = newBulk(`UPDATE run SET node = NULL, claim = 0 WHERE (job, id, attempt) IN (VALUES (?, ?, ?)) AND node = ?
		AND NOT EXISTS (SELECT 1 FROM spec WHERE spec.job = run.job AND spec.born = run.born AND gone = 'deleted')` + returned)
)

// takeBack executes b for those of the runs that the node holds.
func (s *store) takeBack(b *bulk, node string, done []*stores.Done) (runs []rows.Run, err error) {
	err = s.bulk(b, len(done), func(args []any, i int) []any {
		return append(args, done[i].JobID, done[i].RunID, done[i].Attempt)
	}, into(&runs), node, node)
	return runs, err
}
