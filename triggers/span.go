package triggers

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Span is the time from From, which is included, to To, which is not.
type Span struct{ From, To time.Time }

// Day returns the span of a date in a time zone (nil: UTC). It has no length if
// the zone has left the date out. One that is not in the years 1 to 9999 is of no
// use to [NewExcept].
func Day(year int, month time.Month, day int, loc *time.Location) Span {
	date := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	if date.Year() < minYear || date.Year() > maxYear { // no zone tells its changes there
		return Span{date, date.AddDate(0, 0, 1)}
	}
	z, first := zoneOf(loc), date.Unix()
	return Span{z.beginning(first), z.beginning(first + daySeconds)}
}

// beginning returns the first instant at which the wall clock shows local, or has
// passed over it.
func (z *zone) beginning(local int64) time.Time {
	for t := local - 2*daySeconds; ; {
		p := z.at(t)
		if first := max(t, local-p.offset); first < p.end {
			return time.Unix(first, 0).In(z.loc)
		}
		t = p.end
	}
}

// String returns the span as ISO 8601 writes it, in UTC:
// "2025-12-24T23:00:00Z/2025-12-25T23:00:00Z".
func (s Span) String() string {
	return s.From.UTC().Format(time.RFC3339Nano) + "/" + s.To.UTC().Format(time.RFC3339Nano)
}

// parseSpan reads what String writes.
func parseSpan(text string) (s Span, err error) {
	from, to, _ := strings.Cut(text, "/")
	var err1, err2 error
	s.From, err1 = time.Parse(time.RFC3339Nano, from)
	s.To, err2 = time.Parse(time.RFC3339Nano, to)
	if errors.Join(err1, err2) != nil {
		err = &Error{Field: "span", Expr: text, Pos: -1, Reason: "is none; write it like 2025-12-24T23:00:00Z/2025-12-25T23:00:00Z"}
	}
	return s, err
}

func (s Span) validate(i int) error {
	reason := ""
	switch {
	case s.To.Before(s.From):
		reason = "ends before it begins; exchange From and To"
	case s.From.UTC().Year() < minYear || s.To.UTC().Year() > maxYear:
		reason = "is not in the years 1 to 9999"
	default:
		return nil
	}
	return &Error{Field: fmt.Sprintf("Except span %d", i), Expr: s.String(), Pos: -1, Reason: reason}
}

// union returns the spans in order, joined where they meet, without empty ones.
func union(spans []Span) (joined []Span) {
	spans = slices.SortedFunc(slices.Values(spans), func(a, b Span) int { return a.From.Compare(b.From) })
	for _, s := range spans {
		last := len(joined) - 1
		switch {
		case !s.From.Before(s.To):
		case last < 0 || s.From.After(joined[last].To):
			joined = append(joined, Span{s.From.UTC().Round(0), s.To.UTC().Round(0)})
		case s.To.After(joined[last].To):
			joined[last].To = s.To.UTC().Round(0)
		}
	}
	return joined
}
