package sqlite

import (
	"database/sql"
	"fmt"

	"github.com/carillon-go/carillon/stores/internal/claim"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

var findSpecs = newBulk(`SELECT job, born, gone, task, executor, kind, max_instances, delivery, spec
	FROM spec WHERE (job, born) IN (VALUES (?, ?))`)

// specs returns the settings of jobs, and reads those that are not in the
// cache.
func (s *store) specs(from *connection, jobs []rows.Job) ([]*rows.Spec, error) {
	specs := make([]*rows.Spec, len(jobs))
	var missing []int
	index := map[string]int{}
	for i := range jobs {
		j := &jobs[i]
		if specs[i] = s.cache.Find(j.ID, j.Put); specs[i] == nil {
			missing = append(missing, i)
			index[j.ID] = i
		}
	}
	err := from.bulk(findSpecs, len(missing), func(args []any, k int) []any {
		j := &jobs[missing[k]]
		return append(args, j.ID, j.Born)
	}, func(r *sql.Rows) error {
		id, _, _, settings, err := scanSpec(r)
		if err != nil {
			return err
		}
		i := index[id]
		specs[i] = s.cache.Add(id, jobs[i].Put, &settings)
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, i := range missing {
		if specs[i] == nil { // somebody has deleted the row
			specs[i] = rows.Decode(jobs[i].ID, &rows.Settings{}, nil)
		}
	}
	return specs, nil
}

func scanSpec(r *sql.Rows) (id string, born int64, deleted bool, settings rows.Settings, err error) {
	var gone sql.NullString
	var delivery string
	err = r.Scan(&id, &born, &gone, &settings.Task, &settings.Executor, &settings.Kind, &settings.MaxInstances, &delivery, &settings.Spec)
	settings.Delivery = rows.DeliveryOf(delivery)
	return id, born, gone.String == "deleted", settings, err
}

// incarnation names a job that may be gone.
type incarnation struct {
	id   string
	born int64
}

// withSpecs adds to runs what is known of their jobs.
func (s *store) withSpecs(runs []rows.Run) ([]claim.Run, error) {
	known := map[incarnation]*claim.Run{}
	var jobs []incarnation
	for i := range runs {
		j := incarnation{runs[i].JobID, runs[i].Born}
		if known[j] == nil {
			known[j] = &claim.Run{}
			jobs = append(jobs, j)
		}
	}
	err := s.bulk(findSpecs, len(jobs), func(args []any, i int) []any {
		return append(args, jobs[i].id, jobs[i].born)
	}, func(r *sql.Rows) error {
		id, born, deleted, settings, err := scanSpec(r)
		if err == nil {
			*known[incarnation{id, born}] = claim.Run{Spec: s.cache.Decode(id, &settings), Deleted: deleted}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	with := make([]claim.Run, len(runs))
	for i := range runs {
		with[i] = *known[incarnation{runs[i].JobID, runs[i].Born}]
		if with[i].Spec == nil {
			return nil, fmt.Errorf("run %d of job %q has no settings; the file was changed by another program", runs[i].ID, runs[i].JobID)
		}
		with[i].Run = runs[i]
	}
	return with, nil
}
