package dashboard

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/carillon-go/carillon"
)

// strip is the picture of a job's last runs, the oldest on the left: how long each
// took goes up from a line, how late it began goes down.
type strip struct {
	Bars   []bar
	Took   string // the longest; empty: none took any time
	Late   string // the latest; empty: none was late
	Digest string // in words, for those who do not see it
}

// bar is one run, or one run time that did not run.
type bar struct {
	Outcome    string
	Title      string
	X          int
	Up, Height int // the upper end and the height of how long it took
	Down       int // the length of how late it was
}

// The measures of the picture.
const (
	barStep    = 10
	stripLine  = 44 // where the line is
	stripBelow = 20
)

// Width returns the width of the picture, Height its height, and Line where the
// line is.
func (strip) Width() int  { return stripShown * barStep }
func (strip) Height() int { return stripLine + stripBelow + 1 }
func (strip) Line() int   { return stripLine }

// stripOf draws the records of runs, of which the newest comes first.
func stripOf(records []record) (s strip) {
	records = slices.DeleteFunc(slices.Clone(records), func(r record) bool {
		return !slices.ContainsFunc(ofRuns, func(o carillon.Outcome) bool { return o.String() == r.Outcome })
	})
	var took, late time.Duration
	counts := make(map[string]int)
	for _, r := range records {
		counts[r.Outcome]++
		if r.Took != nil {
			took, late = max(took, time.Duration(*r.Took)), max(late, time.Duration(*r.Late))
		}
	}
	for i, r := range records {
		b := bar{Outcome: r.Outcome, Title: barTitle(&r), X: (stripShown-1-i)*barStep + 1, Height: stripLine / 4}
		if r.Took != nil {
			b.Height = max(2, share(time.Duration(*r.Took), took, stripLine-3))
			b.Down = share(time.Duration(*r.Late), late, stripBelow)
		}
		b.Up = stripLine - b.Height
		s.Bars = append(s.Bars, b)
	}
	if took > 0 {
		s.Took = words(took)
	}
	if late > 0 {
		s.Late = words(late)
	}
	s.Digest = digest(len(records), counts)
	return s
}

// share returns how long a bar is: by the square root, so that short ones can be
// seen beside long ones.
func share(d, longest time.Duration, most int) int {
	if d <= 0 {
		return 0
	}
	return int(math.Ceil(math.Sqrt(float64(d)/float64(longest)) * float64(most)))
}

func barTitle(r *record) string {
	title := r.Scheduled.Clock() + " " + r.Outcome
	if r.Took != nil {
		title += fmt.Sprintf(", took %v, %s", r.Took, r.Began())
	}
	return title
}

func digest(n int, counts map[string]int) string {
	var parts []string
	for _, o := range ofRuns {
		if c := counts[o.String()]; c > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", c, o))
		}
	}
	return fmt.Sprintf("The last %d: %s", n, strings.Join(parts, ", "))
}
