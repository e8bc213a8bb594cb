package memory

import (
	"context"
	"errors"
	"math"
	"slices"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// DefaultHistoryCount is how many records a Store keeps whose Config does not
// say so.
const DefaultHistoryCount = 10_000

const defaultHistoryAge = 7 * 24 * time.Hour

// history keeps the newest records, in a ring that grows with them.
type history struct {
	keep    stores.Retention // nothing left open
	entries []entry          // that of a Seq is at (Seq-1) % keep.Count
	oldest  int64            // Seq of the first that is kept
	next    int64            // Seq of the next one
}

type entry struct {
	job.Record
	elapsed time.Duration
}

func newHistory(keep stores.Retention) history {
	if keep.Age == 0 {
		keep.Age = defaultHistoryAge
	}
	if keep.Count == 0 {
		keep.Count = DefaultHistoryCount
	}
	return history{keep: keep, oldest: 1, next: 1}
}

func (h *history) kept() bool { return h.keep.Count > 0 }

func (h *history) at(seq int64) *entry { return &h.entries[(seq-1)%int64(h.keep.Count)] }

// add keeps a copy of r with Seq and At, and allocates nothing once the ring has grown.
func (h *history) add(now time.Time, elapsed time.Duration, r *job.Record) {
	h.expire(elapsed)
	if h.next <= int64(h.keep.Count) {
		h.grow()
	}
	e := h.at(h.next)
	e.Record, e.elapsed = *r, elapsed
	e.Seq, e.At = h.next, now
	h.next++
	h.oldest = max(h.oldest, h.next-int64(h.keep.Count))
}

// grow makes room for one more entry, doubling what there is up to Count.
func (h *history) grow() {
	n := len(h.entries)
	if n == cap(h.entries) {
		h.entries = slices.Grow(h.entries, min(max(n, 64), h.keep.Count-n))
	}
	h.entries = h.entries[:n+1]
}

// expire drops the records that are too old.
func (h *history) expire(elapsed time.Duration) {
	if h.keep.Age < 0 {
		return
	}
	for ; h.oldest < h.next; h.oldest++ {
		e := h.at(h.oldest)
		if elapsed-e.elapsed <= h.keep.Age {
			return
		}
		*e = entry{}
	}
}

// record adds to the history, if there is one.
func (m *Store) record(r *job.Record) {
	if m.history.kept() {
		m.history.add(m.now, m.elapsed, r)
	}
}

// record returns what a record says about the run. It is node's who records it.
func (u *run) record(node string, outcome job.Outcome) job.Record {
	return job.Record{
		JobID:     u.r.id,
		Outcome:   outcome,
		Scheduled: u.scheduled,
		First:     u.first,
		RunID:     u.id,
		Attempt:   u.attempt,
		Node:      node,
	}
}

// piece is how many records are looked at before others have their turn.
const piece = 4096

// History looks at one record after the other, all that are kept at the worst.
// It keeps others waiting for some of them only, and what is recorded meanwhile
// is newer than what it looks for.
func (s *session) History(ctx context.Context, query *stores.HistoryQuery) (records []job.Record, err error) {
	for before, more := int64(math.MaxInt64), true; more; {
		if records, before, more, err = s.search(ctx, query, before, records); err != nil {
			return nil, err
		}
	}
	return records, nil
}

// search appends to records what it finds in the next piece, which begins
// before a Seq.
func (s *session) search(ctx context.Context, query *stores.HistoryQuery, before int64, records []job.Record) (_ []job.Record, end int64, more bool, err error) {
	if err := s.lock(ctx, "history"); err != nil {
		return nil, 0, false, err
	}
	defer s.mu.Unlock()
	h := &s.history
	if !h.kept() {
		return nil, 0, false, s.refuse("history", "", errors.ErrUnsupported)
	}
	h.expire(s.elapsed)
	seq := min(before, h.next) - 1
	for last := max(h.oldest, seq-piece+1); seq >= last; seq-- {
		if len(records) == query.Limit {
			return records, 0, false, nil
		}
		if r := &h.at(seq).Record; query.Matches(r) {
			records = append(records, *r)
		}
	}
	return records, seq + 1, seq >= h.oldest, nil
}
