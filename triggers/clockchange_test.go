package triggers_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon/triggers"
)

// What runs on the days on which the clock is changed. A prime marks the second
// of two times with the same name.
func Example_clockChanges() {
	fmt.Print(clockChanges())
	// Output:
	// Europe/Berlin, 01:00 to 04:00         put forward at 02:00  put back at 03:00
	// 30 2 * * *                            03:30                 02:30
	// 30 2 * * *, Skip and Both             -                     02:30 02:30'
	// 30 2,3 * * *                          03:30                 02:30 03:30
	// 0 1-3 * * *                           01:00 03:00           01:00 02:00 03:00
	// 30 * * * *                            01:30 03:30           01:30 02:30 02:30' 03:30
	// */30 2 * * *                          -                     02:00 02:30 02:00' 02:30'
	// */30 2 * * *, Shift and First         03:00 03:30           02:00 02:30
	//
	// Australia/Lord_Howe  15,45 1,2 * * *  01:15 01:45 02:45     01:15 01:45 02:15 02:45
	// Africa/Cairo         0 0,23 * * *     01:00 23:00           00:00 23:00
	// Pacific/Apia         0 9 * * *        -                     09:00
}

func clockChanges() string {
	skipBoth := triggers.Options{Gap: triggers.Skip, Fold: triggers.Both}
	shiftFirst := triggers.Options{Gap: triggers.Shift, Fold: triggers.First}
	return "" +
		"Europe/Berlin, 01:00 to 04:00         put forward at 02:00  put back at 03:00\n" +
		inBerlin("30 2 * * *", triggers.Options{}) +
		inBerlin("30 2 * * *", skipBoth) +
		inBerlin("30 2,3 * * *", triggers.Options{}) +
		inBerlin("0 1-3 * * *", triggers.Options{}) +
		inBerlin("30 * * * *", triggers.Options{}) +
		inBerlin("*/30 2 * * *", triggers.Options{}) +
		inBerlin("*/30 2 * * *", shiftFirst) +
		"\n" +
		elsewhere("Australia/Lord_Howe", "15,45 1,2 * * *", "2024-10-06", "2024-04-07") + // by half an hour, at 02:00
		elsewhere("Africa/Cairo", "0 0,23 * * *", "2024-04-26", "2024-10-31") + // at midnight
		elsewhere("Pacific/Apia", "0 9 * * *", "2011-12-30", "2011-04-02") // a day was left out
}

func inBerlin(expr string, o triggers.Options) string {
	name := expr
	switch {
	case o.Gap == triggers.Skip:
		name += ", Skip and Both"
	case o.Gap == triggers.Shift:
		name += ", Shift and First"
	}
	o.Location = berlin
	trigger := triggers.Must(triggers.NewCrontab(expr, o))
	return fmt.Sprintf("%-36s  %-20s  %s\n", name, runs(trigger, "2024-03-31", 1, 4), runs(trigger, "2024-10-27", 1, 4))
}

func elsewhere(zone, expr, spring, autumn string) string {
	trigger := triggers.Must(triggers.NewCrontab(expr, triggers.Options{Location: triggers.Must(time.LoadLocation(zone))}))
	return fmt.Sprintf("%-19s  %-15s  %-20s  %s\n", zone, expr, runs(trigger, spring, 0, 24), runs(trigger, autumn, 0, 24))
}

// runs returns the times of t on a date, in some hours of it.
func runs(t triggers.Trigger, date string, from, to int) string {
	utc := triggers.Must(time.Parse(time.DateOnly, date))
	var times []string
	var latest string
	for run := range triggers.Between(t, utc.Add(-24*time.Hour), utc.Add(48*time.Hour)) {
		if run.Format(time.DateOnly) != date || run.Hour() < from || run.Hour() >= to {
			continue
		}
		clock := run.Format("15:04")
		if clock <= latest {
			times = append(times, clock+"'")
		} else {
			times, latest = append(times, clock), clock
		}
	}
	if times == nil {
		return "-"
	}
	return strings.Join(times, " ")
}

func TestDocumentedClockChanges(t *testing.T) {
	doc := string(triggers.Must(os.ReadFile("doc.go")))
	for line := range strings.Lines(clockChanges()) {
		if line != "\n" && !strings.Contains(doc, "\n//\t"+line) {
			t.Errorf("doc.go does not contain\n//\t%s", line)
		}
	}
}
