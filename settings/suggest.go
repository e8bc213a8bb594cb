package settings

import (
	"slices"
	"strconv"
	"strings"
)

// suggest says what to write instead of an unknown word: the nearest of the
// known ones, or all of them if none is near.
func suggest(word string, known []string) string {
	nearest, least := "", 2+len(word)/4 // what differs more is another word
	for _, k := range slices.Sorted(slices.Values(known)) {
		if d := distance(word, k); d < least {
			nearest, least = k, d
		}
	}
	switch {
	case nearest != "":
		return "did you mean " + strconv.Quote(nearest) + "?"
	case len(known) == 0:
		return "there are no settings here"
	}
	return "known here: " + OneOf(known, "and")
}

// OneOf returns the words as they stand in a sentence, sorted: `"a", "b" or
// "c"` if the conjunction is "or".
func OneOf(words []string, conjunction string) string {
	quoted := slices.Sorted(slices.Values(words))
	for i, word := range quoted {
		quoted[i] = strconv.Quote(word)
	}
	last := len(quoted) - 1
	if last < 1 {
		return strings.Join(quoted, "")
	}
	return strings.Join(quoted[:last], ", ") + " " + conjunction + " " + quoted[last]
}

// distance returns how many bytes have to be inserted, deleted, or replaced to
// make a to b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			above := row[j+1]
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, above, row[j])
			}
			row[j+1], diagonal = cost, above
		}
	}
	return row[len(b)]
}
