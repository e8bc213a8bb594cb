package planner

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// The picture's measures, in pixels at its own size.
const (
	pictureWidth = 1240.0
	plotLeft     = 190.0 // the names of jobs are left of it
	plotRight    = 1100.0
	headHeight   = 52.0
	rowHeight    = 26.0
	barHeight    = 16.0
	panelGap     = 34.0
	panelHeight  = 72.0
	footHeight   = 24.0
)

// picture draws a report: a row for each job with its runs on a time axis, and
// beneath them how many runs each executor executes.
type picture struct {
	*Report
	words
	drawing
	whole  span
	foot   float64 // where the axis ends
	labels func(store, id string) string
}

// picture returns the picture as SVG.
func (r *Report) picture() string {
	p := &picture{Report: r, words: r.words(), whole: r.whole(), labels: r.labels()}
	rowsEnd := headHeight + rowHeight*float64(len(r.Jobs))
	p.foot = rowsEnd + float64(len(r.Executors))*(panelGap+panelHeight)
	height := p.foot + footHeight
	fmt.Fprintf(p, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" width="%s" height="%s" role="img" aria-label="%s">`+"\n",
		number(pictureWidth), number(height), number(pictureWidth), number(height), escaped(r.title()+" "+r.period()))
	p.axis()
	runs := r.runsOfJobs()
	for i := range r.Jobs {
		p.row(&r.Jobs[i], runs[r.Jobs[i].key()], headHeight+rowHeight*float64(i))
	}
	for i := range r.Executors {
		p.panel(&r.Executors[i], rowsEnd+float64(i)*(panelGap+panelHeight)+panelGap)
	}
	p.changes()
	p.WriteString("</svg>\n")
	return p.String()
}

// x returns where a time is; times outside the plan are at its ends.
func (p *picture) x(t time.Time) float64 {
	return plotLeft + (plotRight-plotLeft)*min(max(p.whole.fraction(t), 0), 1)
}

// axis draws the weekends, the grid and its labels.
func (p *picture) axis() {
	length := p.whole.length()
	if length > 2*day && length < 100*day {
		p.weekends()
	}
	fine, coarse := unitFor(length, 100), unitFor(length, 13)
	for _, t := range fine.ticks(p.whole) {
		p.vertical("grid", p.x(t), headHeight, p.foot, "")
	}
	labelled := coarse.ticks(p.whole)
	for _, t := range labelled {
		p.vertical("grid strong", p.x(t), headHeight-6, p.foot, "")
		p.label("small", t, coarse.label(t))
	}
	if coarse.length == 7*day && length < 50*day {
		p.daysBetween(labelled)
	}
	p.horizontal("grid strong", headHeight, 0, pictureWidth)
	for i, title := range counted {
		p.text("small end "+title, countRight(i), headHeight-10, title, "")
	}
}

// daysBetween labels the days beside the labels that are there already.
func (p *picture) daysBetween(labelled []time.Time) {
	const width = 64 // of a label
	for t := p.From; t.Before(p.Until); t = nextDay(t) {
		taken := slices.ContainsFunc(labelled, func(l time.Time) bool {
			return p.x(t) > p.x(l)-18 && p.x(t) < p.x(l)+width
		})
		if !taken {
			p.label("small faint", t, t.Format("2"))
		}
	}
}

func (p *picture) label(class string, t time.Time, label string) {
	if x := p.x(t); x < plotRight-20 {
		p.text(class, x-1, headHeight-10, label, "")
	}
}

// counted are the columns of numbers behind the rows.
var counted = []string{"due", "skip", "miss"}

// countRight returns the right end of a column of numbers.
func countRight(column int) float64 { return plotRight + 46*float64(column+1) }

func (p *picture) weekends() {
	for t := date(p.From, 0, -1); t.Before(p.Until); t = nextDay(t) {
		if t.Weekday() != time.Saturday {
			continue
		}
		x := p.x(t)
		if width := p.x(date(t, 0, 2)) - x; width > 0 {
			p.rect("weekend", x, headHeight, width, p.foot-headHeight, "")
		}
	}
}

// changes draws a line for each change of a clock, over everything else.
func (p *picture) changes() {
	for i := range p.ClockChanges {
		c := &p.ClockChanges[i]
		title := c.sentence()
		for _, e := range c.Effects {
			title += "\n" + p.labels(e.Store, e.Job) + ": " + e.sentence(c.By)
		}
		x, class := p.x(c.At), "small change"
		if x > (plotLeft+plotRight)/2 {
			class += " end"
		}
		p.vertical("change", x, 20, p.foot, title)
		p.text(class, x, 14, fmt.Sprintf("%s %s", c.Zone, signed(c.By)), title)
	}
}

// signed returns a duration with its sign.
func signed(d time.Duration) string {
	if d > 0 {
		return "+" + took(d)
	}
	return "−" + took(-d)
}

// shortened returns text with no more than n characters.
func shortened(text string, n int) string {
	runes := []rune(text)
	if len(runes) <= n {
		return text
	}
	return strings.TrimSpace(string(runes[:n-1])) + "…"
}
