package sqlite

import (
	"cmp"
	"database/sql"
	"slices"

	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/internal/claim"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

const selectRuns = `SELECT id, job, instance, born, ifnull(node, ''), attempt, scheduled, first FROM run `

var (
	runsOfNodes = newBulk(selectRuns + `WHERE node IN (?)`)

	buryNodes = newBulk(`UPDATE node SET state = 'buried' WHERE name IN (?)`)

	freeRuns = newBulk(`UPDATE run SET node = NULL, claim = 0 WHERE id IN (?)`)

	deleteRuns = newBulk(`DELETE FROM run WHERE id IN (?)`)
)

// bury deals with the runs of nodes that have died.
func (s *store) bury(d *claim.Decision, now int64) error {
	names, err := s.dead(now)
	if err != nil || len(names) == 0 {
		return err
	}
	var found []rows.Run
	if err := s.bulk(runsOfNodes, len(names), func(args []any, i int) []any { return append(args, names[i]) }, into(&found)); err != nil {
		return err
	}
	runs, err := s.withSpecs(found)
	if err != nil {
		return err
	}
	d.Bury(sorted(runs))
	if err := s.bulk(freeRuns, len(d.Freed), func(args []any, i int) []any { return append(args, d.Freed[i].ID) }, nil); err != nil {
		return err
	}
	lost := make([]string, len(d.Lost))
	for i := range d.Lost {
		lost[i] = d.Lost[i].JobID
	}
	if _, err := s.ending(lost, func() error {
		return s.bulk(deleteRuns, len(lost), func(args []any, i int) []any { return append(args, d.Lost[i].ID) }, nil)
	}); err != nil {
		return err
	}
	if err := s.forget(lost); err != nil {
		return err
	}
	return s.bulk(buryNodes, len(names), func(args []any, i int) []any { return append(args, names[i]) }, nil)
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
	return s.memory.Again(c, s.alias, runs), nil
}

// into collects runs.
func into(runs *[]rows.Run) func(*sql.Rows) error {
	return func(found *sql.Rows) error {
		var r rows.Run
		var scheduled, first int64
		err := found.Scan(&r.ID, &r.JobID, &r.Instance, &r.Born, &r.Node, &r.Attempt, &scheduled, &first)
		r.Scheduled, r.First = rows.Time(scheduled), rows.Time(first)
		*runs = append(*runs, r)
		return err
	}
}

// sorted sorts runs by ID: in the order in which they were claimed first.
func sorted(runs []claim.Run) []claim.Run {
	slices.SortFunc(runs, func(a, b claim.Run) int { return cmp.Compare(a.ID, b.ID) })
	return runs
}
