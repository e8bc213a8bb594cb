package triggers

import (
	"bytes"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"time"
)

// difference is a kind of question that we deliberately answer in another way
// than was recorded.
type difference struct {
	name, reason string
	matches      func(q question) bool
}

var differences = []difference{
	{
		"an interval that is not positive",
		"refused: the reference makes one second of zero, and runs backwards with less",
		func(q question) bool { return q.Kind == "interval" && q.want != refused && q.params().duration() <= 0 },
	},
	{
		"a negative calendar interval",
		"refused: the reference runs backwards",
		func(q question) bool {
			p := q.params()
			return q.Kind == "calendarinterval" && q.want != refused && min(p.int("years"), p.int("months"), p.int("weeks"), p.int("days")) < 0
		},
	},
	{
		"an end before the start",
		"refused, as the reference does for calendar intervals only: there it is a slip, not a trigger that is finished at once",
		func(q question) bool {
			o := q.params().options()
			return (q.Kind == "interval" || q.Kind == "cron") && q.want != refused && !o.End.IsZero() && o.End.Before(o.Start)
		},
	},
	{
		"an empty or",
		"refused, as the reference does for an empty and: it would be finished at once",
		func(q question) bool { return q.Kind == "or" && len(q.Params["triggers"].([]any)) == 0 },
	},
	{
		"an empty cron field",
		"is one that is not given: CronFields cannot tell the two apart",
		func(q question) bool {
			given := func(name string) bool { return q.Params[name] == "" }
			return q.Kind == "cron" && q.want == refused && slices.ContainsFunc(slices.Collect(maps.Keys(q.Params)), given)
		},
	},
	{
		"something behind a name of a cron field",
		"refused: the reference ignores it",
		func(q question) bool {
			return q.want != refused && q.cronField(`\b[a-z]{3}(#| [a-z]|-\d)|last[-l]|(st|nd|rd|th|last) [a-z]{3}[-/]`)
		},
	},
	{
		"a step behind a range of names",
		"counts, as behind a range of numbers: the reference ignores it",
		func(q question) bool {
			if !q.wantsTime() || !q.cronField(`^[a-z]{3}-[a-z]{3}/\d+$`) {
				return false
			}
			return !q.isTimeOf(q.wanted(), q.trigger())
		},
	},
	{
		"a step in the range 0-0",
		"refused, as in any other range of one value",
		func(q question) bool { return q.want != refused && q.cronField(`^0-0/`) },
	},
	{
		"the end of the calendar",
		"the trigger is finished: the reference raises",
		func(q question) bool { return q.want == refused && bytes.Contains(q.Expect, []byte("OverflowError")) },
	},
	{
		"an answer before now, before the start, or not after the previous time",
		"is never given: the reference looks at only some of the three once there is a previous time",
		func(q question) bool {
			if q.prevUS == nil || q.Kind == "date" || !q.wantsTime() {
				return false
			}
			return q.wanted().Before(q.now()) || !q.wanted().After(q.prev()) || q.Kind == "cron" && q.wanted().Before(q.params().options().Start)
		},
	},
	{
		"an interval that is asked with a previous time off its grid",
		"stays on the grid that begins at its start; the reference adds the interval to any previous time",
		func(q question) bool { return q.Kind == "interval" && q.prevUS != nil && q.want != q.onGrid() },
	},
	{
		"a date that is asked with an earlier previous time",
		"has not fired yet; for the reference any previous time means that it has, and an or loses its dates",
		func(q question) bool {
			return q.Kind == "date" && q.prevUS != nil && q.params().time("run_date").After(q.prev())
		},
	},
	{
		"a calendar interval that is asked with a previous time that is none of its own",
		"counts from its start; the reference counts from the date of any previous time",
		func(q question) bool {
			return q.Kind == "calendarinterval" && q.prevUS != nil && !q.isTimeOf(q.prev(), q.trigger()) && q.want != q.answerOf(q.trigger())
		},
	},
	{
		"an and or an or with children that count from a previous time",
		"each child keeps to its own schedule; in the reference they count from the last time of any child",
		func(q question) bool {
			if q.prevUS == nil {
				return false
			}
			children := q.params().triggers(q.clock())
			switch q.Kind {
			case "or":
				return q.want != q.earliestOf(children)
			case "and":
				return q.wantsTime() && slices.ContainsFunc(children, func(t Trigger) bool { return !q.isTimeOf(q.wanted(), t) })
			}
			return false
		},
	},
}

// quirks says for each category of surprising answers what we do about it.
var quirks = map[string]string{
	"after-end":              "times are compared as instants, never by what a clock shows",
	"calendar-ignores-now":   "we answer with nothing before now, as the reference's documentation promises",
	"extra-run":              "a day that does not exist has no times, and the next one is not skipped for it",
	"gap-shift":              "with Gap set to Skip a time that does not exist is left out; dates with an offset are instants and in no gap",
	"hand":                   "see the differences; where there are none we answer as recorded or as documented",
	"interval-default-start": "the first time is one interval of elapsed time after the trigger was added",
	"interval-dst":           "times are compared as instants, never by what a clock shows",
	"interval-float":         "intervals are counted in integers",
	"missed-run":             "no run is lost around a change of the clocks",
	"or-fold":                "times are compared as instants, never by what a clock shows",
	"raises":                 "the calendar ends with the year 9999, and with it the trigger",
}

func (q question) params() *oracleParams {
	loc, _ := findLocation(q.Timezone)
	return &oracleParams{values: q.Params, loc: loc}
}

func (q question) trigger() Trigger {
	t, err := buildOracle(q.Kind, q.Params, q.Timezone, q.clock())
	if err != nil {
		panic(err)
	}
	return t
}

// cronField reports whether a field of a cron trigger matches a regular
// expression.
func (q question) cronField(expr string) bool {
	if q.Kind != "cron" {
		return false
	}
	for _, value := range q.Params {
		if text, ok := value.(string); ok && regexp.MustCompile(expr).MatchString(text) {
			return true
		}
	}
	return false
}

func (q question) wantsTime() bool { return q.want != refused && q.want != ended }

// wanted returns the recorded answer, which is a time.
func (q question) wanted() (t time.Time) {
	var us int64
	if _, err := fmt.Sscan(string(q.want), &us); err != nil {
		panic(err)
	}
	return time.UnixMicro(us)
}

// onGrid works out the answer of an interval in microseconds.
func (q question) onGrid() outcome {
	p := q.params()
	every, o := p.duration().Microseconds(), p.options()
	start := q.clock().UnixMicro() + every
	if !o.Start.IsZero() {
		start = o.Start.UnixMicro()
	}
	us := start
	for us <= *q.prevUS || us < q.nowUS {
		us += every * max(1, (max(*q.prevUS, q.nowUS)-us)/every)
	}
	if !o.End.IsZero() && us > o.End.UnixMicro() {
		return ended
	}
	return answered(&us)
}

func (q question) isTimeOf(x time.Time, t Trigger) bool {
	next, ok := notBefore(t, x)
	return ok && next.Equal(x)
}

// earliestOf asks the children of an or one by one.
func (q question) earliestOf(children []Trigger) outcome {
	var earliest *int64
	for _, child := range children {
		if next, ok := child.Next(q.prev(), q.now()); ok && (earliest == nil || next.UnixMicro() < *earliest) {
			us := next.UnixMicro()
			earliest = &us
		}
	}
	return answered(earliest)
}
