package postgres

import (
	"cmp"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/carillon-go/carillon/stores/internal/claim"
)

// dueJob is a row of a due job.
type dueJob struct {
	claim.Job
	place pgtype.TID // where the row is, for as long as it is locked
}

// readPage returns what reads id, version, born, put, next and ctid into a page
// of due jobs. A row without next stands for none.
func readPage(page *[]dueJob) func(pgx.Rows) error {
	return func(found pgx.Rows) error {
		var j dueJob
		var next instant
		into := []any{&j.ID, &j.Version, &j.Born, &j.Put, &next, &j.place}
		for found.Next() {
			if err := found.Scan(into...); err != nil {
				return err
			}
			if next.Valid {
				j.ID, j.Next = toID(j.ID), timeOf(next)
				*page = append(*page, j)
			}
		}
		if !slices.IsSortedFunc(*page, inOrder) { // some were put while they were locked
			slices.SortFunc(*page, inOrder)
		}
		return found.Err()
	}
}

// inOrder compares jobs by when they are due, and by ID.
func inOrder(a, b dueJob) int {
	return cmp.Or(a.Next.Compare(b.Next), cmp.Compare(a.ID, b.ID))
}
