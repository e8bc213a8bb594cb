package torture

import (
	"fmt"
	"strings"
	"text/tabwriter"
)

// Report is what an [Audit] has found. But for Jobs its figures count run times.
type Report struct {
	Case       string
	Schedulers int // at a time
	Kills      int
	Jobs       int

	Scheduled int // run times that the triggers give
	Executed  int
	Failed    int
	Missed    int
	Skipped   int
	Coalesced int // into one that has an outcome
	Lost      int
	LostRan   int // of Lost, those that had run to their end
	TakenOver int // AtLeastOnce, started as attempt 2 or later

	Unaccounted int // without an outcome
	Ambiguous   int // with several
	Twice       int // AtMostOnce, started more than once
	Repeated    int // AtLeastOnce, started twice as the same attempt
	Untrue      int // recorded as something that the journals deny
	Stray       int // started or recorded, but never scheduled
	Crowded     int // started while MaxInstances others were running

	Faults []string // the first few, in words
}

// faultsTold bounds Report.Faults.
const faultsTold = 20

func (r *Report) fault(count *int, format string, args ...any) {
	*count++
	if len(r.Faults) < faultsTold {
		r.Faults = append(r.Faults, fmt.Sprintf(format, args...))
	}
}

// Broken returns how many promises were not kept.
func (r *Report) Broken() int {
	return r.Unaccounted + r.Ambiguous + r.Twice + r.Repeated + r.Untrue + r.Stray + r.Crowded
}

// Err returns nil if all promises were kept.
func (r *Report) Err() error {
	if r.Broken() == 0 {
		return nil
	}
	return fmt.Errorf("%d promises were not kept, among them:\n\t%s", r.Broken(), strings.Join(r.Faults, "\n\t"))
}

// columns are those of a table of reports.
var columns = []struct {
	name  string
	value func(r *Report) any
}{
	{"case", func(r *Report) any { return r.Case }},
	{"schedulers", func(r *Report) any { return r.Schedulers }},
	{"kills", func(r *Report) any { return r.Kills }},
	{"jobs", func(r *Report) any { return r.Jobs }},
	{"scheduled", func(r *Report) any { return r.Scheduled }},
	{"executed", func(r *Report) any { return r.Executed }},
	{"failed", func(r *Report) any { return r.Failed }},
	{"missed", func(r *Report) any { return r.Missed }},
	{"skipped", func(r *Report) any { return r.Skipped }},
	{"coalesced", func(r *Report) any { return r.Coalesced }},
	{"lost", func(r *Report) any { return r.Lost }},
	{"(ran)", func(r *Report) any { return r.LostRan }},
	{"taken over", func(r *Report) any { return r.TakenOver }},
	{"unaccounted", func(r *Report) any { return r.Unaccounted }},
	{"twice", func(r *Report) any { return r.Twice }},
	{"repeated", func(r *Report) any { return r.Repeated }},
	{"other faults", func(r *Report) any { return r.Ambiguous + r.Untrue + r.Stray + r.Crowded }},
}

// Table shows reports, one a line.
func Table(reports ...*Report) string {
	var text strings.Builder
	w := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	row := func(cell func(column int) any) {
		for i := range columns {
			fmt.Fprintf(w, "%v\t", cell(i))
		}
		fmt.Fprintln(w)
	}
	row(func(column int) any { return columns[column].name })
	for _, r := range reports {
		row(func(column int) any { return columns[column].value(r) })
	}
	w.Flush()
	lines := strings.Split(text.String(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}
