package clocktest

import (
	"encoding/json"
	"io"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
)

// chromeTrace writes [Chrome]. A write that fails is not repeated.
//
// All messages of an instant are handled at the same time; in the picture each
// gets a microsecond of its own.
type chromeTrace struct {
	w      io.Writer
	begun  bool
	latest int64 // that a message was drawn
	nodes  map[string]int
	rows   map[row]*chromeRow
	arrows int
}

// chromeRow is an actor in the picture.
type chromeRow struct {
	process, thread int
	last            any // message
}

// chromeEvent is one event of the format. Times are in microseconds.
type chromeEvent struct {
	Name    string         `json:"name"`
	Phase   string         `json:"ph"`
	Kind    string         `json:"cat,omitempty"`
	ID      any            `json:"id,omitempty"`
	Bind    string         `json:"bp,omitempty"`
	Scope   string         `json:"s,omitempty"`
	At      int64          `json:"ts"`
	Takes   int64          `json:"dur,omitempty"`
	Process int            `json:"pid"`
	Thread  int            `json:"tid"`
	Args    map[string]any `json:"args,omitempty"`
}

func newChromeTrace(w io.Writer) *chromeTrace {
	return &chromeTrace{w: w, latest: -1, nodes: make(map[string]int), rows: make(map[row]*chromeRow)}
}

func (c *chromeTrace) handling(m *moment) {
	r := c.rowOf(m.row)
	again := r.last == m.message
	r.last = m.message
	c.latest = max(c.latest+1, m.elapsed.Microseconds())
	m.drawn = c.latest
	args := byKey(detailsOf(m.message))
	args["step"], args["time"] = m.step, m.wall.UTC().Format(time.RFC3339Nano)
	c.draw(r, &chromeEvent{Name: m.kind, Phase: "X", At: m.drawn, Takes: 1, Args: args})
	if m.cause != nil {
		c.arrow(m)
	}
	if finished, ok := m.message.(*messages.Finished); ok && !again {
		for i := range finished.Results {
			c.span(r, m, &finished.Results[i])
		}
	}
}

// arrow draws the way of the message that m handles.
func (c *chromeTrace) arrow(m *moment) {
	c.arrows++
	c.draw(c.rowOf(m.cause.row), &chromeEvent{Name: m.kind, Phase: "s", Kind: "message", ID: c.arrows, At: m.cause.drawn})
	c.draw(c.rowOf(m.row), &chromeEvent{Name: m.kind, Phase: "f", Bind: "e", Kind: "message", ID: c.arrows, At: m.drawn})
}

// span draws a run that has ended. Runs may overlap; each job has rows of its
// own.
func (c *chromeTrace) span(r *chromeRow, m *moment, result *job.Result) {
	run := result.Run
	event := chromeEvent{Name: run.JobID, Kind: "run", ID: run.Store + "/" + run.String(), At: m.drawn, Args: map[string]any{
		"scheduled": run.Scheduled.UTC().Format(time.RFC3339Nano),
		"outcome":   result.Outcome.String(),
	}}
	begin, end := event, event
	begin.Phase, end.Phase, end.Args = "b", "e", nil
	begin.At = max(0, m.drawn-max(0, result.Finished.Sub(result.Started)).Microseconds())
	c.draw(r, &begin)
	c.draw(r, &end)
}

func (c *chromeTrace) fault(m *moment, f Fault) {
	event := &chromeEvent{Name: f.String(), Phase: "i", Kind: "fault", Scope: "t", At: m.drawn}
	if m.actor == "" {
		event.Scope, event.At = "g", max(c.latest, m.elapsed.Microseconds())
	}
	c.draw(c.rowOf(m.row), event)
}

func (c *chromeTrace) close() {
	if c.begun {
		_, _ = io.WriteString(c.w, "\n]\n")
	}
}

// rowOf returns an actor's row; a new one gets its label.
func (c *chromeTrace) rowOf(of row) *chromeRow {
	r := c.rows[of]
	if r != nil {
		return r
	}
	process, known := c.nodes[of.node]
	if !known {
		process = len(c.nodes) + 1
		c.nodes[of.node] = process
		c.label(&chromeRow{process: process}, "process_name", or(of.node, "scheduler"))
	}
	r = &chromeRow{process: process, thread: len(c.rows) + 1}
	c.rows[of] = r
	c.label(r, "thread_name", or(of.actor, "simulation"))
	return r
}

func (c *chromeTrace) label(r *chromeRow, what, name string) {
	c.draw(r, &chromeEvent{Name: what, Phase: "M", Args: map[string]any{"name": name}})
}

func (c *chromeTrace) draw(r *chromeRow, event *chromeEvent) {
	event.Process, event.Thread = r.process, r.thread
	text, err := json.Marshal(event)
	if err != nil {
		panic(err) // all of it can be marshalled
	}
	separator := ",\n"
	if !c.begun {
		separator, c.begun = "[\n", true
	}
	_, _ = io.WriteString(c.w, separator)
	_, _ = c.w.Write(text)
}
