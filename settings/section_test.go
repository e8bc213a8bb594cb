package settings_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/carillon-go/carillon/settings"
)

// text returns the lines of an error; "" for none.
func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func lines(list ...string) string { return strings.Join(list, "\n") }

func expect[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\n got %v\nwant %v", what, got, want)
	}
}

func TestForms(t *testing.T) {
	type m = map[string]any
	for name, values := range map[string]m{
		"nested":            {"a": m{"b": m{"c": 1, "d": 2}}},
		"dotted":            {"a.b.c": 1, "a.b.d": 2},
		"mixed":             {"a": m{"b.c": 1}, "a.b.d": 2},
		"dotted in nested":  {"a.b": m{"c": 1}, "a": m{"b": m{"d": 2}}},
		"any keys":          {"a": map[any]any{"b": map[any]any{"c": 1, "d": 2}}},
		"typed maps":        {"a": map[string]map[string]int{"b": {"c": 1, "d": 2}}},
		"null group first":  {"a": nil, "a.b.c": 1, "a.b.d": 2},
		"null group second": {"a.b.c": 1, "a.b.d": 2, "a.b": nil},
		"prefix":            {"p": m{"a.b.c": 1}, "p.a.b.d": 2},
		"prefix and not":    {"p": m{"a.b.c": 1}, "a": m{"b": m{"d": 2}}},
	} {
		t.Run(name, func(t *testing.T) {
			s := settings.New("", values)
			s.Lift("p")
			b := s.Section("a").Section("b")
			expect(t, "c", b.Int("c"), 1)
			expect(t, "d", b.Int("d"), 2)
			expect(t, "error", text(s.Err()), "")
		})
	}
}

func TestList(t *testing.T) {
	for name, values := range map[string]map[string]any{
		"list":   {"l": []any{map[any]any{"n": 1}, map[string]int{"n": 2}}},
		"typed":  {"l": []map[string]int{{"n": 1}, {"n": 2}}},
		"dotted": {"l.0.n": 1, "l.1.n": 2},
	} {
		t.Run(name, func(t *testing.T) {
			s := settings.New("s", values)
			l := s.Section("l")
			expect(t, "keys", fmt.Sprint(l.Keys()), "[0 1]")
			expect(t, "first", l.Section("0").Int("n"), 1)
			expect(t, "second", l.Section("1").Int("n"), 2)
			expect(t, "error", text(s.Err()), "")
		})
	}
}

func TestFormFaults(t *testing.T) {
	type m = map[string]any
	self := m{}
	self["in"] = self
	for name, c := range map[string]struct {
		values m
		want   string
	}{
		"twice":               {m{"a.b": 1, "a": m{"b": 1}}, "a.b is given twice, in different forms; keep one of them"},
		"twice by key type":   {m{"a": map[any]any{1: "x", "1": "y"}}, "a.1 is given twice, in different forms; keep one of them"},
		"twice with a prefix": {m{"p.a.b": 1, "a.b": 1}, "a.b is given twice, in different forms; keep one of them"},
		"value and group":     {m{"a": 1, "a.b": 1}, "a is given as a value and as a group of settings; keep one of them"},
		"group and value":     {m{"p.a": 1, "a.b": 1}, "a is given as a value and as a group of settings; keep one of them"},
		"no name":             {m{"": 1}, `key "" has an empty part; write names, with single dots between them`},
		"two dots":            {m{"a": m{"b..c": 1}}, `key "a.b..c" has an empty part; write names, with single dots between them`},
		"dot at the end":      {m{"a.": 1}, `key "a." has an empty part; write names, with single dots between them`},
		"no group":            {m{"a": 5}, "a is 5; give a group of settings"},
		"text for a group":    {m{"a": "x"}, `a is "x"; give a group of settings`},
		"contains itself":     {m{"a": self}, "a" + strings.Repeat(".in", 16) + " is nested too deep; 16 levels are allowed"},
		"too many dots":       {m{"a." + strings.Repeat("b.", 20) + "c": 1}, "a" + strings.Repeat(".b", 16) + " is nested too deep; 16 levels are allowed"},
	} {
		t.Run(name, func(t *testing.T) {
			s := settings.New("", c.values)
			s.Lift("p")
			s.Section("a").Keys()
			expect(t, "error", text(s.Err()), c.want)
		})
	}
}

func TestUnknown(t *testing.T) {
	s := settings.New("jobs", map[string]any{
		"size": 1, "sise": 2, "misfire_grace_tiem": 3, "colour": 4, "gone": nil,
		"free":  map[string]any{"any": 1, "thing": 2},
		"inner": map[string]any{"x": 1},
		"bare":  map[string]any{"x": 1},
	})
	s.Int("size")
	s.Int("misfire_grace_time")
	s.Section("free").Keys()
	s.Section("inner").Section("of")
	s.Section("bare")
	expect(t, "error", text(s.Err()), lines(
		`jobs.bare.x is unknown; there are no settings here`,
		`jobs.colour is unknown; known here: "bare", "free", "inner", "misfire_grace_time" and "size"`,
		`jobs.gone is unknown; known here: "bare", "free", "inner", "misfire_grace_time" and "size"`,
		`jobs.inner.x is unknown; known here: "of"`,
		`jobs.misfire_grace_tiem is unknown; did you mean "misfire_grace_time"?`,
		`jobs.sise is unknown; did you mean "size"?`,
	))
}

func TestRefuse(t *testing.T) {
	values := map[string]any{
		"number": 5, "text": "x", "null": nil, "truth": true, "group": map[string]int{}, "list": []int{1},
		"function": func() {}, "password": "tiger", "db.url": "postgres://scott:tiger@db", "long": strings.Repeat("x", 100),
	}
	s := settings.New("s", values)
	for _, key := range []string{"number", "text", "null", "truth", "group", "list", "function", "password", "long", "missing"} {
		s.Refuse(key, "mend it")
	}
	s.Section("db").Refuse("url", "mend it")
	s.Refuse("number", "another thing")
	expect(t, "error", text(s.Err()), lines(
		`s.db.url is not as it should be; mend it`,
		`s.function is of type func(); mend it`,
		`s.group is a group of settings; mend it`,
		`s.list is a list; mend it`,
		`s.long is "`+strings.Repeat("x", 60)+`"...; mend it`,
		`s.missing is missing; mend it`,
		`s.null is null; mend it`,
		`s.number is 5; mend it`,
		`s.password is not as it should be; mend it`,
		`s.text is "x"; mend it`,
		`s.truth is true; mend it`,
	))
}

func TestFail(t *testing.T) {
	boom := errors.New("boom")
	s := settings.New("s", map[string]any{"a": 1, "b": map[string]any{"c": 1}, "d": map[string]any{}})
	s.Fail("", nil)
	expect(t, "OK at first", s.OK(), true)
	s.Fail("a", boom)
	s.Section("b").Refuse("c", "mend it")
	s.Section("b").Fail("", errors.New("this follows from c"))
	s.Section("d").Fail("", boom)
	expect(t, "error", text(s.Err()), lines(
		"s.a cannot be used: boom",
		"s.b.c is 1; mend it",
		"s.d cannot be used: boom",
	))
	for section, want := range map[*settings.Section]bool{s: false, s.Section("b"): false, s.Section("d"): false, s.Section("e"): true} {
		expect(t, "OK", section.OK(), want)
	}

	bare := settings.New("", nil)
	bare.Fail("", boom)
	expect(t, "without a name", text(bare.Err()), "configuration cannot be used: boom")
	expect(t, "OK without a name", bare.OK(), false)
}

func TestHas(t *testing.T) {
	s := settings.New("s", map[string]any{"value": 1, "null": nil})
	expect(t, "value", s.Has("value"), true)
	expect(t, "null", s.Has("null"), true)
	expect(t, "missing", s.Has("missing"), false)
	expect(t, "error", text(s.Err()), "")
}

func TestValuesAreNotChanged(t *testing.T) {
	values := map[string]any{"p": map[string]any{"a.b": 1}, "a": map[string]any{"c": []any{1}}}
	before := fmt.Sprint(values)
	s := settings.New("", values)
	s.Lift("p")
	s.Section("a").Section("c").Keys()
	expect(t, "values", fmt.Sprint(values), before)
}

func TestFromEnv(t *testing.T) {
	environ := []string{"APP_EXECUTORS__DEFAULT__MAX_WORKERS=20", "APP_NAME=a=b", "APP_=x", "PATH=/bin", "MYAPP_NAME=no", "=C:=C:"}
	want := map[string]any{"executors.default.max_workers": "20", "name": "a=b", "": "x"}
	expect(t, "settings", fmt.Sprint(settings.FromEnv(environ, "APP_")), fmt.Sprint(want))
}

func TestOneOf(t *testing.T) {
	for want, words := range map[string][]string{
		"":                   nil,
		`"a"`:                {"a"},
		`"a" or "b"`:         {"b", "a"},
		`"a", "b" or "c"`:    {"c", "a", "b"},
		`"a", "b\"" or "cc"`: {"cc", "a", `b"`},
	} {
		expect(t, "words", settings.OneOf(words, "or"), want)
	}
}

// FuzzSection reads any JSON object as a section in every way.
func FuzzSection(f *testing.F) {
	for _, seed := range []string{
		`{"a": 1}`, `{"a.b": 1, "a": {"b": 2}}`, `{"a": [1, {"b": "1h"}]}`, `{"": 0, ".": 0}`, `{"a": null}`,
		`{"a": 1e400}`, `{"a": "9223372036854775808"}`, `{"a": "NaN", "b": "-Inf"}`, `{"a": "2024-02-30", "b": "Europe/Berlin"}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data string) {
		var values map[string]any
		if json.Unmarshal([]byte(data), &values) != nil {
			t.Skip()
		}
		s := settings.New("s", values)
		readAll(s, 0)
		first := text(s.Err())
		again := settings.New("s", values)
		readAll(again, 0)
		expect(t, "the same again", text(again.Err()), first)
		for _, line := range strings.Split(first, "\n") {
			if first != "" && !strings.HasPrefix(line, "s.") && !strings.HasPrefix(line, `key "`) {
				t.Errorf("fault without a name: %q", line)
			}
		}
	})
}

func readAll(s *settings.Section, depth int) {
	keys := s.Keys()
	if !slices.IsSorted(keys) {
		panic("keys are not sorted")
	}
	for _, key := range keys {
		readEvery(s, key)
		if depth < 20 {
			readAll(s.Section(key), depth+1)
		}
	}
}
