package sqlite

import (
	"database/sql"
	"errors"

	"github.com/carillon-go/carillon/stores/internal/rows"
)

// pruneEvery is after how many new records the history is pruned; the first
// record after the store was opened counts as so many. At the most twice as many
// go then, so that it shrinks, if it is too long, without any operation that
// takes long.
const pruneEvery = 500

// prune counts new records and deletes what is not to be kept any more.
func (s *store) prune(added int) error {
	s.unpruned += added
	if s.unpruned < pruneEvery {
		return nil
	}
	batch := int64(2 * s.unpruned)
	s.unpruned = 0
	var first, last, at int64
	err := s.row("SELECT seq, at, (SELECT max(seq) FROM history) FROM history ORDER BY seq LIMIT 1", nil, &first, &at, &last)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	} else if err != nil {
		return err
	}
	surplus, oldest := last-int64(s.keep.Count), s.oldest()
	if surplus < first && at >= oldest {
		return nil
	}
	return s.do("DELETE FROM history WHERE seq < ? AND (seq <= ? OR at < ?)", first+batch, surplus, oldest)
}

// oldest is before which records are not kept; [rows.Never] if they are kept
// however old.
func (s *store) oldest() int64 {
	if s.keep.Age < 0 {
		return rows.Never
	}
	return rows.Micros(s.clock.Now().Add(-s.keep.Age))
}
