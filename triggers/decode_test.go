package triggers

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon/internal/canonical/canonicaltest"
)

var amsterdam = Must(time.LoadLocation("Europe/Amsterdam"))

func TestPersistentForms(t *testing.T) {
	start := at("2024-05-01T10:00:00.123456789Z")
	hourly := Must(NewInterval(time.Hour, Options{}))
	for _, tt := range []struct {
		t    Trigger
		want string
	}{
		{Must(NewInterval(90*time.Second, Options{Start: start, Location: berlin})),
			`{"kind":"interval","every":"1m30s","timezone":"Europe/Berlin","start":"2024-05-01T10:00:00.123456789Z"}`},
		{Must(NewInterval(time.Hour, Options{Start: time.Date(1900, 1, 1, 0, 0, 0, 0, amsterdam)})), // at +00:19:32
			`{"kind":"interval","every":"1h0m0s","start":"1899-12-31T23:40:28Z"}`},
		{At(time.Date(1900, 1, 1, 0, 0, 0, 0, amsterdam)),
			`{"kind":"date","at":"1899-12-31T23:40:28Z","timezone":"Europe/Amsterdam"}`},
		{At(start.In(berlin)),
			`{"kind":"date","at":"2024-05-01T12:00:00.123456789+02:00","timezone":"Europe/Berlin"}`},
		{Must(NewCalendarInterval(CalendarFields{Months: 1, Hour: 9}, Options{Gap: Skip, Fold: Both})),
			`{"kind":"calendarinterval","months":1,"hour":9,"gap":"skip","fold":"both"}`},
		{Must(NewCron(CronFields{Day: "last fri", Hour: "9"}, Options{Location: berlin})),
			`{"kind":"cron","day":"last fri","hour":"9","timezone":"Europe/Berlin"}`},
		{Must(NewCrontab("30 2 * * mon-fri", Options{Fold: Both})),
			`{"kind":"crontab","expr":"30 2 * * mon-fri","fold":"both"}`},
		{Must(NewAnd(hourly, hourly)),
			`{"kind":"and","triggers":[{"kind":"interval","every":"1h0m0s"},{"kind":"interval","every":"1h0m0s"}]}`},
		{Must(NewOr(hourly, At(start))),
			`{"kind":"or","triggers":[{"kind":"interval","every":"1h0m0s"},{"kind":"date","at":"2024-05-01T10:00:00.123456789Z","timezone":"UTC"}]}`},
		{Bind(Must(NewJitter(hourly, time.Minute)), Binding{Seed: 1 << 63}),
			`{"kind":"jitter","max":"1m0s","seed":"9223372036854775808","trigger":{"kind":"interval","every":"1h0m0s"}}`},
		{Must(NewExcept(hourly, Day(2025, 12, 26, berlin), Day(2025, 12, 25, berlin), Span{start, start.Add(time.Minute)})),
			`{"kind":"except","spans":["2024-05-01T10:00:00.123456789Z/2024-05-01T10:01:00.123456789Z","2025-12-24T23:00:00Z/2025-12-26T23:00:00Z"],"trigger":{"kind":"interval","every":"1h0m0s"}}`},
		{Must(NewExcept(hourly, Span{start, start})),
			`{"kind":"except","spans":[],"trigger":{"kind":"interval","every":"1h0m0s"}}`},
	} {
		data, err := Encode(tt.t)
		if err != nil || string(data) != tt.want {
			t.Errorf("got  %s (%v)\nwant %s", data, err, tt.want)
		}
		read, err := Decode(data, nil)
		if _, unknown := read.(*Unknown); unknown || err != nil || string(Must(Encode(read))) != tt.want {
			t.Errorf("%s was read as %v (%v)", data, read, err)
		}
	}
}

// tide is a trigger of a user's own.
type tide struct{ Moon time.Time }

func (d tide) Next(prev, now time.Time) (time.Time, bool) { return At(d.Moon).Next(prev, now) }
func (tide) Kind() string                                 { return "tide" }
func (d tide) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]any{"kind": "tide", "moon": d.Moon})
}

var withTide = Kinds{"tide": func(data json.RawMessage) (Trigger, error) {
	var d tide
	err := json.Unmarshal(data, &d)
	return d, err
}}

func TestUnknownKindsAreKept(t *testing.T) {
	for _, data := range []string{
		`{ "kind": "tide",  "moon": "2024-05-01T10:00:00Z" }`,
		`{"kind":"or","triggers":[{"kind":"interval","every":"1h"}, {"kind":"tide", "moon":"2024-05-01T10:00:00Z"}]}`,
		`{"kind":"jitter","max":"1h","trigger":{"kind":"and","triggers":[{"kind":"tide","moon":"2024-05-01T10:00:00Z"}]}}`,
	} {
		buffer := []byte(data)
		read, err := Decode(buffer, nil)
		clear(buffer)
		u, ok := read.(*Unknown)
		if err != nil || !ok {
			t.Errorf("%s: got %v, %v", data, read, err)
			continue
		}
		if got := string(Must(Encode(u))); got != data {
			t.Errorf("%s is kept as %s", data, got)
		}
		if KindOf(u) != "tide" || u.String() != "unknown(tide)" || u.Reason() != `triggers of kind "tide" are unknown to this process` {
			t.Errorf("%s: %q, %v, %s", data, KindOf(u), u, u.Reason())
		}
		if next, ok := u.Next(time.Time{}, propertyStart); ok {
			t.Errorf("%s fires at %v", data, next)
		}
		again, err := Resolve(u, Kinds{})
		if _, ok := again.(*Unknown); !ok || err != nil {
			t.Errorf("%s without the kind: %v, %v", data, again, err)
		}
		known, err := Resolve(u, withTide)
		if _, ok := known.(*Unknown); ok || err != nil {
			t.Errorf("%s with the kind: %v, %v", data, known, err)
		}
		if next, ok := known.Next(time.Time{}, at("2024-05-01T09:30:00Z")); !ok || next.After(at("2024-05-01T11:00:00Z")) {
			t.Errorf("%s fires at %v %v", data, next, ok)
		}
	}
	if d, err := Resolve(At(propertyStart), nil); err != nil || d != Trigger(At(propertyStart)) {
		t.Errorf("a known trigger became %v, %v", d, err)
	}
}

func TestDecodeRefuses(t *testing.T) {
	kinds := Kinds{
		"nothing":  func(json.RawMessage) (Trigger, error) { return nil, nil },
		"broken":   func(json.RawMessage) (Trigger, error) { return nil, errors.New("has sprung a leak") },
		"interval": func(json.RawMessage) (Trigger, error) { return At(propertyStart), nil },
	}
	for _, tt := range []struct{ data, kind, want string }{
		{``, "", "kind: is missing"},
		{`null`, "", "kind: is missing"},
		{`{"kind":7}`, "", "kind: is missing"},
		{`{"every":"1h"}`, "", "kind: is missing"},
		{`{"kind":"interval"}`, "interval", `every: is not a duration; write it like 1h30m`},
		{`{"kind":"interval","every":"0s"}`, "interval", `every "0s": is not positive`},
		{`{"kind":"interval","every":"1h","jitter":"1m"}`, "interval", `trigger "interval": json: unknown field "jitter"`},
		{`{"kind":"interval","every":"1h","timezone":"Mars"}`, "interval", `timezone "Mars"`},
		{`{"kind":"interval","every":"1h","start":"noon"}`, "interval", `"noon"`},
		{`{"kind":"date","at":"2024-05-01"}`, "date", `2024-05-01`},
		{`{"kind":"date","at":"2024-05-01T10:00:00Z","timezone":"Mars"}`, "date", `timezone "Mars"`},
		{`{"kind":"calendarinterval","days":-1}`, "calendarinterval", "CalendarFields.Days"},
		{`{"kind":"calendarinterval","days":1,"gap":"wide"}`, "calendarinterval", `gap "wide"`},
		{`{"kind":"and","triggers":[]}`, "and", "And: has no children"},
		{`{"kind":"or","triggers":[{"kind":"interval"}]}`, "or", "every"},
		{`{"kind":"or","triggers":[null]}`, "or", "kind: is missing"},
		{`{"kind":"jitter","max":"1m"}`, "jitter", "kind: is missing"},
		{`{"kind":"except","spans":["2025-12-25"],"trigger":{"kind":"interval","every":"1h"}}`, "except", `span "2025-12-25": is none; write it like`},
		{`{"kind":"except","spans":["2025-12-25T00:00:00Z/2025-12-24T00:00:00Z"],"trigger":{"kind":"interval","every":"1h"}}`, "except", "Except span 0 \"2025-12-25T00:00:00Z/2025-12-24T00:00:00Z\": ends before it begins"},
		{`{"kind":"except","spans":[7],"trigger":{"kind":"interval","every":"1h"}}`, "except", `trigger "except": json`},
		{`{"kind":"jitter","max":"","trigger":{"kind":"interval","every":"1h"}}`, "jitter", "max: is not a duration"},
		{`{"kind":"nothing"}`, "nothing", `trigger "nothing": its decoder returned no trigger`},
		{`{"kind":"broken"}`, "broken", `trigger "broken": has sprung a leak`},
	} {
		read, err := Decode([]byte(tt.data), kinds)
		var fault *Error
		if !errors.As(err, &fault) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", tt.data, err, tt.want)
		}
		u, ok := read.(*Unknown)
		if !ok || u.Kind() != tt.kind || string(Must(u.MarshalJSON())) != tt.data || u.Reason() != err.Error() {
			t.Errorf("%s: got %#v", tt.data, read)
		}
	}
	if i, _ := Decode([]byte(`{"kind":"interval","every":"1h"}`), kinds); KindOf(i) != "interval" {
		t.Errorf("a kind of this package has been replaced by %v", i)
	}
}

func TestTransientTriggersHaveNoForm(t *testing.T) {
	for _, tr := range []Trigger{
		office{},
		Must(NewAnd(office{})),
		Must(NewOr(At(propertyStart), Must(NewAnd(office{})))),
		Must(NewJitter(office{}, time.Second)),
	} {
		_, err := Encode(tr)
		var fault *Error
		if !errors.As(err, &fault) || fault.Error() != "trigger triggers.office: has no JSON form; implement triggers.Persistent, or keep the job in a memory store" {
			t.Errorf("%T: got %v", tr, err)
		}
	}
	if KindOf(office{}) != "" {
		t.Errorf("the kind is %q", KindOf(office{}))
	}
}

// The forms of this package list their members twice.
func TestForms(t *testing.T) {
	for _, kind := range []string{"cron", "crontab", "interval", "date", "calendarinterval", "and", "or", "jitter", "except"} {
		canonicaltest.Form(t, formOf(kind))
	}
}

// What is not quite canonical is read all the same, or refused as it should be.
func TestDecodeAgrees(t *testing.T) {
	for _, data := range []string{
		`{"every":"1h","kind":"interval"}`,
		`{"Kind":"interval","EVERY":"1h"}`,
		`{"kind":"date","kind":"interval","every":"1h"}`,
		`{"kind":"date","Kind":"interval","every":"1h"}`,
		`{"kind":"interval","every":"1h","every":"2h"}`,
		`{"kind":"interval","every":"1h","every":null}`,
		`{"kind":"interval","every":"\u0031h","timezone":null,"start":null,"gap":null}`,
		`{"kind":"interval","every":"1h","timezone":"","gap":"","fold":""}`,
		`{"kind":"interval","every":"1h"}x`,
		`{"kind":"interval","every":"1h"`,
		`{"kind":"cron"}`,
		`{"kind":"cron","hour":"9","hour":"10"}`,
		`{"kind":"crontab","expr":"H * * * *","seed":"07"}`,
		`{"kind":"crontab","expr":"H * * * *","seed":"18446744073709551616"}`,
		`{"kind":"crontab","expr":"H * * * *","seed":""}`,
		`{"kind":"crontab","expr":"H * * * *","seed":"null"}`,
		`{"kind":"crontab","expr":"H * * * *","seed":null}`,
		`{"kind":"calendarinterval","days":1.0}`,
		`{"kind":"calendarinterval","days":-0,"months":1}`,
		`{"kind":"jitter","max":"1m","seed":"0","trigger":{"kind":"interval","every":"1h"}}`,
		`{"kind":"or","triggers":[{"every":"1h","kind":"interval"}, {"kind":"tide"}]}`,
		`{"kind":"or","triggers":null}`,
		`{"kind":"except","spans":null,"trigger":{"kind":"interval","every":"1h"}}`,
		`{"kind":"except","trigger":{"kind":"interval","every":"1h"},"spans":["2025-12-24T23:00:00Z/2025-12-26T23:00:00Z"]}`,
		`{"kind":"except","spans":["2025-12-24T23:00:00Z/2025-12-26T23:00:00Z", 5],"trigger":{"kind":"interval","every":"1h"}}`,
	} {
		read, err := Decode([]byte(data), withTide)
		checkAgreement(t, []byte(data), read, err)
	}
}

// checkAgreement checks that encoding/json reads data as they have been read:
// those that begin with a space are left to it.
func checkAgreement(t *testing.T, data []byte, read Trigger, err error) {
	t.Helper()
	want, wantErr := Decode(append([]byte(" "), data...), withTide)
	if u, ok := want.(*Unknown); ok {
		u.data = u.data[1:]
	}
	if fmt.Sprint(err) != fmt.Sprint(wantErr) || !reflect.DeepEqual(read, want) {
		t.Errorf("%s is read as %#v, %v; by encoding/json as %#v, %v", data, read, err, want, wantErr)
	}
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"kind":"interval","every":"1m30s","timezone":"Europe/Berlin","start":"2024-05-01T10:00:00.123456789Z"}`,
		`{"kind":"date","at":"2024-05-01T12:00:00.123456789+02:00","timezone":"Europe/Berlin"}`,
		`{"kind":"calendarinterval","months":1,"days":3,"hour":9,"gap":"skip","fold":"both"}`,
		`{"kind":"cron","day":"last fri","hour":"9","timezone":"Europe/Berlin"}`,
		`{"kind":"crontab","expr":"H 2 * * mon-fri","seed":"7","fold":"both"}`,
		`{"kind":"and","triggers":[{"kind":"interval","every":"2h"},{"kind":"interval","every":"3h"}]}`,
		`{"kind":"or","triggers":[{"kind":"interval","every":"1h"},{"kind":"tide"}]}`,
		`{"kind":"jitter","max":"1m","seed":"7","trigger":{"kind":"interval","every":"1h"}}`,
		`{"kind":"except","spans":["2024-03-30T00:00:00Z/2024-03-30T02:00:00Z"],"trigger":{"kind":"interval","every":"1h"}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		read, err := Decode(data, withTide)
		checkAgreement(t, data, read, err)
		if u, ok := read.(*Unknown); ok || err != nil {
			if !ok || string(Must(u.MarshalJSON())) != string(data) {
				t.Fatalf("got %v, %v", read, err)
			}
			return
		}
		next, ok := read.Next(propertyStart, propertyStart)
		if ok && !next.After(propertyStart) {
			t.Fatalf("%v fires at %v", read, next)
		}
		form, err := Encode(read)
		if err != nil {
			return // a zone or a time that JSON cannot hold
		}
		again, err := Decode(form, withTide)
		if err != nil {
			t.Fatalf("%s was written as %s: %v", data, form, err)
		}
		if same, more := again.Next(propertyStart, propertyStart); more != ok || !same.Equal(next) {
			t.Fatalf("%s fires at %v %v, was %v %v", form, same, more, next, ok)
		}
	})
}

// misnamed is a trigger that nobody could read back.
type misnamed struct {
	office
	form string
}

func (misnamed) Kind() string                   { return "office" }
func (m misnamed) MarshalJSON() ([]byte, error) { return []byte(m.form), nil }

func TestFormsNameTheirKind(t *testing.T) {
	for form, want := range map[string]string{
		`{"kind":"office","hours":8}`: "",
		`{"hours":8}`:                 `trigger triggers.misnamed: has a JSON form whose member "kind" is "", and its Kind is "office"; make them the same, for Decode finds it by them`,
		`{"kind":"bureau"}`:           `trigger triggers.misnamed: has a JSON form whose member "kind" is "bureau", and its Kind is "office"; make them the same, for Decode finds it by them`,
	} {
		got := ""
		if _, err := Encode(misnamed{form: form}); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: %s", form, got)
		}
	}
}
