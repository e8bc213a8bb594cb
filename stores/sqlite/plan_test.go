package sqlite

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// What is asked to explain a time of a job is found by index, however long the
// history is.
func TestExplainPlans(t *testing.T) {
	s := openAs(t, Config{Path: filepath.Join(t.TempDir(), "jobs.db")}, schemas)
	instant := stores.HistoryQuery{JobID: "j", From: noon, To: noon.Add(time.Microsecond), Limit: 1}
	of := func(outcomes ...job.Outcome) stores.HistoryQuery {
		return stores.HistoryQuery{JobID: "j", To: noon, Outcomes: outcomes, Limit: 1}
	}
	for name, query := range map[string]stores.HistoryQuery{
		"instant": instant,
		"pauses":  of(job.Paused, job.Resumed, job.Removed),
		"changes": of(job.Modified),
	} {
		text, args := s.selection(&query)
		var plan []string
		err := s.rows(func(r *sql.Rows) error {
			var id, parent, unused int
			var step string
			err := r.Scan(&id, &parent, &unused, &step)
			plan = append(plan, step)
			return err
		}, "EXPLAIN QUERY PLAN "+text, args...)
		if err != nil {
			t.Fatal(err)
		}
		whole := strings.Join(plan, "\n")
		t.Log(whole)
		if strings.Contains(whole, "SCAN history") || !strings.Contains(whole, "INDEX history_") || strings.Contains(whole, "TEMP B-TREE FOR ORDER") {
			t.Errorf("%s:\n%s", name, whole)
		}
	}
}
