package sqlite

import (
	"github.com/carillon-go/carillon/stores/internal/claim"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

var (
	takeRuns = newBulk(`WITH taken (job, id, attempt) AS (VALUES (?, ?, ?))
		UPDATE run SET node = ?, claim = ?, attempt = taken.attempt FROM taken WHERE run.job = taken.job AND run.id = taken.id`)

	insertRuns = newBulk(`WITH started AS (VALUES (?, ?, ?, ?, ?, ?, ?))
		INSERT INTO run (job, id, instance, born, attempt, scheduled, first, node, claim)
		SELECT *, ?, ? FROM started WHERE column1 IS NOT NULL`)

	moveJobs = newBulk(`WITH moved (id, version, next, waiting) AS (VALUES (?, ?, ?, ?))
		UPDATE job SET version = moved.version, next = moved.next, waiting = moved.waiting FROM moved WHERE job.id = moved.id`)

	// endJobs keep the settings while there are runs.
	endJobs = []*bulk{
		newBulk(`UPDATE spec SET gone = 'ended' WHERE job IN (VALUES (?)) AND born = (SELECT born FROM job WHERE id = spec.job)
			AND EXISTS (SELECT 1 FROM run WHERE run.job = spec.job AND run.born = spec.born)`),
		newBulk(`DELETE FROM spec WHERE job IN (VALUES (?)) AND gone IS NULL`),
		newBulk(`DELETE FROM job WHERE id IN (VALUES (?))`),
	}
)

// write writes what has been decided, but for what bury has.
func (s *store) write(d *claim.Decision) error {
	if err := s.number(d); err != nil {
		return err
	}
	seq := int64(d.Seq)
	if err := s.bulk(takeRuns, len(d.Taken), func(args []any, i int) []any {
		return append(args, d.Taken[i].JobID, d.Taken[i].ID, d.Taken[i].Attempt)
	}, nil, d.Node, seq); err != nil {
		return err
	}
	if err := s.bulk(insertRuns, len(d.Started), func(args []any, i int) []any {
		r := &d.Started[i]
		return append(args, r.JobID, r.ID, r.Instance, r.Born, r.Attempt, rows.Micros(r.Scheduled), rows.Micros(r.First))
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
	floor := int64(0)
	for i := range moves {
		if m := &moves[i]; m.Ended {
			ended = append(ended, m)
			floor = max(floor, m.Version)
		} else {
			on = append(on, m)
		}
	}
	if err := s.bulk(moveJobs, len(on), func(args []any, i int) []any {
		return append(args, on[i].ID, on[i].Version, nullTime(on[i].Next), on[i].Waiting)
	}, nil); err != nil || len(ended) == 0 {
		return err
	}
	each := func(args []any, i int) []any { return append(args, ended[i].ID) }
	for _, step := range endJobs {
		if err := s.bulk(step, len(ended), each, nil); err != nil {
			return err
		}
	}
	for _, m := range ended {
		s.cache.Drop(m.ID)
	}
	return s.raise(floor)
}
