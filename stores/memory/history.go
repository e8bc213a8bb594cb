package memory

import (
	"context"
	"errors"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

func (s *session) History(context.Context, *stores.HistoryQuery) ([]job.Record, error) {
	return nil, errors.ErrUnsupported
}
