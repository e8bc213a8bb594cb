package planner

import "time"

// cell is a piece of time and what there is of a job in it.
type cell struct {
	span
	Counts                 // of the runs that are scheduled in it
	executed time.Duration // how long runs are executed in it, all together
}

// busy returns how many runs are executed on average.
func (c *cell) busy() float64 { return float64(c.executed) / float64(c.length()) }

// rune stands for the cell in a timeline.
func (c *cell) rune() rune {
	levels := []rune("▁▂▃▄▅▆▇█")
	switch {
	case c.Missed > 0:
		return 'm'
	case c.Skipped > 0:
		return 's'
	case c.Executed == 0 && c.executed == 0:
		return '·'
	}
	return levels[min(int(c.busy()*float64(len(levels))), len(levels)-1)]
}

// cellsOf divides whole into cells, n at the most, and puts runs into them.
func cellsOf(runs []*Run, whole span, n int) []cell {
	step := stepFor(whole.length(), n)
	var cells []cell
	for _, piece := range whole.divide(step) {
		cells = append(cells, cell{span: piece})
	}
	at := func(t time.Time) int { return min(max(int(t.Sub(whole.start)/step), 0), len(cells)-1) }
	for _, run := range runs {
		cells[at(run.Scheduled)].count(run)
		executed := span{run.Started, run.Finished}
		for i := at(run.Started); i < len(cells) && cells[i].start.Before(run.Finished); i++ {
			cells[i].executed += cells[i].overlap(executed)
		}
	}
	return cells
}
