package triggers

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/carillon-go/carillon/internal/canonical"
)

// What [And] and [Or] have in common: a list of children.

func validateChildren(field string, children []Trigger) error {
	if len(children) == 0 {
		return &Error{Field: field, Pos: -1, Reason: "has no children; give at least one trigger"}
	}
	for i, child := range children {
		if IsNil(child) {
			return &Error{Field: fmt.Sprintf("%s child %d", field, i), Pos: -1, Reason: "is nil; give a trigger, or leave it out"}
		}
	}
	return nil
}

// bindAll binds children that replace others, each the one in its place if they
// are as many.
func bindAll(children, replaced []Trigger, b Binding) []Trigger {
	bound := make([]Trigger, len(children))
	for i, child := range children {
		b.Replaced = nil
		if len(replaced) == len(children) {
			b.Replaced = replaced[i]
		}
		bound[i] = Bind(child, b)
	}
	return bound
}

func join(children []Trigger) string {
	texts := make([]string, len(children))
	for i, child := range children {
		texts[i] = fmt.Sprint(child)
	}
	return strings.Join(texts, ", ")
}

type childrenJSON struct {
	Kind     string            `json:"kind"`
	Triggers []json.RawMessage `json:"triggers"`
}

func encodeChildren(kind string, children []Trigger) ([]byte, error) {
	form := childrenJSON{Kind: kind}
	for _, child := range children {
		data, err := Encode(child)
		if err != nil {
			return nil, err
		}
		form.Triggers = append(form.Triggers, data)
	}
	return canonical.Marshal(&form)
}

// Members lists what childrenJSON has.
func (form *childrenJSON) Members(o canonical.Object) {
	o.Text("kind", &form.Kind, canonical.Always)
	o.Raws("triggers", &form.Triggers)
}

func (form *childrenJSON) trigger(kinds Kinds) (Trigger, error) {
	children := make([]Trigger, len(form.Triggers))
	for i, child := range form.Triggers {
		var err error
		if children[i], err = kinds.decode(child); err != nil {
			return nil, err
		}
	}
	if form.Kind == "and" {
		return NewAnd(children...)
	}
	return NewOr(children...)
}
