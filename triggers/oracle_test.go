package triggers

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// The answers of APScheduler 3.11.2, recorded from it, against ours. Where we
// answer otherwise a row of differences says why, and the tests fail when a
// row is no longer needed or forgives more than it says.

// oracleCase is one line of the recorded files.
type oracleCase struct {
	ID       string
	Kind     string
	Params   map[string]any
	Timezone string
	ClockUS  *int64 `json:"clock_us"` // when the trigger was made; nil: at the first now

	Mode    string // chain, query or construct
	NowUS   int64  `json:"now_us"`
	N       int
	Queries []struct {
		PrevUS *int64 `json:"prev_us"`
		NowUS  int64  `json:"now_us"`
	}

	Expect      json.RawMessage // an object if it is an error
	ExpectUS    []*int64        `json:"expect_us"`
	ReferenceUS []*int64        `json:"reference_us"` // what the documentation promises, where Expect is wrong

	Category, Comment string
}

// outcome is an answer: microseconds since 1970, "end" or "error".
type outcome string

const (
	ended   outcome = "end"
	refused outcome = "error"
)

func answered(us *int64) outcome {
	if us == nil {
		return ended
	}
	return outcome(fmt.Sprint(*us))
}

// question is one call that was recorded: with the previous answer, which is
// nil if there was none, and the time of the call.
type question struct {
	*oracleCase
	i      int
	prevUS *int64
	nowUS  int64
	want   outcome
}

func (q question) prev() time.Time {
	if q.prevUS == nil {
		return time.Time{}
	}
	return time.UnixMicro(*q.prevUS)
}

func (q question) now() time.Time { return time.UnixMicro(q.nowUS) }

// questions returns the calls whose answers are to be the given ones. Each
// call of a chain is given the recorded answer to the one before; the answers
// to all are right if and only if the chain is.
func (c *oracleCase) questions(answers []*int64) (qs []question) {
	var prev *int64
	for i, us := range answers {
		q := question{c, i, prev, c.NowUS, answered(us)}
		switch {
		case c.Mode == "query":
			q.prevUS, q.nowUS = c.Queries[i].PrevUS, c.Queries[i].NowUS
		case prev != nil:
			q.nowUS = *prev
		}
		qs, prev = append(qs, q), us
	}
	return qs
}

// answerOf asks a trigger.
func (q question) answerOf(t Trigger) outcome {
	next, ok := t.Next(q.prev(), q.now())
	if !ok {
		return ended
	}
	if next.Nanosecond()%1000 != 0 {
		return outcome(next.String())
	}
	us := next.UnixMicro()
	return answered(&us)
}

// clock returns when the trigger was made.
func (c *oracleCase) clock() time.Time {
	switch {
	case c.ClockUS != nil:
		return time.UnixMicro(*c.ClockUS)
	case c.Mode == "query":
		return time.UnixMicro(c.Queries[0].NowUS)
	}
	return time.UnixMicro(c.NowUS)
}

// ask returns our answers to the questions. If the trigger cannot be made,
// that is the only answer.
func (c *oracleCase) ask(qs []question) (got []outcome, err error) {
	t, err := buildOracle(c.Kind, c.Params, c.Timezone, c.clock())
	if err != nil {
		return []outcome{refused}, err
	}
	for _, q := range qs {
		got = append(got, q.answerOf(t))
	}
	return got, nil
}

func TestOracle(t *testing.T) {
	l := &ledger{needed: map[string]int{}}
	t.Run("triggers", func(t *testing.T) {
		for _, c := range readOracle(t, "triggers.jsonl") {
			l.compare(t, c, c.ExpectUS)
		}
	})
	// Here the reference is wrong or surprising. Where its documentation
	// promises something else that is what we have to answer.
	t.Run("quirks", func(t *testing.T) {
		for _, c := range readOracle(t, "triggers_quirks.jsonl") {
			if _, ok := quirks[c.Category]; !ok {
				t.Errorf("%s: category %q is new; say in quirks what we do about it", c.ID, c.Category)
			}
			answers := c.ExpectUS
			if c.ReferenceUS != nil {
				answers = c.ReferenceUS
			}
			l.compare(t, c, answers)
		}
	})
	// The reference does not come back from these. Those without a documented
	// answer are And triggers that never meet.
	t.Run("hangs", func(t *testing.T) {
		for _, c := range readOracle(t, "upstream_hangs.jsonl") {
			answers := c.ReferenceUS
			if answers == nil {
				answers = make([]*int64, len(c.Queries))
			}
			l.compare(t, c, answers)
		}
	})
	l.close(t)
}

// readOracle reads a recorded file, of CARILLON_ORACLE_DIR if that is set. A
// file that is missing there is skipped.
func readOracle(t *testing.T, name string) (cases []*oracleCase) {
	dir := cmp.Or(os.Getenv("CARILLON_ORACLE_DIR"), builtInOracle)
	data, err := os.ReadFile(filepath.Join(dir, name))
	if errors.Is(err, fs.ErrNotExist) && dir != builtInOracle {
		t.Logf("%s is missing in %s", name, dir)
		t.SkipNow()
	}
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(data) {
		d := json.NewDecoder(bytes.NewReader(line))
		d.UseNumber()
		c := new(oracleCase)
		if err := d.Decode(c); err != nil {
			t.Fatalf("%s: %v in %s", name, err, line)
		}
		cases = append(cases, c)
	}
	return cases
}

var builtInOracle = filepath.Join("testdata", "oracle")

// ledger holds our answers against the recorded ones, and counts how often
// each of the differences was needed.
type ledger struct{ needed map[string]int }

// compare asks what was asked in a case.
func (l *ledger) compare(t *testing.T, c *oracleCase, answers []*int64) {
	qs := c.questions(answers)
	if c.ReferenceUS == nil && bytes.HasPrefix(c.Expect, []byte("{")) {
		qs = []question{{oracleCase: c, want: refused}}
	}
	got, err := c.ask(qs)
	for i, answer := range got {
		q := qs[i]
		row := slices.IndexFunc(differences, func(d difference) bool { return d.matches(q) })
		switch differs := answer != q.want; {
		case differs && row < 0:
			t.Errorf("%s [%d] %s %v in %q, prev %v, now %v: got %s (%v), want %s; %s",
				c.ID, i, c.Kind, c.Params, c.Timezone, q.prev(), q.now(), answer.text(), err, q.want.text(), c.Comment)
		case differs:
			l.needed[differences[row].name]++
		case row >= 0:
			t.Errorf("%s [%d] does not differ, but is covered by %q", c.ID, i, differences[row].name)
		}
	}
}

// close fails for the differences that nothing has needed.
func (l *ledger) close(t *testing.T) {
	for _, row := range differences {
		if n := l.needed[row.name]; n > 0 {
			t.Logf("%d answers differ: %s (%s)", n, row.name, row.reason)
		} else if os.Getenv("CARILLON_ORACLE_DIR") == "" {
			t.Errorf("no answer differs any more: %s", row.name)
		}
	}
}

// text returns the outcome for people.
func (o outcome) text() string {
	var us int64
	if _, err := fmt.Sscan(string(o), &us); err != nil {
		return string(o)
	}
	return time.UnixMicro(us).UTC().Format(time.RFC3339Nano)
}
