package canonical

import (
	"bytes"
	"encoding/json"
	"strconv"
	"sync"
	"time"
	"unicode/utf8"
)

// Marshal is [json.Marshal].
func Marshal(form Form) ([]byte, error) {
	w := writers.Get().(*writer)
	defer writers.Put(w)
	w.data, w.strange = w.data[:0], false
	form.Members(w)
	if w.strange || len(w.data) == 0 {
		return json.Marshal(form)
	}
	w.data = append(w.data, '}')
	return bytes.Clone(w.data), nil
}

// writers are kept for the memory that they have.
var writers = sync.Pool{New: func() any { return new(writer) }}

// writer is an Object that is written.
type writer struct {
	data    []byte
	strange bool // something in it is not canonical
}

func (w *writer) name(name string) {
	before := byte(',')
	if len(w.data) == 0 {
		before = '{'
	}
	w.data = append(w.data, before, '"')
	w.data = append(w.data, name...)
	w.data = append(w.data, '"', ':')
}

func (w *writer) Text(name string, field *string, when When) {
	if *field == "" && when == OmitEmpty {
		return
	}
	w.name(name)
	w.data = append(w.data, '"')
	w.data = append(w.data, *field...)
	w.data = append(w.data, '"')
	w.strange = w.strange || !isPlain(*field)
}

func (w *writer) Int(name string, field *int, when When) {
	n := int64(*field)
	w.Int64(name, &n, when)
}

func (w *writer) Int64(name string, field *int64, when When) {
	if *field == 0 && when == OmitEmpty {
		return
	}
	w.name(name)
	w.data = strconv.AppendInt(w.data, *field, 10)
}

func (w *writer) Time(name string, field *time.Time, when When) {
	if field.IsZero() && when == OmitEmpty {
		return
	}
	w.name(name)
	w.data = append(w.data, '"')
	data, err := field.AppendText(w.data)
	w.strange = w.strange || err != nil
	w.data = append(data, '"')
}

func (w *writer) Value(name string, field Textual) {
	data, err := field.MarshalText()
	w.strange = w.strange || err != nil
	text := string(data)
	w.Text(name, &text, OmitEmpty)
}

func (w *writer) Raw(name string, field *json.RawMessage, when When) {
	if len(*field) == 0 && when == OmitEmpty {
		return
	}
	w.name(name)
	w.raw(*field)
}

func (w *writer) Raws(name string, field *[]json.RawMessage) {
	w.name(name)
	before := byte('[')
	for _, value := range *field {
		w.data = append(w.data, before)
		w.raw(value)
		before = ','
	}
	w.strange = w.strange || len(*field) == 0
	w.data = append(w.data, ']')
}

func (w *writer) raw(value json.RawMessage) {
	w.data = append(w.data, value...)
	w.strange = w.strange || len(value) == 0 || valueLen(value, maxDepth) != len(value) || !isUnescaped(value)
}

// isPlain reports whether encoding/json writes a text as it is.
func isPlain(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c == '"' || c == '\\' {
			return false
		}
	}
	return isUnescaped(text) && utf8.ValidString(text)
}

// isUnescaped reports whether encoding/json escapes none of the characters
// that it escapes for the sake of HTML and JavaScript.
func isUnescaped[T ~string | ~[]byte](text T) bool {
	const lineSeparator = "\u2028" // and \u2029 behind it
	for i := range len(text) {
		switch text[i] {
		case '<', '>', '&':
			return false
		case lineSeparator[0]:
			if i+2 < len(text) && text[i+1] == lineSeparator[1] && text[i+2]|1 == lineSeparator[2]|1 {
				return false
			}
		}
	}
	return true
}
