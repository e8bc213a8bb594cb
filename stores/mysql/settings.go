package mysql

import (
	"database/sql"

	"github.com/carillon-go/carillon/stores/internal/rows"
)

// putSettings are the columns of what users have put.
type putSettings struct {
	task, executor, kind, delivery sql.NullString
	most                           sql.NullInt64
	spec                           []byte
}

// into returns where to read the columns to: task, executor, kind,
// max_instances, delivery and spec; all may be NULL.
func (s *putSettings) into() []any {
	return []any{&s.task, &s.executor, &s.kind, &s.most, &s.delivery, &s.spec}
}

func (s *putSettings) rows() *rows.Settings {
	return &rows.Settings{
		Task: s.task.String, Executor: s.executor.String, Kind: s.kind.String,
		MaxInstances: max(1, int(s.most.Int64)), Delivery: rows.DeliveryOf(s.delivery.String), Spec: s.spec,
	}
}
