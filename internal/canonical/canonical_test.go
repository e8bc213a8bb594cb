package canonical_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon/internal/canonical"
	"github.com/carillon-go/carillon/internal/canonical/canonicaltest"
)

// everything has a field of each type.
type everything struct {
	Kind  string            `json:"kind"`
	Name  string            `json:"name,omitempty"`
	Count int               `json:"count,omitempty"`
	Total int64             `json:"total"`
	At    time.Time         `json:"at"`
	Until time.Time         `json:"until,omitzero"`
	Level level             `json:"level,omitzero"`
	Args  json.RawMessage   `json:"args,omitempty"`
	Inner json.RawMessage   `json:"inner"`
	List  []json.RawMessage `json:"list"`
}

func (e *everything) Members(o canonical.Object) {
	o.Text("kind", &e.Kind, canonical.Always)
	o.Text("name", &e.Name, canonical.OmitEmpty)
	o.Int("count", &e.Count, canonical.OmitEmpty)
	o.Int64("total", &e.Total, canonical.Always)
	o.Time("at", &e.At, canonical.Always)
	o.Time("until", &e.Until, canonical.OmitEmpty)
	o.Value("level", &e.Level)
	o.Raw("args", &e.Args, canonical.OmitEmpty)
	o.Raw("inner", &e.Inner, canonical.Always)
	o.Raws("list", &e.List)
}

// level is 0 to 9, written as so many crosses.
type level uint8

func (l level) MarshalText() ([]byte, error) {
	if l > 9 {
		return nil, fmt.Errorf("level %d is too high", l)
	}
	return bytes.Repeat([]byte("+"), int(l)), nil
}

func (l *level) UnmarshalText(text []byte) error {
	*l = level(len(text))
	if *l > 9 || strings.Trim(string(text), "+") != "" {
		return fmt.Errorf("level %s is unknown", text)
	}
	return nil
}

func TestForm(t *testing.T) { canonicaltest.Form(t, new(everything)) }

// What is not quite canonical is left to encoding/json.
func TestRead(t *testing.T) {
	for _, data := range []string{
		`{"kind":"a"}`,
		`{"name":"b"}`,
		`{"kind":"ä☃","count":-7}`,
		`{"count":0,"total":9223372036854775807}`,
		`{"at":"2024-05-01T10:00:00.123456789+02:00","level":"+++"}`,
		`{"level":""}`,
		`{"args":{"b":1,"a":[-0.5e+7,true,null,"\u003c\"\\"],"c":{}},"inner":null}`,
		`{"inner":"\ud800","list":[0,[],"a\/"]}`,
		`{"args":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}`,
	} {
		var read everything
		if !canonical.Read([]byte(data), &read) {
			t.Errorf("%s is not read", data)
		}
		if want, err := strict([]byte(data)); err != nil || !reflect.DeepEqual(read, want) {
			t.Errorf("%s is read as %+v, by encoding/json as %+v, %v", data, read, want, err)
		}
	}
	for _, data := range []string{
		``, `{`, `}`, `{}`, `[]`, `null`, `{"kind`, `{"kind"`, `{"kind":`, `{"kind":"`, `{"kind":"a`, `{"kind":"a"`, `{"kind":"a",`, `{"kind":"a",}`,
		` {"kind":"a"}`, `{"kind":"a"} `, `{"kind": "a"}`, `{"kind":"a"}}`, `{,"kind":"a"}`, `["kind":"a"}`,
		`{"Kind":"a"}`, `{"kind":"a","kind":"b"}`, `{"name":"a","kind":"b"}`, `{"kind":"a","other":1}`, `{"kind":"a""name":"b"}`,
		`{"kind":null}`, `{"kind":7}`, `{"kind":"\u0061"}`, "{\"kind\":\"\xff\"}", "{\"kind\":\"\n\"}",
		`{"count":"7"}`, `{"count":7.0}`, `{"count":1e2}`, `{"count":null}`, `{"count":01}`, `{"count":+1}`, `{"count":9223372036854775808}`,
		`{"at":"noon"}`, `{"at":null}`, `{"level":"low"}`, `{"level":3}`,
		`{"args":}`, `{"args":tru}`, `{"args":01}`, `{"args":1.}`, `{"args":.5}`, `{"args":1e}`, `{"args":-}`, `{"args":"\x"}`, `{"args":"\u00g0"}`, `{"args":"a`,
		`{"args":[1,]}`, `{"args":[1 ]}`, `{"args":[1}`, `{"args":{"a"}}`, `{"args":{a:1}}`, `{"args":{"a":1,}}`, `{"args":{"a":1]}`, `{"args":[`,
		`{"args":` + strings.Repeat("[", 102) + strings.Repeat("]", 102) + `}`,
		`{"list":[]}`, `{"list":]}`, `{"list":null}`, `{"list":[1,]}`, `{"list":[,1]}`, `{"list":[1`, `{"list":{}}`,
	} {
		var read everything
		if canonical.Read([]byte(data), &read) {
			t.Errorf("%s is read as %+v", data, read)
		}
	}
}

func TestFirstText(t *testing.T) {
	for data, want := range map[string]string{
		`{"kind":"a","name":"b"}`: "a",
		`{"kind":"a"`:             "a",
		`{"name":"b","kind":"a"}`: "",
		`{"kind":7}`:              "",
		`{"kind`:                  "",
		``:                        "",
	} {
		if got := canonical.FirstText([]byte(data), "kind"); string(got) != want {
			t.Errorf("%s begins with %q", data, got)
		}
	}
}

func TestText(t *testing.T) {
	for value, want := range map[string]bool{
		`"1m30s"`: true, `""`: true, `"ä"`: true,
		``: false, `"`: false, `"a`: false, `"a" `: false, ` "a"`: false, `"a""`: false, `"\u0061"`: false, "\"\xff\"": false, `null`: false, `7`: false,
	} {
		text, ok := canonical.Text(json.RawMessage(value))
		if ok != want || ok && `"`+string(text)+`"` != value {
			t.Errorf("%s: %q, %v", value, text, ok)
		}
	}
}

// Read does not give away more of the data than a value has, lest who appends
// to one writes over the next.
func TestReadAliases(t *testing.T) {
	data := []byte(`{"args":[1],"list":[2,3]}`)
	var e everything
	if !canonical.Read(data, &e) || cap(e.Args) != len(e.Args) || cap(e.List[0]) != len(e.List[0]) {
		t.Errorf("%+v", e)
	}
}

func FuzzRead(f *testing.F) {
	full, _ := json.Marshal(everything{Kind: "a", Name: "b", Count: -7, Total: 8, Level: 3, Args: json.RawMessage(`{"c":[1.5e3,"\u003c"]}`), List: []json.RawMessage{[]byte("1"), []byte("[]")}})
	f.Add(full)
	f.Add([]byte(`{"kind":"ä","total":-0,"at":"2024-05-01T10:00:00.5+02:00","args":{"a":true,"b":[null,false]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var read everything
		if !canonical.Read(data, &read) {
			return
		}
		if want, err := strict(data); err != nil || !reflect.DeepEqual(read, want) {
			t.Errorf("%s is read as %+v, by encoding/json as %+v, %v", data, read, want, err)
		}
	})
}

func FuzzMarshal(f *testing.F) {
	f.Add("a", "b", int64(7), int64(1714557600), uint8(3), []byte(`{"c":1}`), []byte(`[1, 2]`))
	f.Add("<&>", "\u2028ä\u20ac\u2029", int64(-1), int64(1<<60), uint8(12), []byte(`"\u2029"`), []byte(`{`))
	f.Add("\xff\x00\x7f\"\\\n", "\xe2\x80", int64(0), int64(-1<<60), uint8(0), []byte("\"\xff<\""), []byte(``))
	f.Fuzz(func(t *testing.T, kind, name string, n, at int64, l uint8, args, inner []byte) {
		e := everything{kind, name, int(n), n, time.Unix(at, n).UTC(), time.Unix(at, 0), level(l), args, inner, []json.RawMessage{args, inner}}
		got, err := canonical.Marshal(&e)
		want, wantErr := json.Marshal(&e)
		if !bytes.Equal(got, want) || fmt.Sprint(err) != fmt.Sprint(wantErr) {
			t.Errorf("%+v is written as\n%s, %v\nby encoding/json as\n%s, %v", e, got, err, want, wantErr)
		}
	})
}

func strict(data []byte) (e everything, err error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	err = d.Decode(&e)
	return e, err
}

// A value that has been written may be kept.
func TestMarshalSharesNothing(t *testing.T) {
	a, err := canonical.Marshal(&everything{Kind: "a", Inner: json.RawMessage("1")})
	before := string(a)
	if b, errB := canonical.Marshal(&everything{Kind: "b", Inner: json.RawMessage("2")}); err != nil || errB != nil || string(a) != before || bytes.Equal(a, b) {
		t.Errorf("got %s and %s, %v, %v", a, b, err, errB)
	}
}
