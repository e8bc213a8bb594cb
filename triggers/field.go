package triggers

import (
	"fmt"
	"math/bits"
	"strconv"
	"strings"
)

// field is a kind of field of an expression: what both dialects have in common.
type field struct {
	name     string
	min, max int
	names    []string // names[i] is another way to write min+i
	also     string   // what else may be written, for error messages
	circular bool     // max+1 is another way to write min: 7 for Sunday
}

// span is what one item of a field stands for: first, first+step ... up to last.
type span struct{ first, last, step int }

// noSpan is that of an item which is no list of values, such as the last day.
var noSpan = span{first: 1, last: 0, step: 1}

// atOrAfter returns the first value of s that is not below v, or one above
// every field's values.
func (s span) atOrAfter(v int) int {
	if v <= s.first {
		return s.first
	}
	if s.step > 1 {
		v += (s.step - (v-s.first)%s.step) % s.step
	}
	if v > s.last {
		return maxYear + 1
	}
	return v
}

// spans reads a comma separated list, of which special takes what it knows.
func (f *field) spans(list token, special func(item token) (s span, taken bool, err error)) (spans []span, err error) {
	for item := range list.list() {
		if item.text == "" {
			return nil, f.fault(item, "an item of the list is empty; write %s, or remove the comma", f.choice())
		}
		s, taken, err := special(item)
		if !taken {
			s, err = f.span(item)
		}
		if err != nil {
			return nil, err
		}
		spans = append(spans, s)
	}
	return spans, nil
}

// span reads "*", "a" or "a-b", each with or without a step "/c". The step
// makes "a" mean "a to the end".
func (f *field) span(item token) (span, error) {
	values, step, stepped := item.cut("/")
	s := span{f.min, f.max, 1}
	if values.text != "*" {
		var err error
		if s, err = f.valueOrRange(values); err != nil {
			return span{}, err
		}
		if stepped && !strings.Contains(values.text, "-") {
			s.last = f.max
		}
	}
	if !stepped {
		return s, nil
	}
	n, err := f.step(step, s)
	s.step = n
	return s, err
}

// valueOrRange reads "a" or "a-b".
func (f *field) valueOrRange(t token) (span, error) {
	from, to, ranged := t.cut("-")
	if from.text == "" || ranged && to.text == "" {
		return span{}, f.fault(t, "not understood; use %s, or * for any", f.choice())
	}
	first, err := f.value(from)
	if err != nil || !ranged {
		return span{first, first, 1}, err
	}
	last, err := f.value(to)
	if err != nil {
		return span{}, err
	}
	if f.circular && last == f.min && first > f.min {
		last = f.top() // "fri-sun"
	}
	if last < first {
		return span{}, f.fault(t, "the range ends before it begins; write it as two, %s,%s", f.write(first, f.max), f.write(f.min, last))
	}
	return span{first, last, 1}, nil
}

// value reads a number or a name.
func (f *field) value(t token) (int, error) {
	for i, name := range f.names {
		if t.is(name) {
			return f.min + i, nil
		}
	}
	if !isNumber(t.text) {
		return 0, f.fault(t, "not understood; use %s, or * for any", f.choice())
	}
	n, err := strconv.Atoi(t.text)
	if err != nil || n < f.min || n > f.top() {
		return 0, f.fault(t, "out of range; use %s", f.choice())
	}
	return n, nil
}

// step reads the step of a range.
func (f *field) step(t token, s span) (int, error) {
	n, err := strconv.Atoi(t.text)
	room := s.last - s.first
	switch {
	case !isNumber(t.text):
		return 0, f.fault(t, "the step is not a number; write the distance of two values, such as */2")
	case room <= 0:
		return 0, f.fault(t, "there is nothing to step to; leave out the /%s", t.text)
	case err != nil || n < 1 || n > room:
		return 0, f.fault(t, "the step does not fit into %s; use 1 to %d, or an interval (@every in a crontab)", f.write(s.first, s.last), room)
	}
	return n, nil
}

func isNumber(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }

// top is the greatest number that may be written.
func (f *field) top() int {
	if f.circular {
		return f.max + 1
	}
	return f.max
}

// within is f for values of another range.
func (f *field) within(min, max int) *field { return &field{name: f.name, min: min, max: max} }

// choice says which values there are.
func (f *field) choice() string {
	values := fmt.Sprintf("%d-%d", f.min, f.top())
	if f.names != nil {
		values += " or " + f.names[0] + "-" + f.names[len(f.names)-1]
	}
	if f.also != "" {
		values += ", " + f.also
	}
	return values
}

// write returns a range as the user would write it.
func (f *field) write(first, last int) string {
	text := strconv.Itoa
	if f.names != nil {
		text = func(value int) string { return f.names[(value-f.min)%len(f.names)] }
	}
	if first == last {
		return text(first)
	}
	return text(first) + "-" + text(last)
}

func (f *field) fault(t token, reason string, args ...any) *Error {
	return &Error{Field: f.name, Expr: t.text, Pos: t.pos, Reason: fmt.Sprintf(reason, args...)}
}

// repeats reports whether a field of the time of day is not just a list of
// times: it has every value, or a step.
func (f *field) repeats(spans []span) bool {
	for _, s := range spans {
		if s.step > 1 {
			return true
		}
	}
	return bits.OnesCount64(mask(spans)) > f.max-f.min
}

// mask returns the values as bits.
func mask(spans []span) (set uint64) {
	for _, s := range spans {
		for v := s.first; v <= s.last; v += s.step {
			set |= 1 << v
		}
	}
	return set
}
