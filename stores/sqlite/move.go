package sqlite

import (
	"github.com/carillon-go/carillon/stores/internal/claim"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

var (
	takeRuns = newBulk(`WITH taken (id, attempt) AS (VALUES (?, ?))
		UPDATE run SET node = ?, claim = ?, attempt = taken.attempt FROM taken WHERE run.id = taken.id`)

	insertRuns = newBulk(`WITH started AS (VALUES (?, ?, ?, ?, ?, ?, ?))
		INSERT INTO run (id, job, born, instance, attempt, scheduled, first, node, claim)
		SELECT *, ?, ? FROM started WHERE column1 IS NOT NULL`)

	// moveJobs has to do with jobs that are there only: an upsert is how SQLite
	// changes many rows by their keys in one pass.
	moveJobs = newBulk(`INSERT INTO job (id, version, next, waiting, born, put)
		SELECT *, 0, 0 FROM (VALUES (?, ?, ?, ?)) WHERE column1 IS NOT NULL
		ON CONFLICT (id) DO UPDATE SET version = excluded.version, next = excluded.next, waiting = excluded.waiting`)

	endJobs = newBulk(`DELETE FROM job WHERE id IN (?)`)
)

// write writes what has been decided, but for what bury has.
func (s *store) write(d *claim.Decision) error {
	if err := s.number(d); err != nil {
		return err
	}
	seq := int64(d.Seq)
	if err := s.bulk(takeRuns, len(d.Taken), func(args []any, i int) []any {
		return append(args, d.Taken[i].ID, d.Taken[i].Attempt)
	}, nil, d.Node, seq); err != nil {
		return err
	}
	if err := s.bulk(insertRuns, len(d.Started), func(args []any, i int) []any {
		r := &d.Started[i]
		return append(args, r.ID, r.JobID, r.Born, r.Instance, r.Attempt, rows.Micros(r.Scheduled), rows.Micros(r.First))
	}, nil, d.Node, seq); err != nil {
		return err
	}
	if err := s.move(d.Moves); err != nil {
		return err
	}
	if err := s.do("UPDATE node SET claim = ? WHERE name = ?", seq, d.Node); err != nil {
		return err
	}
	return s.record(d.Records(s.clock.Now()))
}

// number gives the new runs their IDs.
func (s *store) number(d *claim.Decision) error {
	n := d.Unnumbered()
	if n == 0 {
		return nil
	}
	var last int64
	if err := s.row("UPDATE counter SET run = run + ? RETURNING run", []any{n}, &last); err != nil {
		return err
	}
	ids := make([]int64, n)
	for i := range ids {
		ids[i] = last - int64(n-1-i)
	}
	d.Number(ids)
	return nil
}

// move has jobs take their steps.
func (s *store) move(moves []claim.Move) error {
	var on, ended []*claim.Move
	var idle []string // of the ended, those for which this claim starts no run
	for i := range moves {
		m := &moves[i]
		if !m.Ended {
			on = append(on, m)
			continue
		}
		ended = append(ended, m)
		if m.Runs == 0 {
			idle = append(idle, m.ID)
		}
	}
	if err := s.bulk(moveJobs, len(on), func(args []any, i int) []any {
		return append(args, on[i].ID, on[i].Version, nullTime(on[i].Next), on[i].Waiting)
	}, nil); err != nil || len(ended) == 0 {
		return err
	}
	return s.conclude(ended, idle)
}

// conclude deletes jobs that have ended, and the settings of those that have no
// unfinished runs, which are among the idle.
func (s *store) conclude(ended []*claim.Move, idle []string) error {
	floor := int64(0)
	if err := s.bulk(endJobs, len(ended), func(args []any, i int) []any {
		floor = max(floor, ended[i].Version)
		s.cache.Drop(ended[i].ID)
		return append(args, ended[i].ID)
	}, nil); err != nil {
		return err
	}
	forgotten, err := s.bulkCount(forgetSpecs, len(idle), func(args []any, i int) []any { return append(args, idle[i]) })
	if err != nil {
		return err
	}
	return s.gone(len(ended)-forgotten, floor)
}

// gone counts jobs that are gone while their settings are kept, and raises the
// floor of versions.
func (s *store) gone(n int, floor int64) error {
	return s.do("UPDATE counter SET gone = gone + ?, floor = max(floor, ?)", n, floor)
}
