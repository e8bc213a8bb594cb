package triggers

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/carillon-go/carillon/internal/canonical"
)

// Encode returns the persistent form of t, which [Decode] reads. It fails with
// an [*Error] if t, or a trigger inside it, is not [Persistent], or names no kind
// by which it would be found again.
func Encode(t Trigger) ([]byte, error) {
	p, ok := t.(Persistent)
	if !ok {
		return nil, &Error{Field: fmt.Sprintf("trigger %T", t), Pos: -1, Reason: "has no JSON form; implement triggers.Persistent, or keep the job in a memory store"}
	}
	data, err := p.MarshalJSON()
	if _, unknown := t.(*Unknown); err != nil || unknown || slices.Contains(builtin, p.Kind()) {
		return data, err
	}
	if named := kindOf(data); named == "" || named != p.Kind() {
		return nil, &Error{Field: fmt.Sprintf("trigger %T", t), Pos: -1, Reason: fmt.Sprintf("has a JSON form whose member \"kind\" is %q, and its Kind is %q; make them the same, for Decode finds it by them", named, p.Kind())}
	}
	return data, nil
}

// Decode reads a trigger: one of this package's, or of one of the given kinds,
// which cannot take the place of this package's.
//
// It always returns a trigger. If the data or a trigger inside them are of a
// kind that is neither, it is an [*Unknown] and err is nil: another process,
// of a newer version perhaps, knows it. If they cannot be read it is an
// *Unknown too, and err is, or wraps, an [*Error] that says why.
func Decode(data []byte, kinds Kinds) (t Trigger, err error) {
	if t, err = kinds.decode(data); err == nil {
		return t, nil
	}
	unknown := &Unknown{data: slices.Clone(data), reason: err.Error()}
	if missing, ok := errors.AsType[unknownKind](err); ok {
		unknown.kind, err = string(missing), nil
	} else {
		unknown.kind = kindOf(data)
	}
	return unknown, err
}

// KindOf returns the kind of t, "" if it has none because it is not
// [Persistent]. That of an [*Unknown] is the kind that is unknown.
func KindOf(t Trigger) string {
	if p, ok := t.(Persistent); ok {
		return p.Kind()
	}
	return ""
}

// form is the persistent form of one of this package's triggers.
type form interface {
	canonical.Form
	trigger(Kinds) (Trigger, error)
}

// formOf returns a form with nothing in it but the kind; nil for a kind that is
// none of this package's.
func formOf(kind string) form {
	switch kind {
	case "cron":
		return &cronJSON{Kind: "cron"}
	case "crontab":
		return &crontabJSON{Kind: "crontab"}
	case "interval":
		return &intervalJSON{Kind: "interval"}
	case "date":
		return &dateJSON{Kind: "date"}
	case "calendarinterval":
		return &calendarIntervalJSON{Kind: "calendarinterval"}
	case "and":
		return &childrenJSON{Kind: "and"}
	case "or":
		return &childrenJSON{Kind: "or"}
	case "jitter":
		return &jitterJSON{Kind: "jitter"}
	case "except":
		return &exceptJSON{Kind: "except"}
	}
	return nil
}

// decode fails with an unknownKind, or with an error that is or wraps an
// *Error.
func (kinds Kinds) decode(data json.RawMessage) (Trigger, error) {
	if form := formOf(string(canonical.FirstText(data, "kind"))); form != nil && canonical.Read(data, form) {
		return form.trigger(kinds)
	}
	kind := kindOf(data)
	if kind == "" {
		return nil, &Error{Field: "kind", Pos: -1, Reason: `is missing; a trigger is a JSON object with a member "kind", for instance "cron"`}
	}
	form := formOf(kind)
	if form == nil {
		return kinds.decodeCustom(kind, data)
	}
	if err := decodeStrict(data, form); err != nil {
		return nil, err
	}
	return form.trigger(kinds)
}

func (kinds Kinds) decodeCustom(kind string, data json.RawMessage) (Trigger, error) {
	decode, ok := kinds[kind]
	if !ok {
		return nil, unknownKind(kind)
	}
	t, err := decode(data)
	if err == nil && t == nil {
		err = errors.New("its decoder returned no trigger")
	}
	if err != nil {
		return nil, fault(kind, err)
	}
	return t, nil
}

// kindOf returns the kind that a persistent form names, "" if it names none.
func kindOf(data []byte) string {
	var form struct {
		Kind string `json:"kind"`
	}
	if json.Unmarshal(data, &form) != nil {
		return ""
	}
	return form.Kind
}

// decodeStrict reads the persistent form of a trigger of this package. A member
// that is not known is an error: what it says would be lost.
func decodeStrict(data json.RawMessage, form any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(form); err != nil {
		return fault(kindOf(data), err)
	}
	return nil
}

// fault returns an error of a decoder as one that is, or wraps, an *Error.
func fault(kind string, err error) error {
	if _, ok := errors.AsType[*Error](err); ok {
		return err
	}
	return &Error{Field: "trigger", Expr: kind, Pos: -1, Reason: err.Error()}
}

// unknownKind is the error of a kind that this process has no decoder for.
type unknownKind string

func (k unknownKind) Error() string {
	return fmt.Sprintf("triggers of kind %q are unknown to this process", string(k))
}
