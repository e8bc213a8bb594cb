package planner

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

const (
	timelineCells = 72 // how many characters a timeline has at the most
	scaleLabels   = 9  // how many labels are above it, about
)

// timelineSection draws each job's runs as a line of characters.
func (r *Report) timelineSection() section {
	s := section{
		title:  "Timeline",
		header: []string{"", r.scale()},
		note:   fmt.Sprintf("A character is %s: ▁ to █ how much of it runs are executed, s: one is skipped, m: one is missed.", took(stepFor(r.whole().length(), timelineCells))),
	}
	label, runs := r.labels(), r.runsOfJobs()
	for i := range r.Jobs {
		j := &r.Jobs[i]
		var line strings.Builder
		for _, c := range cellsOf(runs[j.key()], r.whole(), timelineCells) {
			line.WriteRune(c.rune())
		}
		s.rows = append(s.rows, []string{label(j.Store, j.ID), line.String()})
	}
	return s
}

// scale is the line of labels above the timelines.
func (r *Report) scale() string {
	u := unitFor(r.whole().length(), scaleLabels)
	step := stepFor(r.whole().length(), timelineCells)
	var line string
	for _, t := range u.ticks(r.whole()) {
		label := "|" + u.label(t)
		at := int(t.Sub(r.From) / step)
		if gap := at - utf8.RuneCountInString(line); gap >= 0 && at+len(label) <= timelineCells {
			line += strings.Repeat(" ", gap) + label
		}
	}
	return line
}
