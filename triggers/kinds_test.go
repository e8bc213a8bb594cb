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

func TestKindsValidate(t *testing.T) {
	decode := func(json.RawMessage) (Trigger, error) { return Date{}, nil }
	faults := Kinds{"tide": decode, "moon": nil, "cron": decode, "": decode, "x\x00": decode}.Validate()
	want := []string{
		`trigger kind "": has no name; give the Kind of its triggers`,
		`trigger kind "cron": is a kind of this package's own; give yours another name`,
		`trigger kind "moon": is nil; give a function that decodes triggers of this kind`,
		`trigger kind "x\x00": is no text in UTF-8 without zero bytes, which is what stores keep`,
	}
	if len(faults) != len(want) {
		t.Fatalf("got %v", faults)
	}
	for i := range want {
		if faults[i].Error() != want[i] {
			t.Errorf("got %v, want %s", faults[i], want[i])
		}
	}
}
