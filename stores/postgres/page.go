package postgres

import (
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/carillon-go/carillon/stores/internal/claim"
)

// page are due jobs, in order.
type page struct {
	jobs   []claim.Job
	puts   []int64      // the versions of their settings
	places []pgtype.TID // where their rows are, for as long as they are locked
}

func (p *page) reset() { p.jobs, p.puts, p.places = p.jobs[:0], p.puts[:0], p.places[:0] }

// read reads id, version, born, put, next and ctid. A row without next stands
// for none.
func (p *page) read(found pgx.Rows) error {
	for found.Next() {
		var j claim.Job
		var put int64
		var next instant
		var place pgtype.TID
		if err := found.Scan(&j.ID, &j.Version, &j.Born, &put, &next, &place); err != nil {
			return err
		}
		if next.Valid {
			j.ID, j.Next = toID(j.ID), timeOf(next)
			p.jobs, p.puts, p.places = append(p.jobs, j), append(p.puts, put), append(p.places, place)
		}
	}
	return found.Err()
}
