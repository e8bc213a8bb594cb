package sqlite

import (
	"database/sql"
	"strings"
)

// bulk is a statement about many rows of values: before + VALUES + after. Its
// texts exist for a few numbers of rows, so that they are prepared once.
type bulk struct {
	before, row, after string
	texts              [len(sizes)]string
}

// sizes are the numbers of rows, the greatest first.
var sizes = [...]int{256, 64, 16, 4, 1}

// newBulk makes a bulk of a text in which VALUES (…) stands for the rows.
func newBulk(text string) *bulk {
	i := strings.Index(text, "VALUES (")
	k := i + strings.Index(text[i:], "?)") + len("?)")
	b := &bulk{before: text[:i], row: text[i+len("VALUES ") : k], after: text[k:]}
	for i, size := range sizes {
		b.texts[i] = b.before + "VALUES " + strings.TrimSuffix(strings.Repeat(b.row+",", size), ",") + b.after
	}
	return b
}

// bulk executes b for n rows, of which row appends one's values. The further
// arguments come after them. scan, if not nil, is called for each row of the
// answer.
func (s *store) bulk(b *bulk, n int, row func(args []any, i int) []any, scan func(*sql.Rows) error, further ...any) error {
	done := 0
	for k, size := range sizes {
		for ; n-done >= size; done += size {
			args := s.args[:0]
			for i := range size {
				args = row(args, done+i)
			}
			args = append(args, further...)
			s.args = args[:0]
			var err error
			if scan == nil {
				err = s.do(b.texts[k], args...)
			} else {
				err = s.rows(scan, b.texts[k], args...)
			}
			clear(args)
			if err != nil {
				return err
			}
		}
	}
	return nil
}
