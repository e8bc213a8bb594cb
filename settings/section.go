package settings

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/carillon-go/carillon/job"
)

// Plugin makes a T as its settings say. It reports what it cannot accept by
// [Section.Refuse] or [Section.Fail]; then its result is not used. It asks for
// every setting that it knows, since all others are faults.
type Plugin[T any] func(s *Section) T

// Section is a group of settings that is being read. Its methods ask for a
// setting by its key, and return the zero value if it is not given, is null, or
// cannot be accepted.
type Section struct {
	path   string
	values group
	asked  []string
	free   bool // its keys are of the user's choice
	inner  map[string]*Section
	faults *faults // of the whole configuration
}

// New begins to read values, which are not changed. Faults name a setting by
// name, a dot and its key; an empty name is left out.
func New(name string, values map[string]any) *Section {
	return newSection(name, values, &faults{})
}

func newSection(path string, values any, f *faults) *Section {
	s := &Section{path: path, values: group{}, inner: map[string]*Section{}, faults: f}
	list, _ := entries(values)
	s.values.fill(path, list, f, 0)
	return s
}

// Has reports whether the setting is given, be it as null.
func (s *Section) Has(key string) bool {
	s.ask(key)
	_, ok := s.values[key]
	return ok
}

// Value returns the setting as it was given. Groups are better read by
// [Section.Section].
func (s *Section) Value(key string) any {
	s.ask(key)
	return s.values[key]
}

func (s *Section) ask(key string) {
	if !slices.Contains(s.asked, key) {
		s.asked = append(s.asked, key)
	}
}

// Keys returns the keys of all settings, sorted. It is for groups whose keys
// are of the user's choice: none of them counts as unknown from then on.
func (s *Section) Keys() []string {
	s.free = true
	return slices.Sorted(maps.Keys(s.values))
}

// Section returns the group that is a setting of this one, an empty one if it
// is not given.
func (s *Section) Section(key string) *Section {
	if s.inner[key] != nil {
		return s.inner[key]
	}
	value, f := s.Value(key), s.faults
	if _, ok := entries(value); !ok && value != nil {
		s.Refuse(key, "give a group of settings")
		f = &faults{} // what is missing in it is no further fault
	}
	s.inner[key] = newSection(join(s.path, key), value, f)
	return s.inner[key]
}

// Lift moves the settings of a group into this one: its key is a prefix that
// may be left out.
func (s *Section) Lift(key string) {
	if inner, ok := s.values[key].(group); ok {
		delete(s.values, key)
		list, _ := entries(inner)
		s.values.fill(s.path, list, s.faults, 0)
	}
}

// Refuse reports that a setting cannot be accepted, and what to do about it:
//
//	s.Refuse("size", "give 1 or more") // jobs.size is -3; give 1 or more
//
// Of several faults of one setting the first is kept. The values of settings
// whose keys sound like secrets are not shown.
func (s *Section) Refuse(key, remedy string) {
	s.faults.add(join(s.path, key), s.state(key)+"; "+remedy)
}

// Fail reports that a setting, or with an empty key the group, cannot be used
// because of err; nil is no fault. Nothing is reported about a group in which
// something has been refused already, for err may only be a consequence.
func (s *Section) Fail(key string, err error) {
	field := join(s.path, key)
	if err != nil && !s.faults.within(field) {
		*s.faults = append(*s.faults, &job.FieldError{Field: cmp.Or(field, "configuration"), Reason: "cannot be used: " + err.Error()})
	}
}

// OK reports whether nothing has been reported about the group so far, nor
// about what is in it.
func (s *Section) OK() bool {
	return !s.faults.within(s.path) && !s.faults.about(s.path)
}

// Err returns everything that is wrong with the settings that were given to
// [New]: what has been reported, and what nobody has asked for. It joins a
// [*job.FieldError] for each fault, in the order of their keys; nil if there is
// none.
func (s *Section) Err() error {
	found := slices.Clone(*s.faults)
	s.unknown(&found)
	slices.SortStableFunc(found, func(a, b *job.FieldError) int { return cmp.Compare(a.Field, b.Field) })
	joined := make([]error, len(found))
	for i, fault := range found {
		joined[i] = fault
	}
	return errors.Join(joined...)
}

// unknown adds the settings that nobody has asked for.
func (s *Section) unknown(found *faults) {
	for key := range s.values {
		if !s.free && !slices.Contains(s.asked, key) {
			found.add(join(s.path, key), "is unknown; "+suggest(key, s.asked))
		}
	}
	for _, inner := range s.inner {
		inner.unknown(found)
	}
}

// faults are what is wrong with a configuration.
type faults []*job.FieldError

// add adds a fault, unless the field has one.
func (f *faults) add(field, reason string) {
	if !f.about(field) {
		*f = append(*f, &job.FieldError{Field: field, Reason: reason})
	}
}

// about reports whether there is a fault of the field.
func (f *faults) about(field string) bool {
	return slices.ContainsFunc(*f, func(known *job.FieldError) bool { return known.Field == field })
}

// within reports whether there is a fault in the group that is found at path.
func (f *faults) within(path string) bool {
	return slices.ContainsFunc(*f, func(known *job.FieldError) bool {
		return path == "" || strings.HasPrefix(known.Field, path+".")
	})
}

// join returns the path of a setting.
func join(path, key string) string {
	if path == "" || key == "" {
		return path + key
	}
	return path + "." + key
}
