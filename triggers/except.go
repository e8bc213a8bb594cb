package triggers

import (
	"encoding/json"
	"fmt"
	"sort"
	"time"

	"github.com/carillon-go/carillon/internal/canonical"
)

// Except fires at the times of another trigger that are outside of some spans:
// holidays, vacations, hours of maintenance. Times within are left out, not put
// off.
//
// APScheduler has no such trigger.
type Except struct {
	trigger Trigger
	spans   []Span // in order, with time in between
}

// NewExcept returns a trigger with the times of t that are in none of the spans.
// [Day] makes the span of a date; to leave a date out in several time zones,
// give the span of each. A list of spans may be empty, and grows old: it knows
// no holidays but those that it was given.
//
// Next finds a span by bisection, and asks t once more for each that it passes
// over.
//
// Errors: t is nil; a span ends before it begins, or is not in the years 1 to
// 9999.
func NewExcept(t Trigger, spans ...Span) (*Except, error) {
	if IsNil(t) {
		return nil, &Error{Field: "Except trigger", Pos: -1, Reason: "is nil; give the trigger of whose times some are left out"}
	}
	for i, s := range spans {
		if err := s.validate(i); err != nil {
			return nil, err
		}
	}
	return &Except{t, union(spans)}, nil
}

// Bind binds the trigger of whose times some are left out.
func (e *Except) Bind(b Binding) Trigger {
	if r, ok := b.Replaced.(*Except); ok {
		b.Replaced = r.trigger
	}
	return &Except{Bind(e.trigger, b), e.spans}
}

// Next returns the trigger's first time, after prev and not before now, that is
// in no span.
func (e *Except) Next(prev, now time.Time) (time.Time, bool) {
	for range len(e.spans) + maxQuestions {
		next, ok := e.trigger.Next(prev, now)
		if !ok {
			break
		}
		s, within := e.around(next)
		if !within {
			return next, true
		}
		if prev = next; s.To.After(now) {
			now = s.To
		}
	}
	return time.Time{}, false
}

// around returns the span that t is in.
func (e *Except) around(t time.Time) (s Span, within bool) {
	i := sort.Search(len(e.spans), func(i int) bool { return e.spans[i].To.After(t) })
	if i == len(e.spans) || e.spans[i].From.After(t) {
		return Span{}, false
	}
	return e.spans[i], true
}

// String returns for instance "except(crontab(0 9 * * mon-fri), 2 spans)".
func (e *Except) String() string {
	if len(e.spans) == 1 {
		return fmt.Sprintf("except(%v, %v)", e.trigger, e.spans[0])
	}
	return fmt.Sprintf("except(%v, %d spans)", e.trigger, len(e.spans))
}

// Kind returns "except".
func (*Except) Kind() string { return "except" }

type exceptJSON struct {
	Kind    string            `json:"kind"`
	Spans   []json.RawMessage `json:"spans"` // as Span writes them
	Trigger json.RawMessage   `json:"trigger"`
}

// MarshalJSON returns the persistent form. It fails if the trigger inside has
// none.
func (e *Except) MarshalJSON() ([]byte, error) {
	data, err := Encode(e.trigger)
	if err != nil {
		return nil, err
	}
	form := exceptJSON{Kind: e.Kind(), Spans: make([]json.RawMessage, len(e.spans)), Trigger: data}
	for i, s := range e.spans {
		form.Spans[i] = json.RawMessage(`"` + s.String() + `"`)
	}
	return canonical.Marshal(&form)
}

// Members lists what exceptJSON has.
func (form *exceptJSON) Members(o canonical.Object) {
	o.Text("kind", &form.Kind, canonical.Always)
	o.Raws("spans", &form.Spans)
	o.Raw("trigger", &form.Trigger, canonical.Always)
}

func (form *exceptJSON) trigger(kinds Kinds) (Trigger, error) {
	inner, err := kinds.decode(form.Trigger)
	if err != nil {
		return nil, err
	}
	spans := make([]Span, len(form.Spans))
	for i, data := range form.Spans {
		var text string
		if err := json.Unmarshal(data, &text); err != nil {
			return nil, fault(form.Kind, err)
		}
		if spans[i], err = parseSpan(text); err != nil {
			return nil, err
		}
	}
	return NewExcept(inner, spans...)
}
