package main

import (
	"cmp"
	"fmt"
	"html"
	"slices"
	"strings"
)

// label is the name of a curve, beside its end.
type label struct {
	name string
	y    float64
}

type labels []label

const lineHeight = 14

// draw writes the labels at the right edge, pushed apart where they meet.
func (l labels) draw(b *strings.Builder) {
	slices.SortFunc(l, func(x, y label) int { return cmp.Compare(x.y, y.y) })
	for i := 1; i < len(l); i++ {
		l[i].y = max(l[i].y, l[i-1].y+lineHeight)
	}
	limit := float64(height - bottom)
	for i := len(l) - 1; i >= 0; i-- {
		l[i].y = min(l[i].y, limit)
		limit = l[i].y - lineHeight
	}
	for _, each := range l {
		fmt.Fprintf(b, `<text x="%d" y="%.1f" fill="%s">%s</text>`, width-right+8, each.y+4, colour(each.name), html.EscapeString(each.name))
	}
}
