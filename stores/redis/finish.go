package redis

import (
	"context"
	"slices"
	"time"

	"github.com/carillon-go/carillon/stores"
)

// maxDone is how many runs one script ends, so that the server is not kept from
// other work for long.
const maxDone = 10_000

// Finish costs the server some 15 µs for each run. More than 10,000 runs are
// reported in several steps; an error then means that some of them may have
// ended, which does no harm to those that are reported again.
func (s *store) Finish(ctx context.Context, node string, done []stores.Done) (f stores.Finished, err error) {
	for part := range slices.Chunk(done, maxDone) {
		ended, err := s.finish(ctx, node, part)
		if err != nil {
			return stores.Finished{}, err
		}
		f.Held += ended.Held
		if !ended.Next.IsZero() && (f.Next.IsZero() || ended.Next.Before(f.Next)) {
			f.Next = ended.Next
		}
	}
	return f, nil
}

func (s *store) finish(ctx context.Context, node string, done []stores.Done) (f stores.Finished, err error) {
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
