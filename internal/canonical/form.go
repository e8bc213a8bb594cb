package canonical

import (
	"encoding"
	"encoding/json"
	"time"
)

// Form is a pointer to a struct that encoding/json reads and writes.
type Form interface {
	// Members calls a method of the Object for each field, in their order.
	Members(Object)
}

// Object is an object that is being read into the fields of a [Form], or being
// written from them. Reading, a member that is not there leaves its field
// alone.
type Object interface {
	Text(name string, field *string, when When)
	Int(name string, field *int, when When)
	Int64(name string, field *int64, when When)
	Time(name string, field *time.Time, when When)

	// Value is for a field whose text encoding/json writes. An empty one is
	// left out.
	Value(name string, field Textual)

	// Raw is for a value that is kept as it is. What is read shares its memory
	// with the data.
	Raw(name string, field *json.RawMessage, when When)

	// Raws is for a list of such values.
	Raws(name string, field *[]json.RawMessage)
}

// Textual is a value that is written as a text.
type Textual interface {
	encoding.TextMarshaler
	encoding.TextUnmarshaler
}

// When says when a member is written. It has no meaning for reading.
type When bool

const (
	// OmitEmpty means that a zero value is left out, as by the tags omitempty
	// and omitzero.
	OmitEmpty When = false

	// Always means that it is not.
	Always When = true
)
