package mysql

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"
)

// prefix is what the names of the tables begin with.
type prefix string

// in puts the prefix in the place of each @.
func (p prefix) in(text string) string { return strings.ReplaceAll(text, "@", string(p)) }

// batch is statements that are sent together, in one round trip if they are no
// longer than a packet.
type batch []statement

type statement struct {
	text string
	args []any
	size int                   // in bytes, at the most
	scan func(*sql.Rows) error // called for each row; nil: it does not answer with rows
}

const (
	packet    = 1_000_000 // bytes that are sent at once, which every server takes
	maxPieces = 500       // rows that one statement is about
)

// do adds a statement that answers with no rows.
func (b *batch) do(text string, args ...any) { b.find(nil, text, args...) }

// find adds a statement that answers with rows.
func (b *batch) find(scan func(*sql.Rows) error, text string, args ...any) {
	size := len(text)
	for _, a := range args {
		size += sizeOf(a)
	}
	*b = append(*b, statement{text, args, size, scan})
}

// sizeOf is how long an argument may be in a statement.
func sizeOf(arg any) int {
	switch a := arg.(type) {
	case string:
		return 2*len(a) + 2
	case []byte:
		return 2*len(a) + 9
	}
	return 20
}

// doEach is do for n rows, of which row appends one's arguments. What is
// between braces in the text is there once for each, with commas between, or
// with the OR that it ends with; their number is in the place of #. More rows
// than fit are left to further statements. The other arguments come before.
func (b *batch) doEach(text string, n int, row func(args []any, i int) []any, before ...any) {
	b.findEach(nil, text, n, row, before...)
}

// findEach is find for n rows, as doEach is do.
func (b *batch) findEach(scan func(*sql.Rows) error, text string, n int, row func(args []any, i int) []any, before ...any) {
	head, rest, _ := strings.Cut(text, "{")
	piece, tail, _ := strings.Cut(rest, "}")
	piece, alternative := strings.CutSuffix(piece, " OR ")
	between := ", "
	if alternative {
		between = " OR "
	}
	for done := 0; done < n; {
		args, size, pieces := before[:len(before):len(before)], 0, 0
		for pieces < maxPieces && size < packet/2 && done < n {
			first := len(args)
			args = row(args, done)
			for _, a := range args[first:] {
				size += sizeOf(a)
			}
			pieces++
			done++
		}
		end := strings.ReplaceAll(tail, "#", strconv.Itoa(pieces))
		b.find(scan, head+strings.Repeat(piece+between, pieces-1)+piece+end, args...)
	}
}

// send sends the statements until one fails.
func (b batch) send(ctx context.Context, conn *sql.Conn, p prefix) error {
	for len(b) > 0 {
		n, size := 1, b[0].size
		for n < len(b) && size+b[n].size <= packet {
			size += b[n].size
			n++
		}
		if err := b[:n].sendPacket(ctx, conn, p); err != nil {
			return err
		}
		b = b[n:]
	}
	return nil
}

var errAnswers = errors.New("the server has answered with fewer results than it was asked for")

func (b batch) sendPacket(ctx context.Context, conn *sql.Conn, p prefix) (err error) {
	texts := make([]string, len(b))
	var args []any
	var scans []func(*sql.Rows) error
	for i := range b {
		texts[i] = b[i].text
		args = append(args, b[i].args...)
		if b[i].scan != nil {
			scans = append(scans, b[i].scan)
		}
	}
	found, err := conn.QueryContext(ctx, p.in(strings.Join(texts, ";\n")), args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, found.Close()) }()
	for i, scan := range scans {
		if i > 0 && !found.NextResultSet() {
			return errors.Join(found.Err(), errAnswers)
		}
		for found.Next() {
			if err := scan(found); err != nil {
				return err
			}
		}
		if err := found.Err(); err != nil {
			return err
		}
	}
	for found.NextResultSet() { // which sees how the last statements ended
	}
	return found.Err()
}
