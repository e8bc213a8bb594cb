package dashboard

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/job"
)

// record is an entry of a store's history.
type record struct {
	Store     string `json:"store"`
	Seq       int64  `json:"seq"`
	Job       string `json:"job"`
	Outcome   string `json:"outcome"`
	At        moment `json:"at"`
	Scheduled moment `json:"scheduled,omitzero"`
	First     moment `json:"first,omitzero"` // if other run times were coalesced into it
	Attempt   int    `json:"attempt,omitempty"`
	Node      string `json:"node,omitempty"`
	Started   moment `json:"started,omitzero"`
	Late      *span  `json:"late_seconds,omitempty"`
	Took      *span  `json:"took_seconds,omitempty"`
	Reason    string `json:"reason,omitempty"`
}

// Time returns the time that the record is about.
func (r *record) Time() moment {
	if r.Scheduled.IsZero() {
		return r.At
	}
	return r.Scheduled
}

// Began says how late the run began.
func (r *record) Began() string {
	if time.Duration(*r.Late) < time.Microsecond {
		return "began on time"
	}
	return "began " + r.Late.String() + " late"
}

// Headline returns the beginning of the reason, and More whether there is more
// of it.
func (r *record) Headline() string {
	line, _, _ := strings.Cut(r.Reason, "\n")
	if len(line) <= headline {
		return line
	}
	cut := headline
	for !utf8.RuneStart(line[cut]) {
		cut--
	}
	return line[:cut] + "…"
}

// More reports whether the Headline is not all.
func (r *record) More() bool { return r.Headline() != r.Reason }

const headline = 160 // bytes

// The outcomes that runs have, and those of them that somebody should look at.
var (
	ofRuns  = []carillon.Outcome{carillon.Executed, carillon.Failed, carillon.Missed, carillon.Skipped, carillon.Lost}
	trouble = []carillon.Outcome{carillon.Failed, carillon.Missed, carillon.Lost, carillon.Skipped}
	changes = []carillon.Outcome{job.Paused, job.Resumed, job.Modified, job.Removed}
)

// records reads a store's history. why says why there is none.
func (v *visit) records(store string, query carillon.HistoryQuery) (list []record, why string) {
	list = []record{}
	err := v.read(store, func(ctx context.Context) error {
		for r, err := range v.s.History(ctx, query, store) {
			if err != nil {
				return err
			}
			list = append(list, v.record(store, &r))
		}
		return nil
	})
	return list, v.without(store, err)
}

// without says why there is no history, if there is none: the store keeps none, or
// the scheduler is stopped. Any other error is noted on the page.
func (v *visit) without(store string, err error) (why string) {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, errors.ErrUnsupported):
		return "The store keeps no history."
	case errors.Is(err, carillon.ErrNotRunning):
		return "The scheduler is stopped, and its stores are closed."
	}
	v.note(store, "history", err)
	return "The history could not be read."
}

func (v *visit) record(store string, r *carillon.Record) record {
	shown := record{
		Store:     store,
		Seq:       r.Seq,
		Job:       r.JobID,
		Outcome:   r.Outcome.String(),
		At:        v.moment(r.At),
		Scheduled: v.moment(r.Scheduled),
		Attempt:   r.Attempt,
		Node:      r.Node,
		Started:   v.moment(r.Started),
		Reason:    r.Reason,
	}
	if !r.First.Equal(r.Scheduled) {
		shown.First = v.moment(r.First)
	}
	if !r.Started.IsZero() {
		shown.Late, shown.Took = new(span(r.Started.Sub(r.Scheduled))), new(span(r.Finished.Sub(r.Started)))
	}
	return shown
}
