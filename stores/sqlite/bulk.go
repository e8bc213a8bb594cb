package sqlite

import (
	"database/sql"
	"strings"
)

// bulk is a statement about many rows of values: VALUES (?, …) in its text, or
// IN (?), which is cheaper for rows of one. It exists for a few numbers of rows,
// so that it is prepared once. Rows that are left over may be filled up with
// rows of NULLs, which it has to ignore.
type bulk struct {
	texts [len(sizes)]string
	width int // values of a row
}

// sizes are the numbers of rows that there are texts for.
var sizes = [...]int{1, 4, 16, 64, 256}

func newBulk(text string) *bulk {
	const values, list = "VALUES (", "IN (?"
	i := strings.Index(text, values) + len(values) - 1
	k := i + strings.IndexByte(text[i:], ')') + 1
	if !strings.Contains(text, values) {
		i = strings.Index(text, list) + len(list) - 1
		k = i + 1
	}
	row := text[i:k]
	b := &bulk{width: strings.Count(row, "?")}
	for n, size := range sizes {
		b.texts[n] = text[:i] + row + strings.Repeat(", "+row, size-1) + text[k:]
	}
	return b
}

// fit returns a text to begin n rows with, and for how many rows it is: for more
// than n if at least half of them are there.
func (b *bulk) fit(n int) (text string, size int) {
	i := len(sizes) - 1
	for i > 0 && n < sizes[i]/2 {
		i--
	}
	return b.texts[i], sizes[i]
}

// bulk executes b for n rows, of which row appends one's values. The further
// arguments come after them. scan, if not nil, is called for each row of the
// answer.
func (c *connection) bulk(b *bulk, n int, row func(args []any, i int) []any, scan func(*sql.Rows) error, further ...any) error {
	return c.chunks(b, n, row, further, func(text string, args []any) error {
		if scan == nil {
			return c.do(text, args...)
		}
		return c.rows(scan, text, args...)
	})
}

// bulkCount executes b like bulk, and returns how many rows that has changed.
func (c *connection) bulkCount(b *bulk, n int, row func(args []any, i int) []any, further ...any) (changed int, err error) {
	err = c.chunks(b, n, row, further, func(text string, args []any) error {
		k, err := c.count(text, args...)
		changed += k
		return err
	})
	return changed, err
}

// chunks calls execute with the texts of b for n rows, one after the other, and
// their arguments.
func (c *connection) chunks(b *bulk, n int, row func(args []any, i int) []any, further []any, execute func(text string, args []any) error) error {
	for i := 0; i < n; {
		text, size := b.fit(n - i)
		end := min(n, i+size)
		padding := (size - (end - i)) * b.width
		args := c.args[:0]
		for ; i < end; i++ {
			args = row(args, i)
		}
		for range padding {
			args = append(args, nil)
		}
		args = append(args, further...)
		err := execute(text, args)
		clear(args)
		c.args = args
		if err != nil {
			return err
		}
	}
	return nil
}
