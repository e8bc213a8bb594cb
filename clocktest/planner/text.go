package planner

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// WriteText writes the report for a terminal: a summary, a timeline of each
// job, and tables of the jobs, the executors, the busiest minutes, what changes
// of the clock do, and the first of the runs that are not executed.
func (r *Report) WriteText(w io.Writer) error {
	var text strings.Builder
	fmt.Fprintf(&text, "%s %s\n%s\n", r.title(), r.period(), r.sum())
	for _, s := range append([]section{r.timelineSection()}, r.sections()...) {
		s.writeText(&text)
	}
	_, err := io.WriteString(w, text.String())
	return err
}

// writeText writes the table in columns, numbers to the right.
func (s *section) writeText(text *strings.Builder) {
	if len(s.rows) == 0 {
		return
	}
	fmt.Fprintf(text, "\n%s\n", strings.ToUpper(s.title))
	rows := append([][]string{s.header}, s.rows...)
	widths, numeric := s.columns()
	for _, cells := range rows {
		var line strings.Builder
		for i, cell := range cells {
			padding := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if numeric[i] {
				cell, padding = padding+cell, ""
			}
			line.WriteString("  " + cell + padding)
		}
		text.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	if s.note != "" {
		fmt.Fprintf(text, "  %s\n", s.note)
	}
}

// columns returns how wide each column is, and which have numbers only.
func (s *section) columns() (widths []int, numeric []bool) {
	for i, title := range s.header {
		width, number := utf8.RuneCountInString(title), true
		for _, cells := range s.rows {
			width = max(width, utf8.RuneCountInString(cells[i]))
			_, err := strconv.Atoi(cells[i])
			number = number && err == nil
		}
		widths, numeric = append(widths, width), append(numeric, number)
	}
	return widths, numeric
}
