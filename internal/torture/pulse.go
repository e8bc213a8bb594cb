package torture

import (
	"encoding/json"

	"github.com/carillon-go/carillon/triggers"
)

// pulse is a kind of trigger that an old worker does not know.
type pulse struct{ *triggers.Interval }

var pulses = triggers.Kinds{"pulse": func(data json.RawMessage) (triggers.Trigger, error) {
	var form pulseJSON
	if err := json.Unmarshal(data, &form); err != nil {
		return nil, err
	}
	t, err := triggers.Decode(form.Of, nil)
	if err != nil {
		return nil, err
	}
	return pulse{t.(*triggers.Interval)}, nil
}}

type pulseJSON struct {
	Kind string          `json:"kind"`
	Of   json.RawMessage `json:"of"`
}

// Kind is "pulse".
func (p pulse) Kind() string { return "pulse" }

// Bind keeps it a pulse.
func (p pulse) Bind(b triggers.Binding) triggers.Trigger {
	return pulse{p.Interval.Bind(b).(*triggers.Interval)}
}

// MarshalJSON has the interval in it.
func (p pulse) MarshalJSON() ([]byte, error) {
	of, err := triggers.Encode(p.Interval)
	if err != nil {
		return nil, err
	}
	return json.Marshal(pulseJSON{p.Kind(), of})
}
