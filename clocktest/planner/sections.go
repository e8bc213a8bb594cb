package planner

import (
	"slices"
	"strconv"

	"github.com/carillon-go/carillon"
)

// section is a table of the report, in words.
type section struct {
	title  string
	header []string
	rows   [][]string
	note   string // beneath the table
}

func (r *Report) sections() []section {
	return []section{r.jobSection(), r.executorSection(), r.minuteSection(), r.changeSection(), r.troubleSection()}
}

func (r *Report) jobSection() section {
	s := section{
		title:  "Jobs",
		header: []string{"job", "trigger", "runs", "executed", "skipped", "missed", "overlaps", "busy", "longest run", "longest wait", "first", "state"},
	}
	w, label := r.words(), r.labels()
	for i := range r.Jobs {
		j := &r.Jobs[i]
		s.rows = append(s.rows, []string{
			label(j.Store, j.ID), j.Trigger,
			strconv.Itoa(j.Due), strconv.Itoa(j.Executed), strconv.Itoa(j.Skipped), strconv.Itoa(j.Missed), strconv.Itoa(j.Overlaps),
			took(j.Busy), took(j.LongestRun), took(j.LongestWait),
			w.moment(j.First), j.stateText(),
		})
	}
	for _, column := range []string{"skipped", "missed", "overlaps", "longest wait"} {
		s.dropIfAll(column, "0")
	}
	s.dropIfAll("state", string(Active))
	return s
}

// dropIfAll drops a column that says the same everywhere.
func (s *section) dropIfAll(column, same string) {
	i := slices.Index(s.header, column)
	if slices.ContainsFunc(s.rows, func(cells []string) bool { return cells[i] != same }) {
		return
	}
	s.header = slices.Delete(s.header, i, i+1)
	for k := range s.rows {
		s.rows[k] = slices.Delete(s.rows[k], i, i+1)
	}
}

func (j *Job) stateText() string {
	if j.Reason != "" {
		return string(j.State) + ": " + j.Reason
	}
	return string(j.State)
}

func (r *Report) executorSection() section {
	s := section{
		title:  "Executors",
		header: []string{"executor", "size", "executed", "at a time", "first on", "busy", "full", "waited", "longest wait"},
	}
	w, whole := r.words(), r.Until.Sub(r.From)
	for i := range r.Executors {
		e := &r.Executors[i]
		size, full := "no limit", "never"
		if e.Size > 0 {
			size, full = strconv.Itoa(e.Size), percent(e.Full, whole)
		}
		s.rows = append(s.rows, []string{
			e.Alias, size, strconv.Itoa(e.Executed), strconv.Itoa(e.Peak), w.moment(e.PeakAt),
			percent(e.Busy, whole), full, strconv.Itoa(e.Waited), took(e.LongestWait),
		})
	}
	return s
}

func (r *Report) minuteSection() section {
	s := section{
		title:  "Busiest minutes",
		header: []string{"time of day", "due", "at a time", "days", "first on"},
	}
	w := r.words()
	for _, m := range r.Busiest {
		s.rows = append(s.rows, []string{
			m.At.Format("15:04"), strconv.Itoa(m.Due), strconv.Itoa(m.Executing), strconv.Itoa(m.Days), w.moment(m.At),
		})
	}
	return s
}

func (r *Report) changeSection() section {
	s := section{title: "Clock changes", header: []string{"change", "job", "effect"}}
	label := r.labels()
	for i := range r.ClockChanges {
		c := &r.ClockChanges[i]
		what := c.sentence()
		if len(c.Effects) == 0 {
			s.rows = append(s.rows, []string{what, "–", "no job runs at these times"})
		}
		for _, e := range c.Effects {
			s.rows = append(s.rows, []string{what, label(e.Store, e.Job), e.sentence(c.By)})
			what = ""
		}
	}
	return s
}

// troubleSection has the runs that are not executed, a row for those of a job
// with the same outcome.
func (r *Report) troubleSection() section {
	type kind struct {
		job     key
		outcome carillon.Outcome
	}
	s := section{
		title:  "Not executed",
		header: []string{"job", "outcome", "runs", "first", "last", "reason of the first"},
	}
	w, label := r.words(), r.labels()
	troubles := groupBy(r.Runs, func(run *Run) kind { return kind{run.key(), run.Outcome} })
	for i := range r.Jobs {
		for _, outcome := range []carillon.Outcome{carillon.Skipped, carillon.Missed} {
			runs := troubles[kind{r.Jobs[i].key(), outcome}]
			if len(runs) == 0 {
				continue
			}
			first, last := runs[0], runs[len(runs)-1]
			s.rows = append(s.rows, []string{
				label(first.Store, first.Job), outcome.String(), strconv.Itoa(len(runs)),
				w.moment(first.Scheduled), w.moment(last.Scheduled), first.Reason,
			})
		}
	}
	return s
}

// labels returns what jobs are called: by their IDs, and by their stores as well
// if there are several.
func (r *Report) labels() func(store, id string) string {
	for i := range r.Jobs {
		if r.Jobs[i].Store != r.Jobs[0].Store {
			return func(store, id string) string { return store + "/" + id }
		}
	}
	return func(_, id string) string { return id }
}
