package clocktest

import (
	"io"
	"strconv"
	"strings"
	"time"
)

// textTrace writes [Text]. A write that fails is not repeated.
type textTrace struct {
	w    io.Writer
	line []byte
}

func (t *textTrace) handling(m *moment) {
	t.begin(m)
	t.line = append(t.line, m.row.String()...)
	t.line = append(t.line, ' ')
	t.line = append(t.line, m.kind...)
	for _, d := range detailsOf(m.message) {
		t.line = append(t.line, ' ')
		t.line = append(t.line, d.key...)
		t.line = append(t.line, '=')
		t.line = append(t.line, d.text()...)
	}
	t.end()
}

func (t *textTrace) fault(m *moment, f Fault) {
	t.begin(m)
	t.line = append(t.line, "fault "...)
	t.line = append(t.line, f.String()...)
	if m.actor != "" {
		t.line = append(t.line, ' ')
		t.line = append(t.line, m.row.String()...)
	}
	t.end()
}

func (t *textTrace) begin(m *moment) {
	t.line = strconv.AppendUint(t.line[:0], m.step, 10)
	t.line = append(t.line, ' ')
	t.line = m.wall.UTC().AppendFormat(t.line, time.RFC3339Nano)
	t.line = append(t.line, ' ')
}

func (t *textTrace) end() {
	t.line = append(t.line, '\n')
	_, _ = t.w.Write(t.line)
}

func (t *textTrace) close() {}

// most is how many values of one detail a text shows.
const most = 10

// text returns the detail's values in one line.
func (d *detail) text() string {
	if d.list == nil {
		return quote(d.value)
	}
	text := strings.Join(d.list[:min(len(d.list), most)], ",")
	if more := len(d.list) - most; more > 0 {
		text += ",+" + strconv.Itoa(more)
	}
	return quote(text)
}

// quote quotes what would not be one word in one line.
func quote(text string) string {
	if text == "" || strings.ContainsAny(text, " \t\n\"") {
		return strconv.Quote(text)
	}
	return text
}
