package postgres

import (
	"cmp"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/carillon-go/carillon/stores/internal/claim"
)

// readJobs returns what reads id, version, born, put, next and ctid of due jobs.
// A row without next stands for none.
func (k *claiming) readJobs(jobs *[]claim.Job) func(pgx.Rows) error {
	return func(found pgx.Rows) error {
		var j claim.Job
		var next instant
		var place pgtype.TID
		into := []any{&j.ID, &j.Version, &j.Born, &j.Put, &next, &place}
		for found.Next() {
			if err := found.Scan(into...); err != nil {
				return err
			}
			if next.Valid {
				j.ID, j.Next, j.Row = toID(j.ID), timeOf(next), len(k.places)
				k.places = append(k.places, place)
				*jobs = append(*jobs, j)
			}
		}
		if !slices.IsSortedFunc(*jobs, inOrder) { // some were put while they were locked
			slices.SortFunc(*jobs, inOrder)
		}
		return found.Err()
	}
}

// inOrder compares jobs by when they are due, and by ID.
func inOrder(a, b claim.Job) int {
	return cmp.Or(a.Next.Compare(b.Next), cmp.Compare(a.ID, b.ID))
}
