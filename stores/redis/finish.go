package redis

import (
	"context"
	"time"

	"github.com/carillon-go/carillon/stores"
)

// Finish costs the server some 5 µs for each run.
func (s *store) Finish(ctx context.Context, node string, done []stores.Done) (f stores.Finished, err error) {
	args := make([]any, 0, 2+6*len(done))
	args = append(args, node, len(done))
	for i := range done {
		d := &done[i]
		args = append(args, d.RunID, d.Attempt, d.Outcome.String(), stamp(d.Started), stamp(d.Finished), d.Err)
	}
	value, err := s.call(ctx, finishScript, args...)
	if err == nil {
		var next time.Time
		answer := list(value)
		next, err = unstamp(answer.text(1))
		f = stores.Finished{Held: answer.int(0), Next: next}
	}
	if err != nil {
		return stores.Finished{}, s.refuse("finish", "", err)
	}
	return f, nil
}
