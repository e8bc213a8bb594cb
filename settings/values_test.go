package settings_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/carillon-go/carillon/settings"
)

// readers are all ways to read one setting, by name.
var readers = map[string]func(s *settings.Section, key string) any{
	"Text":     func(s *settings.Section, key string) any { return s.Text(key) },
	"Word":     func(s *settings.Section, key string) any { return s.Word(key, "at most once", "at least once") },
	"Int":      func(s *settings.Section, key string) any { return s.Int(key) },
	"Bool":     func(s *settings.Section, key string) any { return s.Bool(key) },
	"Seconds":  func(s *settings.Section, key string) any { return s.Duration(key, time.Second) },
	"Weeks":    func(s *settings.Section, key string) any { return s.Duration(key, 7*24*time.Hour) },
	"Location": func(s *settings.Section, key string) any { return s.Location(key) },
	"Time":     func(s *settings.Section, key string) any { return s.Time(key, nil) },
	"Berlin":   func(s *settings.Section, key string) any { return s.Time(key, berlin) },
	"NewYork":  func(s *settings.Section, key string) any { return s.Time(key, newYork) },
	"Date":     func(s *settings.Section, key string) any { return s.Date(key, newYork) },
}

var (
	berlin, _  = time.LoadLocation("Europe/Berlin")
	newYork, _ = time.LoadLocation("America/New_York")
)

func readEvery(s *settings.Section, key string) {
	for _, name := range slices.Sorted(maps.Keys(readers)) {
		readers[name](s, key)
	}
}

type level string

func TestValues(t *testing.T) {
	const (
		wantText     = "give text"
		wantWord     = `give "at least once" or "at most once"`
		wantInt      = "give a whole number"
		wantBool     = "give true or false"
		wantLess     = "give at most 9223372036 seconds"
		wantDuration = `give a number of seconds from 0 on, or a duration such as "1m30s"`
		wantZone     = `give the IANA name of a time zone, such as "Europe/Berlin", or "Local"`
		wantTime     = `give a time like "2024-05-01T10:00:00+02:00"`
		wantDate     = `give a date like "2024-05-01"`
	)
	for _, c := range []struct {
		as    string
		value any
		want  string // what is printed of the value, or
		fault string
	}{
		{"Text", "x", "x", ""},
		{"Text", " x ", " x ", ""},
		{"Text", level("x"), "x", ""},
		{"Text", 5, "5", ""},
		{"Text", 5.0, "5", ""},
		{"Text", uint8(5), "5", ""},
		{"Text", json.Number("5e3"), "5e3", ""},
		{"Text", nil, "", ""},
		{"Text", true, "", "is true; " + wantText},
		{"Text", []string{"x"}, "", "is a list; " + wantText},
		{"Text", map[string]any{}, "", "is a group of settings; " + wantText},

		{"Word", "at most once", "at most once", ""},
		{"Word", "AT_LEAST-once ", "at least once", ""},
		{"Word", nil, "", ""},
		{"Word", "once", "", `is "once"; ` + wantWord},
		{"Word", "", "", `is ""; ` + wantWord},
		{"Word", true, "", "is true; " + "give text"},

		{"Int", 5, "5", ""},
		{"Int", int64(-5), "-5", ""},
		{"Int", uint16(5), "5", ""},
		{"Int", 5.0, "5", ""},
		{"Int", " 5 ", "5", ""},
		{"Int", "1e3", "1000", ""},
		{"Int", json.Number("5"), "5", ""},
		{"Int", nil, "0", ""},
		{"Int", 5.5, "0", "is 5.5; " + wantInt},
		{"Int", "five", "0", `is "five"; ` + wantInt},
		{"Int", "", "0", `is ""; ` + wantInt},
		{"Int", true, "0", "is true; " + wantInt},
		{"Int", uint64(math.MaxUint64), "0", "is 18446744073709551615; " + wantInt},
		{"Int", 1e300, "0", "is 1e+300; " + wantInt},
		{"Int", math.NaN(), "0", "is NaN; " + wantInt},
		{"Int", math.Inf(1), "0", "is +Inf; " + wantInt},

		{"Bool", true, "true", ""},
		{"Bool", "Yes", "true", ""},
		{"Bool", " t ", "true", ""},
		{"Bool", 1, "true", ""},
		{"Bool", false, "false", ""},
		{"Bool", "OFF", "false", ""},
		{"Bool", 0.0, "false", ""},
		{"Bool", nil, "false", ""},
		{"Bool", "maybe", "false", `is "maybe"; ` + wantBool},
		{"Bool", "", "false", `is ""; ` + wantBool},
		{"Bool", 2, "false", "is 2; " + wantBool},

		{"Seconds", 5, "5s", ""},
		{"Seconds", "5", "5s", ""},
		{"Seconds", 1.7, "1.7s", ""},
		{"Seconds", "0.1", "100ms", ""},
		{"Seconds", "1m30s", "1m30s", ""},
		{"Seconds", 90 * time.Second, "1m30s", ""},
		{"Seconds", 0, "0s", ""},
		{"Seconds", nil, "0s", ""},
		{"Seconds", "x", "0s", `is "x"; ` + wantDuration},
		{"Seconds", "", "0s", `is ""; ` + wantDuration},
		{"Seconds", -5, "0s", "is -5; " + wantDuration},
		{"Seconds", -time.Second, "0s", "is -1s; " + wantDuration},
		{"Seconds", true, "0s", "is true; " + wantDuration},
		{"Seconds", 9223372037, "0s", "is 9223372037; " + wantLess},
		{"Seconds", 18446744074, "0s", "is 18446744074; " + wantLess}, // which comes round to 290ms
		{"Seconds", 9.3e9, "0s", "is 9.3e+09; " + wantLess},
		{"Seconds", "nan", "0s", `is "nan"; ` + wantDuration},
		{"Weeks", 0.5, "84h0m0s", ""},
		{"Weeks", 15251, "0s", "is 15251; give at most 15250 weeks"},

		{"Location", "Europe/Berlin", "Europe/Berlin", ""},
		{"Location", "Local", "Local", ""},
		{"Location", berlin, "Europe/Berlin", ""},
		{"Location", nil, "UTC", ""}, // as a nil *Location calls itself
		{"Location", "Foo/Bar", "UTC", `is "Foo/Bar"; ` + wantZone},
		{"Location", "", "UTC", `is ""; ` + wantZone},
		{"Location", 5, "UTC", `is 5; ` + wantZone},

		{"Time", "2024-05-01T10:00:00+02:00", "2024-05-01 10:00:00 +0200 +0200", ""},
		{"Time", "2024-05-01 10:00:00.25Z", "2024-05-01 10:00:00.25 +0000 UTC", ""},
		{"Time", "2024-05-01T10:00Z", "2024-05-01 10:00:00 +0000 UTC", ""},
		{"Time", time.Unix(0, 0).UTC(), "1970-01-01 00:00:00 +0000 UTC", ""},
		{"Time", nil, "0001-01-01 00:00:00 +0000 UTC", ""},
		{"Time", "2024-05-01 10:00:00", "0001-01-01 00:00:00 +0000 UTC", `is "2024-05-01 10:00:00"; set timezone too, for it has no offset`},
		{"Time", "soon", "0001-01-01 00:00:00 +0000 UTC", `is "soon"; ` + wantTime},
		{"Time", "", "0001-01-01 00:00:00 +0000 UTC", `is ""; ` + wantTime},
		{"Time", 5, "0001-01-01 00:00:00 +0000 UTC", `is 5; ` + wantTime},
		{"Time", "2024-02-30T10:00:00Z", "0001-01-01 00:00:00 +0000 UTC", `is "2024-02-30T10:00:00Z"; ` + wantTime},

		{"Berlin", "2024-5-1 1:2:3", "2024-05-01 01:02:03 +0200 CEST", ""},
		{"Berlin", "2024-05-01", "2024-05-01 00:00:00 +0200 CEST", ""},
		{"Berlin", "2024-05-01 10:00", "2024-05-01 10:00:00 +0200 CEST", ""},
		{"Berlin", "2024-03-30 02:30", "2024-03-30 02:30:00 +0100 CET", ""},
		{"Berlin", "2024-03-31 01:30", "2024-03-31 01:30:00 +0100 CET", ""},
		{"Berlin", "2024-03-31 02:30", "2024-03-31 03:30:00 +0200 CEST", ""}, // put forward
		{"Berlin", "2024-03-31 03:00", "2024-03-31 03:00:00 +0200 CEST", ""},
		{"Berlin", "2024-10-27 01:30", "2024-10-27 01:30:00 +0200 CEST", ""},
		{"Berlin", "2024-10-27 02:30", "2024-10-27 02:30:00 +0200 CEST", ""}, // put back
		{"Berlin", "2024-10-27 03:00", "2024-10-27 03:00:00 +0100 CET", ""},
		{"NewYork", "2024-03-10 02:30", "2024-03-10 03:30:00 -0400 EDT", ""}, // put forward
		{"NewYork", "2024-11-03 01:30", "2024-11-03 01:30:00 -0400 EDT", ""}, // put back
		{"NewYork", "2024-11-03 02:00", "2024-11-03 02:00:00 -0500 EST", ""},

		{"Date", "2024-05-01", "2024-05-01 00:00:00 -0400 EDT", ""},
		{"Date", "2024-05-01 10:00", "0001-01-01 00:00:00 +0000 UTC", `is "2024-05-01 10:00"; ` + wantDate},
	} {
		t.Run(fmt.Sprintf("%s %v", c.as, c.value), func(t *testing.T) {
			s := settings.New("s", map[string]any{"key": c.value})
			expect(t, "value", fmt.Sprint(readers[c.as](s, "key")), c.want)
			if c.fault != "" {
				c.fault = "s.key " + c.fault
			}
			expect(t, "error", text(s.Err()), c.fault)

			missing := settings.New("s", nil)
			readers[c.as](missing, "key")
			expect(t, "error of a missing one", text(missing.Err()), "")
		})
	}
}
