package triggers

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestLocationNames(t *testing.T) {
	tests := []struct {
		loc  *time.Location
		want string
	}{
		{nil, ""},
		{time.UTC, "UTC"},
		{time.Local, time.Local.String()},
		{zoneNamed(t, "Europe/Berlin"), "Europe/Berlin"},
		{zoneNamed(t, "Etc/GMT+5"), "Etc/GMT+5"},
		{time.FixedZone("UTC", 0), "UTC"},
		{time.FixedZone("", 3600), "+01:00"},
		{time.FixedZone("CET", 3600), "+01:00"}, // there is a CET, with summer time
		{time.FixedZone("Office", -5*3600), "-05:00"},
		{time.FixedZone("UTC", 3600), "+01:00"}, // not UTC
		{time.FixedZone("+05:45", 5*3600+45*60), "+05:45"},
		{time.FixedZone("LMT", -(4*3600 + 56*60 + 2)), "-04:56:02"},
	}
	for _, test := range tests {
		name, err := locationName(test.loc)
		if err != nil || name != test.want {
			t.Errorf("%v: got %q, %v, want %q", test.loc, name, err, test.want)
			continue
		}
		found, err := findLocation(name)
		if err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		if test.loc != nil && found.String() == "UTC" != (test.loc.String() == "UTC" && test.want == "UTC") {
			t.Errorf("%q is read as %v", name, found)
		}
		if test.loc != nil {
			now := at("2024-07-01T00:00:00Z")
			if got, want := now.In(found).Format(time.DateTime), now.In(test.loc).Format(time.DateTime); got != want {
				t.Errorf("%q shows %s, want %s", name, got, want)
			}
		}
	}
}

// Many names that are none of a zone leave no trace but the last ones, and
// writing one a second time does not look for files.
func TestStrangeZones(t *testing.T) {
	for i := range 1000 {
		if name, err := locationName(time.FixedZone(fmt.Sprint("strange", i), 3600)); err != nil || name != "+01:00" {
			t.Fatalf("got %q, %v", name, err)
		}
	}
	if n := len(strange.names); n > 100 || !strange.has("strange999") {
		t.Errorf("%d names are remembered", n)
	}
	office := At(time.Date(2026, 11, 22, 9, 0, 0, 0, time.FixedZone("Office", 3600)))
	encode := func() { Must(Encode(office)) }
	if n := testing.AllocsPerRun(100, encode); n > 15 {
		t.Errorf("a zone with a strange name takes %v allocations to write", n)
	}
}

// A zone with rules of its own cannot be stored, rather than be read as another
// one, or not at all.
func TestLocationWithoutName(t *testing.T) {
	for _, name := range []string{"Carillon/Tower", "UTC"} {
		own, err := time.LoadLocationFromTZData(name, oneChange)
		if err != nil {
			t.Fatal(err)
		}
		refuseToStore(t, own)
	}
	refuseToStore(t, time.FixedZone("far", 100*3600))
}

// oneChange are time zone data (RFC 8536) of a zone whose clock was put an hour
// forward in 1970.
var oneChange = []byte("TZif\x00" + strings.Repeat("\x00", 15) +
	"\x00\x00\x00\x00" + "\x00\x00\x00\x00" + "\x00\x00\x00\x00" + // no indicators, no leap seconds
	"\x00\x00\x00\x01" + "\x00\x00\x00\x02" + "\x00\x00\x00\x08" + // one change, two types, their names
	"\x00\x10\x00\x00" + "\x01" + "\x00\x00\x00\x00\x00\x00" + "\x00\x00\x0e\x10\x01\x04" + "OLD\x00NEW\x00")

func refuseToStore(t *testing.T, loc *time.Location) {
	t.Helper()
	for _, trigger := range []json.Marshaler{
		Must(NewCron(CronFields{Hour: "9"}, Options{Location: loc})),
		Must(NewCrontab("@daily", Options{Location: loc})),
	} {
		data, err := trigger.MarshalJSON()
		if fault, ok := errors.AsType[*Error](err); !ok || fault.Field != "Options.Location" {
			t.Errorf("%v: got %s, %v", trigger, data, err)
		}
	}
}

func TestUnknownLocation(t *testing.T) {
	for _, kind := range []string{`"cron","hour":"9"`, `"crontab","expr":"@daily"`} {
		_, err := Decode([]byte(`{"kind":`+kind+`,"timezone":"Mars/Phobos"}`), nil)
		if fault, ok := errors.AsType[*Error](err); !ok || fault.Field != "timezone" || fault.Expr != "Mars/Phobos" {
			t.Errorf("%s: got %v", kind, err)
		}
	}
}
