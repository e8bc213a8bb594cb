package triggers

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// builtin are the kinds that every process can decode.
var builtin = []string{"and", "calendarinterval", "cron", "crontab", "date", "except", "interval", "jitter", "or"}

// Names returns the kinds that [Decode] can read with these decoders, sorted:
// this package's own as well.
func (kinds Kinds) Names() []string {
	names := slices.AppendSeq(slices.Clone(builtin), maps.Keys(kinds))
	slices.Sort(names)
	return slices.Compact(names)
}

// Validate reports every decoder that cannot be used, each as an [*Error].
func (kinds Kinds) Validate() []error {
	var faults []error
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		reason := ""
		switch {
		case kind == "":
			reason = "has no name; give the Kind of its triggers"
		case !utf8.ValidString(kind) || strings.ContainsRune(kind, 0):
			reason = "is no text in UTF-8 without zero bytes, which is what stores keep"
		case slices.Contains(builtin, kind):
			reason = "is a kind of this package's own; give yours another name"
		case kinds[kind] == nil:
			reason = "is nil; give a function that decodes triggers of this kind"
		default:
			continue
		}
		faults = append(faults, &Error{Field: fmt.Sprintf("trigger kind %q", kind), Pos: -1, Reason: reason})
	}
	return faults
}
