package main

import (
	"fmt"
	"time"
	_ "time/tzdata"
)

// nextQuestion is about cron arithmetic alone: from each time to the one after
// it, through the years 2024 to 2060. Answers that are not Carillon's are noted,
// in UTC only, where there is nothing to have an opinion about.
var nextQuestion = question{
	name:     "next",
	asks:     "How long does it take to find the next time of a cron expression?",
	figures:  []figure{{"time", "ns", false}, {"allocations", "allocations", false}},
	variants: []string{"UTC", "America/New_York"},
	sizes: func(_ string, quick bool) []int {
		if quick {
			return []int{1, len(expressions)}
		}
		var all []int
		for i := range expressions {
			all = append(all, i+1)
		}
		return all
	},
	column: func(n int) string { return expressions[n-1].unix },
	subjects: func(string) (names []string) {
		for _, l := range cronLibraries {
			names = append(names, l.name)
		}
		return names
	},
	measure: measureNext,
}

var (
	walkFrom = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	walkTo   = time.Date(2060, 1, 1, 0, 0, 0, 0, time.UTC)
)

func measureNext(c Case, s scale) (Sample, error) {
	loc := must(time.LoadLocation(c.Variant))
	if c.N < 1 || c.N > len(expressions) {
		return Sample{}, fmt.Errorf("%s: there are %d expressions", c, len(expressions))
	}
	e := expressions[c.N-1]
	theirs, sample := parser(c.Subject)(e, loc), Sample{}
	if loc == time.UTC {
		sample.Note = compareTimes(parser("carillon")(e, loc), theirs)
	}
	from := walkFrom.In(loc)
	ns, allocs := repeat(s.stretch/4, func(n int) {
		t := from
		for range n {
			if t = theirs(t); t.IsZero() || t.After(walkTo) {
				t = from
			}
		}
	})
	sample.Figures = map[string]float64{"time": ns, "allocations": allocs}
	return sample, nil
}

func parser(library string) func(expression, *time.Location) next {
	for _, l := range cronLibraries {
		if l.name == library {
			return l.parse
		}
	}
	panic("there is no library " + library)
}

// compareTimes says where two first differ, among the first hundred.
func compareTimes(ours, theirs next) string {
	a, b := walkFrom, walkFrom
	for range 100 {
		a, b = ours(a), theirs(b)
		if !a.Equal(b) {
			return fmt.Sprintf("wrong: %s for %s", b.UTC().Format(time.DateTime), a.UTC().Format(time.DateTime))
		}
		if a.After(walkTo) {
			break
		}
	}
	return ""
}
