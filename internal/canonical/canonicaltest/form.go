package canonicaltest

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/carillon-go/carillon/internal/canonical"
)

// Form fails unless Members of the form lists all fields, in their order, with
// the names and the omissions that their tags say.
func Form(t *testing.T, form canonical.Form) {
	t.Helper()
	empty := reflect.New(reflect.TypeOf(form).Elem())
	check(t, "empty", empty.Interface().(canonical.Form))
	full := reflect.New(empty.Elem().Type())
	for i, field := range leaves(full.Elem()) {
		fill(t, field)
		one := reflect.New(empty.Elem().Type())
		fill(t, leaves(one.Elem())[i])
		check(t, "with one field", one.Interface().(canonical.Form))
	}
	check(t, "full", full.Interface().(canonical.Form))

	written, err := json.Marshal(full.Interface())
	if err != nil {
		t.Fatal(err)
	}
	read := reflect.New(empty.Elem().Type())
	if !canonical.Read(written, read.Interface().(canonical.Form)) || !reflect.DeepEqual(read.Interface(), full.Interface()) {
		t.Errorf("%T: %s is read as %+v", form, written, read.Elem())
	}
}

func check(t *testing.T, what string, form canonical.Form) {
	t.Helper()
	want, err := json.Marshal(form)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := canonical.Marshal(form); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%T, %s: Members writes\n%s, %v\nand the tags\n%s", form, what, got, err, want)
	}
}

// leaves returns the fields of a struct and of those that are embedded in it.
func leaves(form reflect.Value) (fields []reflect.Value) {
	for i := range form.NumField() {
		if field := form.Field(i); form.Type().Field(i).Anonymous {
			fields = append(fields, leaves(field)...)
		} else {
			fields = append(fields, field)
		}
	}
	return fields
}

// fill sets a field to something.
func fill(t *testing.T, field reflect.Value) {
	t.Helper()
	switch pointer := field.Addr().Interface().(type) {
	case *string:
		*pointer = "text"
	case *time.Time:
		*pointer = time.Date(2024, 5, 1, 10, 0, 0, 123456789, time.UTC)
	case *json.RawMessage:
		*pointer = json.RawMessage(`{"a":[1,"b"]}`)
	case *[]json.RawMessage:
		*pointer = []json.RawMessage{json.RawMessage(`{"a":1}`), json.RawMessage(`null`)}
	case **uint64:
		*pointer = new(uint64)
	default:
		switch {
		case field.CanInt():
			field.SetInt(7)
		case field.CanUint():
			field.SetUint(1)
		default:
			t.Fatalf("no value for a field of type %s", field.Type())
		}
	}
}
