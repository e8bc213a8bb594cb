package sqlite

import "github.com/carillon-go/carillon/stores/internal/rows"

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
	batch := 2 * s.unpruned
	s.unpruned = 0
	if err := s.do(`DELETE FROM history WHERE seq IN (SELECT seq FROM history ORDER BY seq LIMIT ?)
		AND seq <= (SELECT max(seq) FROM history) - ?`, batch, s.keep.Count); err != nil {
		return err
	}
	oldest := s.oldest()
	if oldest == rows.Never {
		return nil
	}
	return s.do(`DELETE FROM history WHERE seq IN (SELECT seq FROM history ORDER BY seq LIMIT ?) AND at < ?`, batch, oldest)
}

// oldest is before which records are not kept; [rows.Never] if they are kept
// however old.
func (s *store) oldest() int64 {
	if s.keep.Age < 0 {
		return rows.Never
	}
	return rows.Micros(s.clock.Now().Add(-s.keep.Age))
}
