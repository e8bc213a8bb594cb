package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// writeText writes all tables for a terminal.
func writeText(w io.Writer, r report) {
	fmt.Fprintf(w, "%s\n%s. Medians of %d, [least to greatest], and how many times better Carillon is.\n", r.Machine, r.tookText(), r.Rounds)
	if len(r.Targets) > 0 {
		fmt.Fprintln(w)
		aligned := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		for _, t := range r.Targets {
			fmt.Fprintf(aligned, "  %s\t%s\t%s\n", t.Verdict(), t.Aim, t.Measured)
		}
		aligned.Flush()
	}
	for _, s := range r.Sections {
		fmt.Fprintf(w, "\n%s, %s: %s\n", s.Question, s.Variant, s.Asks)
		for _, t := range s.Tables {
			writeTable(w, t)
		}
	}
}

func writeTable(w io.Writer, t table) {
	fmt.Fprintln(w)
	aligned := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(aligned, "  %s\t%s\n", t.title(), strings.Join(t.Columns, "\t"))
	for _, row := range t.Rows {
		fmt.Fprintf(aligned, "  %s", row.Subject)
		for _, c := range row.Cells {
			fmt.Fprintf(aligned, "\t%s", c.text())
		}
		fmt.Fprintln(aligned)
	}
	aligned.Flush()
}

func (t table) title() string {
	better := "less is better"
	if t.More {
		better = "more is better"
	}
	return fmt.Sprintf("%s, %s (%s)", t.Figure, t.Unit, better)
}

// text returns for instance "1.20 M [1.10 M to 1.30 M] 4.1x".
func (c cell) text() string {
	var parts []string
	if c.Found {
		parts = append(parts, si(c.Median))
		if c.Min != c.Max {
			parts = append(parts, fmt.Sprintf("[%s to %s]", si(c.Min), si(c.Max)))
		}
	}
	if c.Ratio != 0 {
		parts = append(parts, ratio(c.Ratio))
	}
	if c.Note != "" {
		parts = append(parts, "("+c.Note+")")
	}
	if len(parts) == 0 {
		return "-"
	}
	return strings.Join(parts, " ")
}

func ratio(r float64) string {
	if r < 10 {
		return fmt.Sprintf("%.2gx", r)
	}
	return fmt.Sprintf("%.0fx", r)
}
