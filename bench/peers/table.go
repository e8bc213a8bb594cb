package main

import (
	"maps"
	"slices"
	"strconv"
)

// section is what was found out about one variant of a question.
type section struct {
	Question string
	Variant  string
	Asks     string
	Tables   []table
}

// table shows one figure: a row for each subject, a column for each size.
type table struct {
	Figure  string
	Unit    string
	More    bool // more is better
	Sizes   []int
	Columns []string
	Rows    []row
}

type row struct {
	Subject string
	Cells   []cell
}

// cell is one case. Ratio is how many times better Carillon is; 0: unknown.
type cell struct {
	spread
	Found bool
	Ratio float64
	Note  string
}

func sections(r results) (all []section) {
	for _, q := range questions {
		for _, variant := range q.variants {
			sizes := measuredSizes(r, q.name, variant)
			if len(sizes) == 0 {
				continue
			}
			s := section{Question: q.name, Variant: variant, Asks: q.asks}
			for _, f := range q.figures {
				if t := tableOf(r, q, variant, f, sizes); t.measured() {
					s.Tables = append(s.Tables, t)
				}
			}
			all = append(all, s)
		}
	}
	return all
}

func measuredSizes(r results, question, variant string) []int {
	sizes := make(map[int]bool)
	for c := range r {
		if c.Question == question && c.Variant == variant {
			sizes[c.N] = true
		}
	}
	return slices.Sorted(maps.Keys(sizes))
}

func tableOf(r results, q question, variant string, f figure, sizes []int) table {
	t := table{Figure: f.name, Unit: f.unit, More: f.more, Sizes: sizes}
	column := q.column
	if column == nil {
		column = grouped
	}
	for _, n := range sizes {
		t.Columns = append(t.Columns, column(n))
	}
	for _, subject := range q.subjects(variant) {
		row := row{Subject: subject}
		for _, n := range sizes {
			row.Cells = append(row.Cells, cellOf(r, Case{q.name, variant, subject, n}, f))
		}
		if row.tried() {
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

// measured reports whether the figure has been measured for anybody.
func (t table) measured() bool {
	return slices.ContainsFunc(t.Rows, func(r row) bool {
		return slices.ContainsFunc(r.Cells, func(c cell) bool { return c.Found })
	})
}

// tried reports whether there is anything to say about the subject.
func (r row) tried() bool {
	return slices.ContainsFunc(r.Cells, func(c cell) bool { return c.Found || c.Note != "" })
}

func cellOf(r results, c Case, f figure) cell {
	found, ok := r.spread(c, f.name)
	cell := cell{spread: found, Found: ok, Note: r.note(c)}
	carillon, measured := r.spread(Case{c.Question, c.Variant, "carillon", c.N}, f.name)
	if !ok || !measured || c.Subject == "carillon" || found.Median == 0 || carillon.Median == 0 {
		return cell
	}
	cell.Ratio = found.Median / carillon.Median
	if f.more {
		cell.Ratio = 1 / cell.Ratio
	}
	return cell
}

// grouped writes a number with commas between the thousands.
func grouped(n int) string {
	digits := strconv.Itoa(n)
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits
}

// si writes a number with three digits, and k, M or G for the thousands of
// those that have five or more.
func si(v float64) string {
	unit, limit := "", 9999.5
	for _, next := range []string{"k", "M", "G"} {
		if v < limit {
			break
		}
		v, unit, limit = v/1000, " "+next, 999.5
	}
	switch {
	case v == 0:
		return "0"
	case v < 0.01:
		return strconv.FormatFloat(v, 'f', 4, 64)
	case v < 10:
		return strconv.FormatFloat(v, 'f', 2, 64) + unit
	case v < 100:
		return strconv.FormatFloat(v, 'f', 1, 64) + unit
	}
	return strconv.FormatFloat(v, 'f', 0, 64) + unit
}
