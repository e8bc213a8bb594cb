package planner

import (
	"fmt"
	"math"
	"strconv"

	"github.com/carillon-go/carillon"
)

const (
	// maxBars is how many runs a row shows one by one. More are shown as heat.
	maxBars = 200

	// heatCells is how many cells of heat a row has at the most.
	heatCells = 200

	// maxLanes is how many runs of one job are shown beneath each other.
	maxLanes = 4

	// thinnest is how wide a bar is at least.
	thinnest = 2.5
)

// row draws a job and its runs.
func (p *picture) row(j *Job, runs []*Run, y float64) {
	p.horizontal("grid", y+rowHeight, 0, pictureWidth)
	class := "end"
	if j.State == Paused || j.State == Parked {
		class += " faint"
	}
	p.text(class, plotLeft-10, y+17, shortened(p.labels(j.Store, j.ID), 27), j.describe())
	p.counts(j, y)
	switch {
	case j.State == Paused || j.State == Parked:
		p.text("small faint", plotLeft+10, y+17, shortened(j.stateText(), 120), "")
	case len(runs) > maxBars:
		p.heat(runs, y+(rowHeight-barHeight)/2)
	default:
		p.bars(runs, y+(rowHeight-barHeight)/2)
	}
}

// counts writes the numbers behind a row.
func (p *picture) counts(j *Job, y float64) {
	for i, n := range []int{j.Due, j.Skipped, j.Missed} {
		if n > 0 {
			p.text("small end "+counted[i], countRight(i), y+17, strconv.Itoa(n), "")
		}
	}
}

// describe says what there is to know of a job.
func (j *Job) describe() string {
	text := j.ID
	if j.Name != j.ID {
		text += " (" + j.Name + ")"
	}
	text += fmt.Sprintf("\n%s\nstore %s, executor %s\n%s", j.Trigger, j.Store, j.Executor, j.stateText())
	if j.Executed > 0 {
		text += fmt.Sprintf("\nlongest run %s, longest wait %s", took(j.LongestRun), took(j.LongestWait))
	}
	return text
}

// bars draws runs one by one, in lanes if some are executed at the same time.
func (p *picture) bars(runs []*Run, y float64) {
	lanes := newLanes(runs)
	height := barHeight / float64(lanes.count())
	for _, run := range runs {
		title := p.tell(run)
		if run.Outcome != carillon.Executed {
			p.mark(run, y, title)
			continue
		}
		top := y + height*float64(lanes.of(run))
		start, end := p.x(run.Started), p.x(run.Finished)
		if due := p.x(run.Scheduled); due < start-0.5 {
			p.rect("wait", due, top+height/2-1, start-due, 2, title)
		}
		p.rect("run", min(start, plotRight-thinnest), top, max(end-start, thinnest), height-min(1, height/8), title)
	}
}

// mark draws a run that is not executed: a diamond if skipped, a cross if
// missed.
func (p *picture) mark(run *Run, y float64, title string) {
	x, middle := number(p.x(run.Scheduled)), number(y+barHeight/2)
	if run.Outcome == carillon.Skipped {
		p.path("skip", fmt.Sprintf("M%s %sm0 -6l4.5 6l-4.5 6l-4.5 -6z", x, middle), title)
		return
	}
	p.path("miss", fmt.Sprintf("M%s %sm-4.5 -4.5l9 9m0 -9l-9 9", x, middle), title)
}

// heat draws cells that are the stronger, the more of their time runs are
// executed, with a red or orange foot where some are not.
func (p *picture) heat(runs []*Run, y float64) {
	for _, c := range cellsOf(runs, p.whole, heatCells) {
		if c.Due == 0 && c.executed == 0 {
			continue
		}
		x := math.Round(p.x(c.start)) // so that cells do not show through each other
		width := math.Round(p.x(c.end)) - x
		title := p.tellCell(&c)
		p.shade("run heat", x, y, width, barHeight, 0.25+0.75*min(c.busy(), 1), title)
		switch {
		case c.Missed > 0:
			p.rect("miss foot", x, y+barHeight-4, width, 4, "")
		case c.Skipped > 0:
			p.rect("skip foot", x, y+barHeight-4, width, 4, "")
		}
	}
}

// tell says what becomes of a run.
func (p *picture) tell(run *Run) string {
	text := fmt.Sprintf("%s, scheduled %s", p.labels(run.Store, run.Job), p.moment(run.Scheduled))
	switch run.Change {
	case Shifted:
		text += " (later than usual: the clock goes forward)"
	case Doubled:
		text += " (for the second time: the clock goes back)"
	}
	if !run.First.IsZero() {
		text += fmt.Sprintf("\nfor all run times since %s", p.moment(run.First))
	}
	if run.Outcome != carillon.Executed {
		return text + fmt.Sprintf("\n%s: %s", run.Outcome, run.Reason)
	}
	if wait := run.Wait(); wait > 0 {
		text += fmt.Sprintf("\nstarted %s later, %s", took(wait), p.moment(run.Started))
	}
	return text + fmt.Sprintf("\ntakes %s, until %s", took(run.Duration()), p.moment(run.Finished))
}

// tellCell says what there is in a cell.
func (p *picture) tellCell(c *cell) string {
	text := fmt.Sprintf("%s – %s\n%s", p.moment(c.start), p.moment(c.end), count(c.Due, "run due", "runs due"))
	if c.Skipped > 0 {
		text += fmt.Sprintf(", %d skipped", c.Skipped)
	}
	if c.Missed > 0 {
		text += fmt.Sprintf(", %d missed", c.Missed)
	}
	return text + fmt.Sprintf("\nexecuting %s", percent(min(c.executed, c.length()), c.length()))
}
