package dashboard

import (
	"context"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clock"
)

const (
	lastRunsScan = 2000                   // records that are looked at for all jobs together
	lastRunsTime = 250 * time.Millisecond // for those jobs that are not among them, one by one
)

// lastRuns fills in how the last runs of jobs ended. Those that have run lately are
// found together, in the newest records of the store. The others are asked for one
// by one, which in some stores is a look at all of its history each: when that has
// taken long enough, what is left is told to have had none since then. why says
// what kept it from knowing anything.
func (v *visit) lastRuns(store string, rows []row) (why string) {
	missing := make(map[string]*row, len(rows))
	for i := range rows {
		missing[rows[i].ID] = &rows[i]
	}
	err := v.read(store, func(ctx context.Context) error {
		looked, since, err := v.lately(ctx, store, missing)
		if err != nil || looked < lastRunsScan {
			return err
		}
		end := clock.Real().Now().Add(lastRunsTime)
		for i := range rows {
			switch r := &rows[i]; {
			case r.Last != nil:
			case clock.Real().Now().After(end):
				r.Since = since
			default:
				if err := v.lastRun(ctx, store, r); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return v.without(store, err)
}

// lately looks for the last runs in the newest records, until all are found. since
// is the time of the last record that it has looked at.
func (v *visit) lately(ctx context.Context, store string, missing map[string]*row) (looked int, since moment, err error) {
	query := carillon.HistoryQuery{Outcomes: ofRuns, Limit: lastRunsScan}
	for r, err := range v.s.History(ctx, query, store) {
		if err != nil {
			return looked, since, err
		}
		looked, since = looked+1, v.moment(r.At)
		if row := missing[r.JobID]; row != nil {
			row.Last = new(v.record(store, &r))
			if delete(missing, r.JobID); len(missing) == 0 {
				break
			}
		}
	}
	return looked, since, nil
}

// lastRun looks for the last run of one job.
func (v *visit) lastRun(ctx context.Context, store string, row *row) error {
	query := carillon.HistoryQuery{JobID: row.ID, Outcomes: ofRuns, Limit: 1}
	for r, err := range v.s.History(ctx, query, store) {
		if err != nil {
			return err
		}
		row.Last = new(v.record(store, &r))
	}
	return nil
}
