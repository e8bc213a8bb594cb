package carillon

import (
	"context"
	"iter"

	"github.com/carillon-go/carillon/actors"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
)

// historyPage is how many records are asked for at a time.
const historyPage = 500

// History returns what the store (the "default" one, if none is named) has
// recorded of runs, of run times that did not run, and of changes of jobs: all
// that query selects, the newest first, up to query.Limit (0: no limit). It
// reads the store in pages while it is iterated over, and ends with the first
// error: [ErrNotRunning], [ErrUnknownStore], [errors.ErrUnsupported] if the
// store keeps no history, the store's own.
//
// How long records are kept is set with the store ([stores.Retention]).
func (s *Scheduler) History(ctx context.Context, query HistoryQuery, store ...string) iter.Seq2[Record, error] {
	alias := or(only(store), job.DefaultAlias)
	return func(yield func(Record, error) bool) {
		left, unlimited := query.Limit, query.Limit <= 0
		for page := query; unlimited || left > 0; {
			page.Limit = historyPage
			if !unlimited {
				page.Limit = min(left, historyPage)
			}
			records, err := actors.Ask(ctx, s.system, &messages.GetHistory{Reply: messages.To[[]job.Record](), Store: alias, Query: page})
			if err != nil {
				yield(Record{}, err)
				return
			}
			for _, r := range records {
				if !yield(r, nil) {
					return
				}
			}
			if len(records) < page.Limit {
				return
			}
			left -= len(records)
			page.Before = records[len(records)-1].Seq
		}
	}
}
