package carillon

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"unicode"
)

// PrintJobs writes a table of the jobs of the store, or of all, for people:
//
//	store default
//	  ID       NAME          TRIGGER                    NEXT RUN
//	  nightly  reports.send  crontab(30 2 * * mon-fri)  2024-05-02 02:30:00 CEST
//	  poll     poll          interval(10s)              paused
//
// Stores are in order of their aliases, and the jobs of each in order of their
// next run times, paused ones last. In place of the time, or behind it, stands
// what keeps a job from running: that it is paused, that it is pending (it waits
// for the scheduler to be started), or why it is parked.
//
// Errors: [ErrUnknownStore], the stores' and w's own. APScheduler: print_jobs.
func (s *Scheduler) PrintJobs(ctx context.Context, w io.Writer, store ...string) error {
	jobs, err := s.Jobs(ctx, store...)
	if err != nil {
		return fmt.Errorf("print jobs: %w", err)
	}
	_, err = w.Write(table(jobs))
	return err
}

// table returns jobs as a table.
func table(jobs []Job) []byte {
	if len(jobs) == 0 {
		return []byte("no jobs\n")
	}
	slices.SortStableFunc(jobs, func(a, b Job) int { return cmp.Compare(storeOf(&a), storeOf(&b)) })
	var text bytes.Buffer
	out := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	for i := range jobs {
		j := JobDefaults{}.Apply(jobs[i]) // for the name of a pending one
		if i == 0 || j.Store != storeOf(&jobs[i-1]) {
			fmt.Fprintf(out, "store %s\n  ID\tNAME\tTRIGGER\tNEXT RUN\n", line(j.Store))
		}
		fmt.Fprintf(out, "  %s\t%s\t%s\t%s\n", line(j.ID), line(j.Name), line(triggerText(&j)), line(nextText(&j)))
	}
	_ = out.Flush() // a bytes.Buffer does not fail
	return text.Bytes()
}

func triggerText(j *Job) string {
	switch t := j.Trigger.(type) {
	case nil:
		return "once"
	case fmt.Stringer:
		return t.String()
	default:
		return fmt.Sprintf("%T", t)
	}
}

// nextText says when the job runs next, or why it does not.
func nextText(j *Job) string {
	var parts []string
	if !j.NextRunTime.IsZero() {
		parts = append(parts, j.NextRunTime.Format("2006-01-02 15:04:05.999 MST"))
	}
	if j.Paused {
		parts = append(parts, "paused")
	}
	if j.Pending {
		parts = append(parts, "pending")
	}
	if j.Parked != "" {
		parts = append(parts, "parked: "+j.Parked)
	}
	return strings.Join(parts, ", ")
}

// line returns a text that would break the table as a literal of Go.
func line(text string) string {
	if strings.ContainsFunc(text, unicode.IsControl) {
		return strconv.Quote(text)
	}
	return text
}
