package triggers

import "encoding/json"

// Persistent is implemented by triggers that have a JSON form, as every
// trigger of this package has.
type Persistent interface {
	Trigger
	json.Marshaler

	// Kind is the name under which [Kinds] finds the decoder, for instance
	// "cron". The JSON form is an object whose member "kind" is this name.
	Kind() string
}

// Kinds are decoders of triggers by kind, beside those of this package.
type Kinds map[string]func(data json.RawMessage) (Trigger, error)
