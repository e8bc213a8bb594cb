package triggers

import (
	"errors"
	"fmt"
	"time"

	"github.com/carillon-go/carillon/internal/canonical"
)

// optionsJSON is the persistent form of Options. The forms of the wall clock
// triggers embed it.
type optionsJSON struct {
	Timezone string    `json:"timezone,omitempty"` // see locationName
	Start    time.Time `json:"start,omitzero"`
	End      time.Time `json:"end,omitzero"`
	Gap      Gap       `json:"gap,omitzero"`
	Fold     Fold      `json:"fold,omitzero"`
}

// Members lists what optionsJSON has.
func (j *optionsJSON) Members(o canonical.Object) {
	o.Text("timezone", &j.Timezone, canonical.OmitEmpty)
	o.Time("start", &j.Start, canonical.OmitEmpty)
	o.Time("end", &j.End, canonical.OmitEmpty)
	o.Value("gap", &j.Gap)
	o.Value("fold", &j.Fold)
}

// json returns the persistent form of o. It fails if o.Location has no name
// under which it can be found again.
func (o Options) json() (optionsJSON, error) {
	name, err := locationName(o.Location)
	return optionsJSON{Timezone: name, Start: exact(o.Start), End: exact(o.End), Gap: o.Gap, Fold: o.Fold}, err
}

// exact returns t so that JSON keeps the instant: its text has no place for an
// offset with seconds, as zones had before they had standard time.
func exact(t time.Time) time.Time {
	if _, offset := t.Zone(); offset%60 != 0 {
		return t.UTC()
	}
	return t
}

// options is the inverse of Options.json.
func (j optionsJSON) options() (Options, error) {
	loc, err := findLocation(j.Timezone)
	return Options{Location: loc, Start: j.Start, End: j.End, Gap: j.Gap, Fold: j.Fold}, err
}

// validate reports all faults of o, each as an *Error.
func (o Options) validate() error {
	var faults []error // no list at all, mostly: stored triggers are validated each time they are read
	if err := validBound("Options.Start", o.Start); err != nil {
		faults = append(faults, err)
	}
	if err := validBound("Options.End", o.End); err != nil {
		faults = append(faults, err)
	}
	if !o.Start.IsZero() && !o.End.IsZero() && o.End.Before(o.Start) {
		faults = append(faults, &Error{
			Field: "Options.End", Expr: o.End.Format(time.RFC3339Nano), Pos: -1,
			Reason: fmt.Sprintf("is before Start, %s; set it to a later time, or leave it out for a trigger without end", o.Start.Format(time.RFC3339Nano)),
		})
	}
	if _, err := o.Gap.MarshalText(); err != nil {
		faults = append(faults, err)
	}
	if _, err := o.Fold.MarshalText(); err != nil {
		faults = append(faults, err)
	}
	return errors.Join(faults...)
}

func validBound(field string, t time.Time) error {
	if t.IsZero() || t.Year() >= minYear && t.Year() <= maxYear {
		return nil
	}
	return &Error{Field: field, Expr: t.Format(time.RFC3339Nano), Pos: -1, Reason: "is not in the years 1 to 9999; leave it out for no bound"}
}

// suffix returns what follows the expression in a trigger's description: the
// zone and the bounds.
func (o Options) suffix() string {
	var s string
	if o.Location != nil {
		s += " in " + o.Location.String()
	}
	if !o.Start.IsZero() {
		s += " from " + o.Start.Format(time.RFC3339Nano)
	}
	if !o.End.IsZero() {
		s += " until " + o.End.Format(time.RFC3339Nano)
	}
	return s
}

var (
	gapNames  = []string{GapDefault: "", Shift: "shift", Skip: "skip"}
	foldNames = []string{FoldDefault: "", First: "first", Both: "both"}
)

// MarshalText returns "shift", "skip", or "" for GapDefault.
func (g Gap) MarshalText() ([]byte, error) { return enumText("Options.Gap", gapNames, int(g)) }

// UnmarshalText is the inverse of MarshalText.
func (g *Gap) UnmarshalText(text []byte) error {
	i, err := enumValue("gap", gapNames, string(text))
	*g = Gap(i)
	return err
}

// MarshalText returns "first", "both", or "" for FoldDefault.
func (f Fold) MarshalText() ([]byte, error) { return enumText("Options.Fold", foldNames, int(f)) }

// UnmarshalText is the inverse of MarshalText.
func (f *Fold) UnmarshalText(text []byte) error {
	i, err := enumValue("fold", foldNames, string(text))
	*f = Fold(i)
	return err
}

func enumText(field string, names []string, value int) ([]byte, error) {
	if value >= len(names) {
		return nil, &Error{Field: field, Expr: fmt.Sprint(value), Pos: -1, Reason: fmt.Sprintf("is not defined; use one of the package's constants, 0 to %d", len(names)-1)}
	}
	return []byte(names[value]), nil
}

func enumValue(field string, names []string, text string) (int, error) {
	for i, name := range names {
		if name == text {
			return i, nil
		}
	}
	return 0, &Error{Field: field, Expr: text, Pos: -1, Reason: fmt.Sprintf("is unknown; use %q or %q, or leave it out", names[1], names[2])}
}
