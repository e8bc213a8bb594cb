package triggers

import (
	"strings"
	"time"

	"github.com/carillon-go/carillon/internal/zoneinfo"
)

// nicknames are the expressions that are written in one word.
var nicknames = map[string]string{
	"@yearly":   "0 0 1 1 *",
	"@annually": "0 0 1 1 *",
	"@monthly":  "0 0 1 * *",
	"@weekly":   "0 0 * * 0",
	"@daily":    "0 0 * * *",
	"@midnight": "0 0 * * *",
	"@hourly":   "0 * * * *",
}

// readZone reads a time zone in front of the fields into o, and returns the rest.
func readZone(words []token, o *Options) ([]token, error) {
	if len(words) == 0 {
		return words, nil
	}
	name, ok := words[0].cutPrefix("TZ=")
	if !ok {
		name, ok = words[0].cutPrefix("CRON_TZ=")
	}
	if !ok {
		return words, nil
	}
	fault := func(reason string) ([]token, error) {
		return words[1:], &Error{Field: "time zone", Expr: name.text, Pos: name.pos, Reason: reason}
	}
	if name.text == "" {
		return fault("missing; write an IANA name, such as TZ=Europe/Berlin, without spaces")
	}
	loc, err := findLocation(name.text)
	if err != nil {
		return fault("unknown; " + zoneinfo.Remedy("write an IANA name, such as TZ=Europe/Berlin"))
	}
	if o.Location != nil && o.Location.String() != name.text {
		return fault("not that of Options.Location, " + o.Location.String() + "; give one of them")
	}
	o.Location = loc
	return words[1:], nil
}

// crontabExpr is what an expression says, without its time zone.
type crontabExpr struct {
	every   time.Duration // of @every; nothing else is set then
	pattern *pattern
	repeats bool // within the day
	hashed  bool // the pattern depends on the seed
}

// readCrontab reads an expression without its time zone.
func readCrontab(words []token, seed uint64) (e crontabExpr, err error) {
	if len(words) > 0 && words[0].is("@every") {
		e.every, err = readEvery(words)
		return e, err
	}
	if len(words) > 0 && strings.HasPrefix(words[0].text, "@") {
		if words, err = readNickname(words); err != nil {
			return e, err
		}
	}
	return readCrontabFields(words, seed)
}

func readEvery(words []token) (time.Duration, error) {
	const remedy = "write one duration after it, such as @every 1h30m"
	if len(words) != 2 {
		return 0, crontabFault(words[len(words)-1], remedy)
	}
	d, err := time.ParseDuration(words[1].text)
	switch {
	case err != nil:
		return 0, crontabFault(words[1], "no duration; write it like 90s, 1h30m or 24h")
	case d <= 0:
		return 0, crontabFault(words[1], "not positive; write the time between two runs, such as 90s or 1h30m")
	}
	return d, nil
}

func readNickname(words []token) ([]token, error) {
	name := words[0]
	expr, ok := nicknames[strings.ToLower(name.text)]
	switch {
	case name.is("@reboot"):
		return nil, crontabFault(name, "there is no time for it; run the job when the program starts, or add it with a date trigger for now")
	case !ok:
		return nil, crontabFault(name, "unknown; use @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly or @every")
	case len(words) > 1:
		return nil, crontabFault(words[1], "nothing can follow "+name.text+"; remove it, or write the fields instead of "+name.text)
	}
	return token{text: expr}.words(), nil
}

func crontabFault(t token, reason string) error {
	return &Error{Field: "crontab", Expr: t.text, Pos: t.pos, Reason: reason}
}
