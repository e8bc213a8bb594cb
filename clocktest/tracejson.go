package clocktest

import (
	"encoding/json"
	"io"
	"time"
)

// jsonTrace writes [JSONLines]. A write that fails is not repeated.
type jsonTrace struct{ lines *json.Encoder }

func newJSONTrace(w io.Writer) *jsonTrace { return &jsonTrace{json.NewEncoder(w)} }

// jsonLine is one line of the log.
type jsonLine struct {
	Step    uint64         `json:"step"`
	Time    time.Time      `json:"time"`
	Node    string         `json:"node,omitempty"`
	Actor   string         `json:"actor,omitempty"`
	Message string         `json:"message,omitempty"`
	Details map[string]any `json:"details,omitempty"`
	Cause   uint64         `json:"cause,omitempty"`
	Fault   string         `json:"fault,omitempty"`
}

func lineOf(m *moment) *jsonLine {
	return &jsonLine{Step: m.step, Time: m.wall.UTC(), Node: m.node, Actor: m.actor}
}

func (j *jsonTrace) handling(m *moment) {
	line := lineOf(m)
	line.Message, line.Details = m.kind, byKey(detailsOf(m.message))
	if m.cause != nil {
		line.Cause = m.cause.step
	}
	_ = j.lines.Encode(line)
}

func (j *jsonTrace) fault(m *moment, f Fault) {
	line := lineOf(m)
	line.Fault = f.String()
	_ = j.lines.Encode(line)
}

func (j *jsonTrace) close() {}

// byKey returns details as JSON has them.
func byKey(details []detail) map[string]any {
	m := make(map[string]any, len(details))
	for _, d := range details {
		if d.list != nil {
			m[d.key] = d.list
		} else {
			m[d.key] = d.value
		}
	}
	return m
}
