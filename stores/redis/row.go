package redis

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

// delivery returns the word that is kept for what a job promises.
func delivery(d job.Delivery) string {
	if d == job.AtLeastOnce {
		return "again"
	}
	return "once"
}

// spec reads the settings of a job: "put delivery instances class JSON", with
// the number of the Put that they are of. What cannot be read is unfit
// everywhere.
func (s *store) spec(id, text string) *rows.Spec {
	parts := append(strings.SplitN(text, " ", 5), "", "", "", "", "")
	put := putOf(text)
	if known := s.cache.Find(id, put); known != nil && put > 0 {
		return known
	}
	c := classFrom(parts[3])
	settings := &rows.Settings{Task: c.task, Executor: c.executor, Kind: c.kind, Delivery: job.AtMostOnce, Spec: []byte(parts[4])}
	settings.MaxInstances, _ = strconv.Atoi(parts[2])
	if parts[1] == delivery(job.AtLeastOnce) {
		settings.Delivery = job.AtLeastOnce
	}
	return s.cache.Add(id, put, settings)
}

// putOf returns the number of the Put that settings are of, 0 if they are damaged.
func putOf(text string) int64 {
	number, _, _ := strings.Cut(text, " ")
	put, _ := strconv.ParseInt(number, 10, 64)
	return put
}

// row is a job but for its settings.
type row struct {
	mark    string // the Version as the server has it, as far as it can be told
	version int64
	next    time.Time
}

var markOf = regexp.MustCompile(`^\d+ [w-] (\d+)`)

// readRow reads "incarnation waits version next class". If it is damaged the
// mark is all that is set.
func (s *store) readRow(id, text string) (r row, err error) {
	var faults [2]error
	if fields := strings.Fields(text); len(fields) == 5 {
		r.mark = fields[2]
		r.version, faults[0] = strconv.ParseInt(fields[2], 10, 64)
		r.next, faults[1] = unstamp(fields[3])
		if faults == [2]error{} {
			return r, nil
		}
	}
	r = row{}
	if found := markOf.FindStringSubmatch(text); found != nil {
		r.mark = found[1]
	}
	return r, fmt.Errorf("the row of job %q in %s is damaged: %q", id, s.key("jobs"), text)
}

// run reads what a script tells of a run: its number, instance, attempt,
// scheduled, first, job, and the settings of that.
func (s *store) run(r reply) (job.Run, error) {
	var faults [5]error
	told := rows.Run{JobID: r.text(5)}
	told.ID, faults[0] = strconv.ParseInt(r.text(0), 10, 64)
	told.Instance, faults[1] = strconv.ParseInt(r.text(1), 10, 64)
	told.Attempt, faults[2] = strconv.Atoi(r.text(2))
	told.Scheduled, faults[3] = unstamp(r.text(3))
	told.First, faults[4] = unstamp(r.text(4))
	return told.Told(s.spec(told.JobID, r.text(6)), s.alias), errors.Join(faults[:]...)
}
