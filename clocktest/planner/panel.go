package planner

import (
	"fmt"
	"strconv"
	"strings"
)

// panel draws how many runs an executor executes over time, and how many wait.
func (p *picture) panel(e *Executor, y float64) {
	top := e.ceiling()
	height := func(n float64) float64 { return panelHeight * n / float64(top) }
	foot := y + panelHeight

	p.text("", plotLeft, y-9, "executor "+e.Alias, "")
	p.text("small faint end", plotRight, y-9, e.describe(), "")
	p.text("small faint end", plotLeft-8, y+5, strconv.Itoa(top), "")
	p.text("small faint end", plotLeft-8, foot+4, "0", "")
	p.horizontal("grid", y, plotLeft, plotRight)

	p.area("waiting", e.Load, foot, func(l Load) float64 { return height(float64(l.Peak + l.Waiting)) })
	p.area("paper", e.Load, foot, func(l Load) float64 { return height(float64(l.Peak)) })
	p.area("peak", e.Load, foot, func(l Load) float64 { return height(float64(l.Peak)) })
	p.area("mean", e.Load, foot, func(l Load) float64 { return height(l.Mean) })
	if e.Size > 0 && e.Size <= top {
		p.horizontal("size", foot-height(float64(e.Size)), plotLeft, plotRight)
	}
	p.horizontal("grid strong", foot, plotLeft, plotRight)
	p.touch(e.Load, y)
}

// ceiling is the number at the top of the panel: the most that it has to show,
// and the size unless that is far off.
func (e *Executor) ceiling() int {
	top := 1
	for _, l := range e.Load {
		top = max(top, l.Peak+l.Waiting)
	}
	if e.Size <= 3*top {
		top = max(top, e.Size)
	}
	return top
}

func (e *Executor) describe() string {
	if e.Size == 0 {
		return fmt.Sprintf("no limit; at most %d at a time", e.Peak)
	}
	return fmt.Sprintf("size %d; at most %d at a time; full for %s", e.Size, e.Peak, took(e.Full))
}

// area draws a stepped area above foot.
func (p *picture) area(class string, load []Load, foot float64, height func(Load) float64) {
	var path strings.Builder
	fmt.Fprintf(&path, "M%s %s", number(plotLeft), number(foot))
	last := 0.0
	for _, l := range load {
		if h := height(l); h != last {
			fmt.Fprintf(&path, "H%sV%s", number(p.x(l.At)), number(foot-h))
			last = h
		}
	}
	fmt.Fprintf(&path, "H%sV%sz", number(plotRight), number(foot))
	p.path(class, path.String(), "")
}

// touch lays fields over a panel that say what there is in each step.
func (p *picture) touch(load []Load, y float64) {
	for i, l := range load {
		end := p.Until
		if i+1 < len(load) {
			end = load[i+1].At
		}
		if l.Peak == 0 && l.Waiting == 0 {
			continue
		}
		title := fmt.Sprintf("%s – %s\nat most %d at a time, %.2g on average", p.moment(l.At), p.moment(end), l.Peak, l.Mean)
		if l.Waiting > 0 {
			title += fmt.Sprintf("\nup to %d waiting", l.Waiting)
		}
		p.rect("touch", p.x(l.At), y, p.x(end)-p.x(l.At), panelHeight, title)
	}
}
