package planner

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
)

// drawing is an SVG picture in the making. Classes are those of style.css.
type drawing struct{ strings.Builder }

// rect draws a rectangle; with a title it shows that when pointed at.
func (d *drawing) rect(class string, x, y, width, height float64, title string) {
	d.shape(title, `<rect class="%s" x="%s" y="%s" width="%s" height="%s"`, class, number(x), number(y), number(width), number(height))
}

// shade is rect in a part of its colour, 0 to 1.
func (d *drawing) shade(class string, x, y, width, height, opacity float64, title string) {
	d.shape(title, `<rect class="%s" x="%s" y="%s" width="%s" height="%s" fill-opacity="%s"`, class, number(x), number(y), number(width), number(height), number(opacity))
}

// path draws a path in SVG's own notation.
func (d *drawing) path(class, path, title string) {
	d.shape(title, `<path class="%s" d="%s"`, class, path)
}

// vertical draws a line.
func (d *drawing) vertical(class string, x, from, to float64, title string) {
	d.path(class, fmt.Sprintf("M%s %sV%s", number(x), number(from), number(to)), title)
}

// horizontal draws a line.
func (d *drawing) horizontal(class string, y, from, to float64) {
	d.path(class, fmt.Sprintf("M%s %sH%s", number(from), number(y), number(to)), "")
}

// text writes a text that begins, or is centred, or ends at x, as its class
// says, with its foot at y.
func (d *drawing) text(class string, x, y float64, text, title string) {
	fmt.Fprintf(d, `<text class="%s" x="%s" y="%s">%s`, class, number(x), number(y), escaped(text))
	d.title(title)
	d.WriteString("</text>\n")
}

func (d *drawing) shape(title, format string, values ...any) {
	fmt.Fprintf(d, format, values...)
	if title == "" {
		d.WriteString("/>\n")
		return
	}
	d.WriteString(">")
	d.title(title)
	d.WriteString("</" + format[1:5] + ">\n")
}

func (d *drawing) title(title string) {
	if title != "" {
		d.WriteString("<title>" + escaped(title) + "</title>")
	}
}

// number writes a length with two digits behind the point at the most.
func number(x float64) string {
	text := strconv.FormatFloat(x, 'f', 2, 64)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

// escaped returns text as XML has it. What XML cannot hold becomes U+FFFD.
func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a Builder does not fail
	return b.String()
}
