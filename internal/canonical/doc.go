// Package canonical reads and writes persistent forms: the JSON that jobs and
// triggers are stored as. It does what encoding/json does for what is written as
// this module writes it, reading it five times as fast, and leaves everything
// else to encoding/json.
//
// # The canonical form
//
// An object is canonical if it has no white space between its tokens, its
// members are in the order of the fields of its struct, each once at the most,
// and its texts have no escapes. A value that is kept as it is, a
// json.RawMessage, may have members in any order, and escapes.
//
// Stores return what they were given, so nearly all that is read is canonical.
// What is not was written by a person or another program, or has a text with a
// quotation mark in it.
//
// # Usage
//
// A [Form] is a struct with tags for encoding/json and a method that lists its
// members once more. It serves both directions:
//
//	type dateJSON struct {
//		Kind     string    `json:"kind"`
//		At       time.Time `json:"at"`
//		Timezone string    `json:"timezone,omitempty"`
//	}
//
//	func (f *dateJSON) Members(o canonical.Object) {
//		o.Text("kind", &f.Kind, canonical.Always)
//		o.Time("at", &f.At, canonical.Always)
//		o.Text("timezone", &f.Timezone, canonical.OmitEmpty)
//	}
//
// [Read] reports false for what is not canonical. Nothing is wrong then:
// encoding/json has to read it, into an empty struct, and to say what is wrong
// if something is.
//
// # Testing
//
// Package canonicaltest checks a form's list of members against its tags. What
// Read and [Marshal] do themselves is compared with encoding/json by fuzzing.
//
// # Concurrency
//
// All functions may be called concurrently.
package canonical
