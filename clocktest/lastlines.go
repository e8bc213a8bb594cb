package clocktest

import "strings"

// lastLines keeps the last lines that are written to it.
type lastLines struct {
	limit int
	lines []string
}

// Write implements io.Writer. Each call is a line.
func (l *lastLines) Write(line []byte) (int, error) {
	if len(l.lines) == l.limit {
		l.lines = append(l.lines[:0], l.lines[1:]...)
	}
	l.lines = append(l.lines, string(line))
	return len(line), nil
}

func (l *lastLines) String() string { return "    " + strings.Join(l.lines, "    ") }
