package triggers

import "fmt"

// Error is an expression or a value from which no trigger can be made.
type Error struct {
	// Field names the part: a field of the expression ("minute", "day of
	// week") or of the Go value ("Options.End").
	Field string

	// Expr is the text of that part, "" if it is no text.
	Expr string

	// Pos is the position of the fault in the whole expression, in bytes from
	// 0; -1 if it has none.
	Pos int

	// Reason says what is wrong and what to write instead.
	Reason string
}

func (e *Error) Error() string {
	text := e.Field
	if e.Expr != "" {
		text += fmt.Sprintf(" %q", e.Expr)
	}
	if e.Pos >= 0 {
		text += fmt.Sprintf(" at position %d", e.Pos)
	}
	return text + ": " + e.Reason
}
