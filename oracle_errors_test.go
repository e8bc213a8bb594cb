package carillon_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
)

// failure is one line of the recorded errors: one call, what it answers and
// leads to.
type failure struct {
	ID, What string
	Start    time.Time
	Config   oracleConfig
	Setup    []step
	Call     step
	Expect   struct {
		Error  *fault
		Result json.RawMessage
		OK     bool
	}
	Events      []entry // from the call on
	State       string
	Jobs        []jobRow
	SetupErrors []struct {
		Op    int
		Error *fault
	} `json:"setup_errors"`
	PythonOnly bool `json:"python_only"`
	Note       string
}

// hold plays a failure as a scenario of which all but the last step is of no
// account.
func (f *failure) hold(t *testing.T, l *oracleLedger) {
	switch {
	case f.PythonOnly:
		t.Skip("cannot be written down in Go: " + f.What)
	case f.Call.Op == "new_scheduler", strings.HasPrefix(f.What, "job default "):
		t.Skip("see TestConfigFromMapOracle: " + f.What)
	}
	c := &scenario{ID: f.ID, Title: f.What + " " + f.Note, Start: f.Start, Config: f.Config, Script: append(f.Setup, f.Call)}
	l.hold(t, c, f.recorded(), func(t *testing.T, c *scenario, rows []difference) *account {
		return f.only(play(t, c, rows))
	})
}

// only removes what is not recorded: calls, times, and what the steps before
// the call lead to, except their errors.
func (f *failure) only(a *account) *account {
	for i := range a.parts {
		a.parts[i] = slices.DeleteFunc(a.parts[i], func(e entry) bool {
			return e.Call != "" || i < len(f.Setup) && e.stream != beyond && e.Name == "" && e.Error == nil
		})
	}
	for e := range a.entries() {
		e.T = time.Time{}
	}
	return a
}

func (f *failure) recorded() *account {
	var log []entry
	for i, s := range append(f.Setup, f.Call) {
		if s.Op == "advance" {
			continue
		}
		log = append(log, entry{Op: &i, Name: s.Op})
		for _, e := range f.SetupErrors {
			if e.Op == i {
				log = append(log, entry{Op: &i, Error: e.Error})
			}
		}
	}
	last := len(f.Setup)
	log = append(log, f.Events...)
	if f.Expect.Error != nil || f.Expect.Result != nil {
		log = append(log, entry{Op: &last, Result: f.Expect.Result, Error: f.Expect.Error})
	}
	a := cut(last+1, log)
	a.jobs, a.state = f.Jobs, f.State
	return a
}
