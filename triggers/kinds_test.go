package triggers

import (
	"encoding/json"
	"errors"
	"testing"
)

// TestKindsNames holds the list of kinds against the decoder: those that are
// listed are known to it, and others are not.
func TestKindsNames(t *testing.T) {
	custom := Kinds{"moon": func(json.RawMessage) (Trigger, error) { return Date{}, nil }}
	known := func(kind string) bool {
		_, err := custom.decode([]byte(`{"kind":"` + kind + `"}`))
		_, unknown := errors.AsType[unknownKind](err)
		return !unknown
	}
	for _, kind := range custom.Names() {
		if !known(kind) {
			t.Errorf("%q is listed and cannot be decoded", kind)
		}
	}
	if known("tide") {
		t.Error(`"tide" can be decoded and is not listed`)
	}
}
