package storetest

import (
	"fmt"
	"slices"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// modelHistory is what the store has recorded, as far as it has been looked at,
// and what it must have recorded since.
type modelHistory struct {
	seen    []job.Record // the newest last
	pending []job.Record
}

// modelRecords is how many records are remembered. A store that keeps more may
// return older ones too.
const modelRecords = 1000

func (m *model) record(r job.Record) { m.memory.pending = append(m.memory.pending, r) }

// last is the Seq of the newest record that was seen.
func (h *modelHistory) last() int64 {
	if len(h.seen) == 0 {
		return 0
	}
	return h.seen[len(h.seen)-1].Seq
}

// see compares the newest records of the store with those that are pending, and
// takes Seq and At from them.
func (h *modelHistory) see(newest []job.Record) error {
	var fresh []job.Record
	for _, r := range newest {
		if r.Seq > h.last() {
			fresh = append(fresh, r)
		}
	}
	if err := want("new records", records(h.pending), records(fresh)); err != nil {
		return err
	}
	slices.Reverse(fresh)
	h.seen, h.pending = append(h.seen, fresh...), nil
	h.seen = h.seen[max(0, len(h.seen)-modelRecords):]
	return nil
}

// ask compares the answer to a query.
func (h *modelHistory) ask(q *stores.HistoryQuery, got []job.Record) error {
	if len(h.seen) == 0 {
		return want("records", "0", len(got))
	}
	text := func(list []job.Record) (text string) {
		for i := range list {
			if list[i].Seq >= h.seen[0].Seq {
				text += fmt.Sprint(list[i].Seq, " ", record(&list[i]))
			}
		}
		return text
	}
	var exp []job.Record
	for _, r := range slices.Backward(h.seen) {
		if len(exp) < q.Limit && q.Matches(&r) {
			exp = append(exp, r)
		}
	}
	if err := want("history", text(exp), text(got)); err != nil {
		return fmt.Errorf("query %+v: %w", *q, err)
	}
	return nil
}
