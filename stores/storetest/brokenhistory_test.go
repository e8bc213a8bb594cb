package storetest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// histories makes a store whose history holds what change makes of the right
// one, the newest first, and which selects from it by matches.
func histories(change func([]job.Record) []job.Record, matches func(*stores.HistoryQuery, *job.Record) bool) func(stores.Store) stores.Store {
	return func(s stores.Store) stores.Store {
		return &faulty{Store: s, history: func(s stores.Store, ctx context.Context, q *stores.HistoryQuery) ([]job.Record, error) {
			all, err := s.History(ctx, &stores.HistoryQuery{Limit: 1e6})
			var found []job.Record
			for _, r := range change(all) {
				if len(found) < q.Limit && matches(q, &r) {
					found = append(found, r)
				}
			}
			return found, err
		}}
	}
}

// recordsOf makes a store that changes each record, or drops it.
func recordsOf(keep func(*job.Record) bool) func(stores.Store) stores.Store {
	return histories(func(all []job.Record) (kept []job.Record) {
		for _, r := range all {
			if keep(&r) {
				kept = append(kept, r)
			}
		}
		return kept
	}, (*stores.HistoryQuery).Matches)
}

// matching makes a store that selects by a rule of its own.
func matching(matches func(*stores.HistoryQuery, *job.Record) bool) func(stores.Store) stores.Store {
	return histories(func(all []job.Record) []job.Record { return all }, matches)
}

// forgets makes a store that leaves out the records of one outcome.
func forgets(outcome job.Outcome) func(stores.Store) stores.Store {
	return recordsOf(func(r *job.Record) bool { return r.Outcome != outcome })
}

// notes makes a store that records something more, in the way that note does.
func notes(note func(f *faulty, record func(id string, outcome job.Outcome))) func(stores.Store) stores.Store {
	return func(s stores.Store) stores.Store {
		var more []job.Record
		f := histories(func(all []job.Record) []job.Record { return append(slices.Clone(more), all...) }, (*stores.HistoryQuery).Matches)(s).(*faulty)
		note(f, func(id string, outcome job.Outcome) {
			more = append(more, job.Record{Seq: int64(1e9 + len(more)), At: epoch, JobID: id, Outcome: outcome})
		})
		return f
	}
}

// remembers makes a store that still tells what was removed from its history.
func remembers(s stores.Store) stores.Store {
	var seen []job.Record // the newest first
	return histories(func(all []job.Record) []job.Record {
		fresh := slices.IndexFunc(all, func(r job.Record) bool { return len(seen) > 0 && r.Seq <= seen[0].Seq })
		if fresh < 0 {
			fresh = len(all)
		}
		seen = append(slices.Clone(all[:fresh]), seen...)
		return seen
	}, (*stores.HistoryQuery).Matches)(s)
}

var brokenHistories = []broken{
	{"old records told", "history/age", remembers},
	{"a history that is not to be had", "history/unsupported", func(s stores.Store) stores.Store {
		return &faulty{Store: s, history: func(stores.Store, context.Context, *stores.HistoryQuery) ([]job.Record, error) {
			return nil, errors.ErrUnsupported
		}}
	}},
	{"failures not recorded", "history/finished", forgets(job.Failed)},
	{"Finished in milliseconds", "history/finished", recordsOf(func(r *job.Record) bool {
		r.Finished = r.Finished.Truncate(time.Millisecond)
		return true
	})},
	{"First not recorded", "history/finished", recordsOf(func(r *job.Record) bool {
		r.First = r.Scheduled
		return true
	})},
	{"runs that were not started have a time for it", "history/finished", recordsOf(func(r *job.Record) bool {
		if r.Started.IsZero() {
			r.Started = time.Unix(0, 0)
		}
		return true
	})},
	{"Reason in one line", "history/text", recordsOf(func(r *job.Record) bool {
		r.Reason = strings.ReplaceAll(r.Reason, "\r\n", "\n")
		return true
	})},
	{"Reason trimmed", "history/text", recordsOf(func(r *job.Record) bool {
		r.Reason = strings.TrimSpace(r.Reason)
		return true
	})},
	{"Reason without signs beyond the first plane", "history/text", recordsOf(func(r *job.Record) bool {
		r.Reason = strings.ReplaceAll(r.Reason, "🎲", "?")
		return true
	})},
	{"refuses what is not text", "history/any-text", func(s stores.Store) stores.Store {
		return &faulty{Store: s, finish: func(s stores.Store, ctx context.Context, node string, done []stores.Done) (stores.Finished, error) {
			for _, d := range done {
				if !utf8.ValidString(d.Err) || strings.Contains(d.Err, "\x00") {
					return stores.Finished{}, errors.New("invalid byte sequence")
				}
			}
			return s.Finish(ctx, node, done)
		}}
	}},
	{"a release recorded", "history/released", notes(func(f *faulty, record func(string, job.Outcome)) {
		f.finish = func(s stores.Store, ctx context.Context, node string, done []stores.Done) (stores.Finished, error) {
			for _, d := range done {
				if d.Outcome == job.Released {
					record(d.JobID, job.Released)
				}
			}
			return s.Finish(ctx, node, done)
		}
	})},
	{"the first attempt recorded", "history/released", recordsOf(func(r *job.Record) bool {
		r.Attempt = min(r.Attempt, 1)
		return true
	})},
	{"recorded though not held", "history/not-held", notes(func(f *faulty, record func(string, job.Outcome)) {
		f.finish = func(s stores.Store, ctx context.Context, node string, done []stores.Done) (stores.Finished, error) {
			got, err := s.Finish(ctx, node, done)
			if len(done) > 0 && got.Held == 0 {
				record(done[0].JobID, done[0].Outcome)
			}
			return got, err
		}
	})},
	{"recorded though refused", "history/not-held", notes(func(f *faulty, record func(string, job.Outcome)) {
		f.put = func(s stores.Store, ctx context.Context, mode stores.PutMode, jobs []job.Job) error {
			err := s.Put(ctx, mode, jobs)
			if err != nil {
				record(jobs[0].ID, job.Modified)
			}
			return err
		}
	})},
	{"a repeated claim recorded", "history/not-held", notes(func(f *faulty, record func(string, job.Outcome)) {
		var seq uint64
		f.claim = func(s stores.Store, ctx context.Context, c *stores.Claim) (*stores.Claimed, error) {
			got, err := s.ClaimDue(ctx, c)
			if c.Seq == seq && err == nil {
				for _, skip := range got.Skipped {
					record(skip.JobID, job.Skipped)
				}
			}
			seq = c.Seq
			return got, err
		}
	})},
	{"a claim without effect recorded", "history/empty", notes(func(f *faulty, record func(string, job.Outcome)) {
		f.claim = func(s stores.Store, ctx context.Context, c *stores.Claim) (*stores.Claimed, error) {
			got, err := s.ClaimDue(ctx, c)
			if err == nil && len(got.Runs) == 0 {
				record("", job.Skipped)
			}
			return got, err
		}
	})},
	{"skips not recorded", "history/skipped", forgets(job.Skipped)},
	{"one record for all skipped times", "history/skipped", histories(func(all []job.Record) []job.Record {
		return slices.CompactFunc(all, func(a, b job.Record) bool { return a.Outcome == job.Skipped && b.Outcome == job.Skipped })
	}, (*stores.HistoryQuery).Matches)},
	{"skips without a reason", "history/skipped", recordsOf(func(r *job.Record) bool {
		if r.Outcome == job.Skipped {
			r.Reason = ""
		}
		return true
	})},
	{"what is parked not recorded", "history/parked", forgets(job.Parked)},
	{"parked without a time", "history/parked", recordsOf(func(r *job.Record) bool {
		if r.Outcome == job.Parked {
			r.Scheduled, r.First = time.Time{}, time.Time{}
		}
		return true
	})},
	{"lost runs not recorded", "history/lost", forgets(job.Lost)},
	{"lost runs recorded for who noticed", "history/lost", recordsOf(func(r *job.Record) bool {
		if r.Outcome == job.Lost {
			r.Node = "b"
		}
		return true
	})},
	{"recorded without a name", "history/node", recordsOf(func(r *job.Record) bool {
		r.Node = ""
		return true
	})},
	{"changes not recorded", "history/changes", forgets(job.Modified)},
	{"a pause is a change", "history/changes", recordsOf(func(r *job.Record) bool {
		if r.Outcome == job.Paused {
			r.Outcome = job.Modified
		}
		return true
	})},
	{"new jobs recorded", "history/changes", notes(func(f *faulty, record func(string, job.Outcome)) {
		f.put = func(s stores.Store, ctx context.Context, mode stores.PutMode, jobs []job.Job) error {
			if mode == stores.Insert {
				record(jobs[0].ID, job.Modified)
			}
			return s.Put(ctx, mode, jobs)
		}
	})},
	{"only the last of several changes recorded", "history/put-twice", histories(func(all []job.Record) []job.Record {
		return slices.CompactFunc(all, func(a, b job.Record) bool { return a.JobID == b.JobID })
	}, (*stores.HistoryQuery).Matches)},
	{"deletions not recorded", "history/removed", forgets(job.Removed)},
	{"an end recorded", "history/removed", notes(func(f *faulty, record func(string, job.Outcome)) {
		f.claim = func(s stores.Store, ctx context.Context, c *stores.Claim) (*stores.Claimed, error) {
			got, err := s.ClaimDue(ctx, c)
			if err == nil {
				for _, id := range got.Ended {
					record(id, job.Removed)
				}
			}
			return got, err
		}
	})},
	{"the oldest first", "history/newest-first", histories(func(all []job.Record) []job.Record {
		slices.Reverse(all)
		return all
	}, (*stores.HistoryQuery).Matches)},
	{"Seq is the page's", "history/newest-first", func(s stores.Store) stores.Store {
		return &faulty{Store: s, history: func(s stores.Store, ctx context.Context, q *stores.HistoryQuery) ([]job.Record, error) {
			page, err := s.History(ctx, q)
			for i := range page {
				page[i].Seq = int64(i)
			}
			return page, err
		}}
	}},
	{"Limit and one", "history/newest-first", func(s stores.Store) stores.Store {
		return &faulty{Store: s, history: func(s stores.Store, ctx context.Context, q *stores.HistoryQuery) ([]job.Record, error) {
			more := *q
			more.Limit++
			return s.History(ctx, &more)
		}}
	}},
	{"Before not excluded", "history/pages", matching(func(q *stores.HistoryQuery, r *job.Record) bool {
		more := *q
		if more.Before != 0 {
			more.Before++
		}
		return more.Matches(r)
	})},
	{"Before ignored", "history/pages", matching(func(q *stores.HistoryQuery, r *job.Record) bool {
		more := *q
		more.Before = 0
		return more.Matches(r)
	})},
	{"JobID without regard to case", "history/by-job", matching(func(q *stores.HistoryQuery, r *job.Record) bool {
		more := *q
		more.JobID = ""
		return more.Matches(r) && (q.JobID == "" || strings.EqualFold(q.JobID, r.JobID))
	})},
	{"JobID is a beginning", "history/by-job", matching(func(q *stores.HistoryQuery, r *job.Record) bool {
		more := *q
		more.JobID = ""
		return more.Matches(r) && strings.HasPrefix(r.JobID, q.JobID)
	})},
	{"records go with their job", "history/by-job", func(s stores.Store) stores.Store {
		gone := map[string]bool{}
		f := recordsOf(func(r *job.Record) bool { return !gone[r.JobID] })(s).(*faulty)
		f.delete = func(s stores.Store, ctx context.Context, ids ...string) ([]string, error) {
			for _, id := range ids {
				gone[id] = true
			}
			return s.Delete(ctx, ids...)
		}
		return f
	}},
	{"the first of the Outcomes", "history/by-outcome", matching(func(q *stores.HistoryQuery, r *job.Record) bool {
		more := *q
		more.Outcomes = q.Outcomes[:min(1, len(q.Outcomes))]
		return more.Matches(r)
	})},
	{"To not excluded", "history/by-time", matching(func(q *stores.HistoryQuery, r *job.Record) bool {
		more := *q
		if !q.To.IsZero() {
			more.To = q.To.Add(1)
		}
		return more.Matches(r)
	})},
	{"From excluded", "history/by-time", matching(func(q *stores.HistoryQuery, r *job.Record) bool {
		more := *q
		if !q.From.IsZero() {
			more.From = q.From.Add(1)
		}
		return more.Matches(r)
	})},
	{"coalesced times not covered", "history/by-time", matching(func(q *stores.HistoryQuery, r *job.Record) bool {
		only := *r
		only.First = only.Scheduled
		return q.Matches(&only)
	})},
	{"changes at no time", "history/by-time-of-change", matching(func(q *stores.HistoryQuery, r *job.Record) bool {
		return q.Matches(r) && (!r.Scheduled.IsZero() || q.From.IsZero())
	})},
	{"Limit before the rest", "history/all-at-once", func(s stores.Store) stores.Store {
		return &faulty{Store: s, history: func(s stores.Store, ctx context.Context, q *stores.HistoryQuery) ([]job.Record, error) {
			page, err := s.History(ctx, &stores.HistoryQuery{JobID: q.JobID, Before: q.Before, Limit: q.Limit})
			return slices.DeleteFunc(page, func(r job.Record) bool { return !q.Matches(&r) }), err
		}}
	}},
	{"a hundred records to a claim", "history/many", histories(func(all []job.Record) []job.Record {
		return all[:min(len(all), 100)]
	}, (*stores.HistoryQuery).Matches)},
	{"a history of this opening", "history/reopen", func(s stores.Store) stores.Store {
		before, err := s.History(context.Background(), &stores.HistoryQuery{Limit: 1})
		if err != nil || len(before) == 0 {
			return s
		}
		return recordsOf(func(r *job.Record) bool { return r.Seq > before[0].Seq })(s)
	}},
	{"History does not look at its context", "cancel/nothing-done", func(s stores.Store) stores.Store {
		return &faulty{Store: s, history: func(s stores.Store, ctx context.Context, q *stores.HistoryQuery) ([]job.Record, error) {
			return s.History(context.WithoutCancel(ctx), q)
		}}
	}},
	{"recorded, and then given up", "cancel/nothing-done", notes(func(f *faulty, record func(string, job.Outcome)) {
		f.delete = func(s stores.Store, ctx context.Context, ids ...string) ([]string, error) {
			record("", job.Removed)
			return s.Delete(ctx, ids...)
		}
	})},
	{"each node numbers its own records", "concurrent/history", recordsOf(func(r *job.Record) bool {
		r.Seq = r.Seq/3 + 1
		return true
	})},
	{"a history with other numbers", "model/seed-1", recordsOf(func(r *job.Record) bool {
		r.RunID %= 50
		return true
	})},
}
