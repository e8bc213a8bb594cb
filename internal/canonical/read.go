package canonical

import (
	"encoding/json"
	"strconv"
	"time"
)

// Read reads a form. ok is false if data are not canonical; some of the fields
// may have been set then.
func Read(data []byte, form Form) (ok bool) {
	r := reader{rest: data, before: '{'}
	form.Members(&r)
	return r.before == ',' && string(r.rest) == "}"
}

// FirstText returns the first member of an object if it is a text with this
// name, nil if not. It does not look at what follows.
func FirstText(data []byte, name string) []byte {
	r := reader{rest: data, before: '{'}
	if !r.member(name) {
		return nil
	}
	return r.text()
}

// Text returns the text that a value is; ok is false if it is none, or is not
// canonical. It shares its memory with the value.
func Text(value json.RawMessage) (text []byte, ok bool) {
	text, ok = plain(value)
	return text, ok && len(text)+len(`""`) == len(value)
}

// reader is an Object that is read.
type reader struct {
	rest   []byte // what has not been read; nil if it is not canonical
	before byte   // what stands before the next member
}

// member reports whether the next member has this name, and goes to its value
// then.
func (r *reader) member(name string) bool {
	begin, end := len(`{"`), len(`{"`)+len(name)
	value := end + len(`":`)
	if len(r.rest) < value || r.rest[0] != r.before || r.rest[1] != '"' ||
		string(r.rest[begin:end]) != name || r.rest[end] != '"' || r.rest[end+1] != ':' {
		return false
	}
	r.rest, r.before = r.rest[value:], ','
	return true
}

// text reads a plain text; it returns nil if there is none.
func (r *reader) text() []byte {
	text, ok := plain(r.rest)
	if !ok {
		r.rest = nil
		return nil
	}
	r.rest = r.rest[len(text)+len(`""`):]
	return text
}

// raw reads any value; it returns nil if there is none.
func (r *reader) raw() json.RawMessage {
	n := valueLen(r.rest, maxDepth)
	if n == 0 {
		r.rest = nil
		return nil
	}
	value := r.rest[:n:n]
	r.rest = r.rest[n:]
	return value
}

func (r *reader) Text(name string, field *string, _ When) {
	if !r.member(name) {
		return
	}
	if text := r.text(); string(text) != *field { // who knows what to expect has set it before
		*field = string(text)
	}
}

func (r *reader) Int(name string, field *int, when When) {
	n := int64(*field)
	r.Int64(name, &n, when)
	if *field = int(n); int64(*field) != n {
		r.rest = nil
	}
}

func (r *reader) Int64(name string, field *int64, _ When) {
	if !r.member(name) {
		return
	}
	n, err := strconv.ParseInt(string(r.raw()), 10, 64)
	if err != nil {
		r.rest = nil
	}
	*field = n
}

func (r *reader) Time(name string, field *time.Time, _ When) { r.Value(name, field) }

func (r *reader) Value(name string, field Textual) {
	if r.member(name) && field.UnmarshalText(r.text()) != nil {
		r.rest = nil
	}
}

func (r *reader) Raw(name string, field *json.RawMessage, _ When) {
	if r.member(name) {
		*field = r.raw()
	}
}

func (r *reader) Raws(name string, field *[]json.RawMessage) {
	if !r.member(name) {
		return
	}
	for before := byte('['); at(r.rest, 0) == before; before = ',' {
		r.rest = r.rest[1:]
		*field = append(*field, r.raw())
	}
	if len(*field) == 0 || at(r.rest, 0) != ']' {
		r.rest = nil
		return
	}
	r.rest = r.rest[1:]
}
