package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Case is one thing to measure, in one process.
type Case struct {
	Question string
	Variant  string
	Subject  string
	N        int // the size
}

const separator = " | "

func (c Case) String() string {
	return strings.Join([]string{c.Question, c.Variant, c.Subject, strconv.Itoa(c.N)}, separator)
}

func parseCase(name string) (Case, error) {
	parts := strings.Split(name, separator)
	if len(parts) != 4 {
		return Case{}, fmt.Errorf(`-case %q: write "question%svariant%ssubject%ssize"`, name, separator, separator, separator)
	}
	n, err := strconv.Atoi(parts[3])
	if err != nil {
		return Case{}, fmt.Errorf("-case %q: the size is not a number", name)
	}
	return Case{parts[0], parts[1], parts[2], n}, nil
}

// Sample is what one measurement of a case has found.
type Sample struct {
	Figures map[string]float64 // by the names of the question's figures
	Note    string             // what has to be said about it
	Bounded bool               // it was stopped because it took too long
}

// figure is something that a question measures.
type figure struct {
	name string
	unit string
	more bool // more is better
}

// question is something to find out, in a file of its own.
type question struct {
	name    string
	asks    string
	figures []figure

	// variants are what is asked about, in the order of the report.
	variants []string

	// sizes are the sizes of a variant. Column names them; nil: as numbers.
	sizes  func(variant string, quick bool) []int
	column func(n int) string

	// subjects are whom a variant is asked about.
	subjects func(variant string) []string

	// measure is run in a process that does nothing else.
	measure func(c Case, s scale) (Sample, error)
}

// questions are all questions, in the order of the report.
var questions []question

func init() {
	questions = []question{
		burstQuestion,
		sustainedQuestion,
		latenessQuestion,
		addQuestion,
		churnQuestion,
		nextQuestion,
		listingQuestion,
		simulationQuestion,
		startupQuestion,
		storesQuestion,
		durableQuestion,
	}
}

func questionOf(c Case) (question, error) {
	for _, q := range questions {
		if q.name == c.Question {
			return q, nil
		}
	}
	return question{}, fmt.Errorf("there is no question %q", c.Question)
}

// casesOf returns the cases whose names match, smaller sizes first.
func casesOf(s scale, only *regexp.Regexp) (cases []Case) {
	for _, q := range questions {
		for _, variant := range q.variants {
			for _, n := range q.sizes(variant, s.quick) {
				for _, subject := range q.subjects(variant) {
					if c := (Case{q.name, variant, subject, n}); only.MatchString(c.String()) {
						cases = append(cases, c)
					}
				}
			}
		}
	}
	return cases
}
