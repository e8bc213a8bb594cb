package triggers

import (
	"maps"
	"slices"
)

// builtin are the kinds that every process can decode.
var builtin = []string{"and", "calendarinterval", "cron", "crontab", "date", "interval", "jitter", "or"}

// Names returns the kinds that [Decode] can read with these decoders, sorted:
// this package's own as well.
func (kinds Kinds) Names() []string {
	names := slices.AppendSeq(slices.Clone(builtin), maps.Keys(kinds))
	slices.Sort(names)
	return slices.Compact(names)
}
