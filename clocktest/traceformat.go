package clocktest

import (
	"fmt"
	"io"
)

// Format is how [Config.Log] is written.
type Format uint8

const (
	// Text is a line for each message that an actor handles, and for each
	// fault:
	//
	//	690 2024-01-01T00:41:00Z store-default-1 Claimed runs=bill@2024-01-01T00:41:00Z
	Text Format = iota

	// JSONLines is the same as JSON objects, one a line. Where it is known in
	// which step the message was sent, "cause" is the number of that step.
	JSONLines

	// Chrome is the trace event format of Chrome, for
	// https://ui.perfetto.dev: a process for each [Node], a row for each
	// actor, with a microsecond for each message that it handles; an arrow
	// where a message makes an idle actor go on; and a span for each run that
	// has ended. It is complete once the simulation is closed.
	Chrome
)

var formats = [...]struct{ name, suffix string }{
	Text:      {"text", ".log"},
	JSONLines: {"json", ".jsonl"},
	Chrome:    {"chrome", ".trace.json"},
}

// String returns "text", "json" or "chrome".
func (f Format) String() string { return formats[f].name }

func parseFormat(text string) (Format, error) {
	for f := range formats {
		if formats[f].name == text {
			return Format(f), nil
		}
	}
	return 0, fmt.Errorf("%q: want text, json or chrome", text)
}

func (f Format) scribe(w io.Writer) scribe {
	switch f {
	case JSONLines:
		return newJSONTrace(w)
	case Chrome:
		return newChromeTrace(w)
	default:
		return &textTrace{w: w}
	}
}
