package main

import (
	"fmt"
	"html"
	"html/template"
	"math"
	"slices"
	"strings"
)

// curve draws how a figure grows with the size, both axes logarithmic, with a
// bar from the least to the greatest measurement. It is empty if there is
// nothing to see: fewer than three sizes.
func curve(t table) template.HTML {
	if len(t.Sizes) < 3 {
		return ""
	}
	if t.Sizes[0] == 1 {
		return "" // these are expressions, not sizes
	}
	x := axis{float64(t.Sizes[0]), float64(t.Sizes[len(t.Sizes)-1]), left, width - right}
	y, ok := rangeOf(t)
	if !ok {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg viewBox="0 0 %d %d" role="img" aria-label="%s">`, width, height, html.EscapeString(t.title()))
	for i, n := range t.Sizes {
		at := x.at(float64(n))
		fmt.Fprintf(&b, `<line class="grid" x1="%.1f" y1="%d" x2="%.1f" y2="%d"/><text x="%.1f" y="%d" text-anchor="middle">%s</text>`,
			at, top, at, height-bottom, at, height-bottom+16, html.EscapeString(t.Columns[i]))
	}
	for power := math.Ceil(math.Log10(y.low) - 1e-9); power <= math.Log10(y.high)+1e-9; power++ {
		value := math.Pow(10, power)
		fmt.Fprintf(&b, `<line class="grid" x1="%d" y1="%.1f" x2="%d" y2="%.1f"/><text x="%d" y="%.1f" text-anchor="end">%s</text>`,
			left, y.at(value), width-right, y.at(value), left-6, y.at(value)+4, si(value))
	}
	var names labels
	for _, row := range t.Rows {
		drawRow(&b, t, row, x, y, &names)
	}
	names.draw(&b)
	b.WriteString(`</svg>`)
	return template.HTML(b.String())
}

const (
	width, height            = 640, 320
	left, right, top, bottom = 64, 96, 12, 28
)

// axis maps values to pixels, logarithmically.
type axis struct{ low, high, from, to float64 }

func (a axis) at(v float64) float64 {
	return a.from + (a.to-a.from)*math.Log(v/a.low)/math.Log(a.high/a.low)
}

// rangeOf returns an axis for all values of a table, in whole powers of ten.
func rangeOf(t table) (axis, bool) {
	low, high := math.Inf(1), 0.0
	for _, row := range t.Rows {
		for _, c := range row.Cells {
			if c.Found && c.Min > 0 {
				low, high = min(low, c.Min), max(high, c.Max)
			}
		}
	}
	if high == 0 {
		return axis{}, false
	}
	low, high = math.Pow(10, math.Floor(math.Log10(low))), math.Pow(10, math.Ceil(math.Log10(high)))
	if low == high {
		high *= 10
	}
	return axis{low, high, height - bottom, top}, true
}

func drawRow(b *strings.Builder, t table, row row, x, y axis, names *labels) {
	var points []string
	var lastY float64
	for i, c := range row.Cells {
		if !c.Found || c.Min <= 0 {
			continue
		}
		px, py := x.at(float64(t.Sizes[i])), y.at(c.Median)
		points = append(points, fmt.Sprintf("%.1f,%.1f", px, py))
		fmt.Fprintf(b, `<line stroke="%s" x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f"/><circle fill="%s" cx="%.1f" cy="%.1f" r="3"><title>%s, %s: %s</title></circle>`,
			colour(row.Subject), px, y.at(c.Min), px, y.at(c.Max), colour(row.Subject), px, py,
			html.EscapeString(row.Subject), html.EscapeString(t.Columns[i]), html.EscapeString(c.text()))
		lastY = py
	}
	if len(points) == 0 {
		return
	}
	fmt.Fprintf(b, `<polyline class="%s" stroke="%s" points="%s"/>`, groupOf(row.Subject), colour(row.Subject), strings.Join(points, " "))
	*names = append(*names, label{row.Subject, lastY})
}

// groupOf returns who a subject belongs to.
func groupOf(name string) string {
	if _, store := kindOf(name); store {
		return ours
	}
	for _, s := range slices.Concat(subjects, others) {
		if s.Name == name {
			return s.Group
		}
	}
	return peers
}

var colours = map[string]string{
	"carillon": "#c2410c", preciseCarillon: "#ea580c", "netresearch": "#1d4ed8", "robfig": "#0e7490", "gocron": "#7c3aed", "go-quartz": "#15803d",
	"gorhill": "#a16207", "heap+pool": "#475569", "heap+go": "#94a3b8", "AfterFunc": "#a8a29e",
}

func colour(subject string) string {
	if c, ok := colours[subject]; ok {
		return c
	}
	return "#64748b"
}
