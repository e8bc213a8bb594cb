package triggers

import (
	"strings"
	"testing"
	"time"
)

// TestBoundsOutsideOfTheCalendar refuses bounds that have no JSON form: the trigger
// could be made, and not be stored.
func TestBoundsOutsideOfTheCalendar(t *testing.T) {
	for field, o := range map[string]Options{
		"Options.End":   {End: time.Unix(1<<40, 0)},
		"Options.Start": {Start: time.Unix(-1<<40, 0)},
	} {
		_, interval := NewInterval(time.Second, o)
		_, cron := NewCron(CronFields{Hour: "9"}, o)
		_, crontab := NewCrontab("0 9 * * *", o)
		_, calendar := NewCalendarInterval(CalendarFields{Days: 1}, o)
		for _, err := range []error{interval, cron, crontab, calendar} {
			if err == nil || !strings.Contains(err.Error(), field) || !strings.Contains(err.Error(), "1 to 9999") {
				t.Errorf("%s: %v", field, err)
			}
		}
	}
}
