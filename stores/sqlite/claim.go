package sqlite

import (
	"context"
	"database/sql"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/internal/claim"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

// ClaimDue takes one transaction, and O(log n) for each due job. If nothing is
// due it writes nothing.
func (s *store) ClaimDue(ctx context.Context, c *stores.Claim) (*stores.Claimed, error) {
	if err := s.lock(ctx, "claim"); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	var claimed *stores.Claimed
	var decision *claim.Decision
	err := s.change(ctx, func() (written bool, err error) {
		now, err := s.now()
		if err != nil {
			return false, err
		}
		alive, last, err := s.node(c.Node, now)
		switch {
		case err != nil:
			return false, err
		case !alive:
			return false, job.ErrLeaseExpired
		case s.memory.Repeats(c) || c.Seq != 0 && c.Seq == last:
			claimed, err = s.again(c)
			return false, err
		}
		decision = s.memory.Begin(c, s.alias)
		claimed = decision.Claimed
		return s.claim(decision, now)
	})
	if err != nil {
		return nil, about("claim", s.alias, "", err)
	}
	if decision != nil {
		s.memory.Keep(decision)
	}
	return claimed, nil
}

// claim carries out a claim, and reports whether it has written anything.
func (s *store) claim(d *claim.Decision, now int64) (written bool, err error) {
	buried, err := s.bury(d, now)
	if err != nil {
		return false, err
	}
	if err := s.handOut(d); err != nil {
		return false, err
	}
	if err := s.plan(d); err != nil {
		return false, err
	}
	written = buried || !d.Empty()
	if written {
		if err := s.write(d); err != nil {
			return false, err
		}
	}
	return written, s.wakeUp(d)
}

// bury deals with the runs of nodes that have died.
func (s *store) bury(d *claim.Decision, now int64) (bool, error) {
	names, err := s.dead(now)
	if err != nil || len(names) == 0 {
		return false, err
	}
	var found []rows.Run
	if err := s.bulk(runsOfNodes, len(names), func(args []any, i int) []any { return append(args, names[i]) }, into(&found)); err != nil {
		return false, err
	}
	runs, err := s.withSpecs(found)
	if err != nil {
		return false, err
	}
	d.Bury(sorted(runs))
	if err := s.bulk(freeRuns, len(d.Freed), func(args []any, i int) []any { return append(args, d.Freed[i].JobID, d.Freed[i].ID) }, nil); err != nil {
		return false, err
	}
	lost := make([]string, len(d.Lost))
	for i := range d.Lost {
		lost[i] = d.Lost[i].JobID
	}
	if _, err := s.ending(lost, func() error {
		return s.bulk(deleteRuns, len(lost), func(args []any, i int) []any { return append(args, lost[i], d.Lost[i].ID) }, nil)
	}); err != nil {
		return false, err
	}
	return true, s.bulk(buryNodes, len(names), func(args []any, i int) []any { return append(args, names[i]) }, nil)
}

// handOut gives the claimer runs that nobody holds.
func (s *store) handOut(d *claim.Decision) error {
	var found []rows.Run
	if err := s.rows(into(&found), selectRuns+"WHERE node IS NULL ORDER BY id"); err != nil || len(found) == 0 {
		return err
	}
	runs, err := s.withSpecs(found)
	if err == nil {
		d.HandOut(runs)
	}
	return err
}

// again answers a claim that is repeated.
func (s *store) again(c *stores.Claim) (*stores.Claimed, error) {
	var found []rows.Run
	if err := s.rows(into(&found), selectRuns+"WHERE node = ? AND claim = ? ORDER BY id", c.Node, int64(c.Seq)); err != nil {
		return nil, err
	}
	runs, err := s.withSpecs(found)
	if err != nil {
		return nil, err
	}
	told := make([]job.Run, len(runs))
	for i := range runs {
		told[i] = runs[i].Told(runs[i].Spec, s.alias)
	}
	return s.memory.Again(c, told), nil
}

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

const selectRuns = `SELECT job, id, instance, born, ifnull(node, ''), attempt, scheduled, first FROM run `

var (
	runsOfNodes = newBulk(selectRuns + `WHERE node IN (VALUES (?))`)

	buryNodes = newBulk(`UPDATE node SET state = 'buried' WHERE name IN (VALUES (?))`)

	freeRuns = newBulk(`UPDATE run SET node = NULL, claim = 0 WHERE (job, id) IN (VALUES (?, ?))`)

	deleteRuns = newBulk(`DELETE FROM run WHERE (job, id) IN (VALUES (?, ?))`)

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

// into collects runs.
func into(runs *[]rows.Run) func(*sql.Rows) error {
	return func(found *sql.Rows) error {
		var r rows.Run
		var scheduled, first int64
		err := found.Scan(&r.JobID, &r.ID, &r.Instance, &r.Born, &r.Node, &r.Attempt, &scheduled, &first)
		r.Scheduled, r.First = rows.Time(scheduled), rows.Time(first)
		*runs = append(*runs, r)
		return err
	}
}
