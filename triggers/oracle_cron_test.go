package triggers

import (
	"fmt"
	"strings"
)

// The reference's rule for a change of the clocks.
func (p *oracleParams) cronOptions() Options {
	o := p.options()
	o.Gap, o.Fold = Skip, Both
	return o
}

func buildOracleCron(p *oracleParams) (Trigger, error) {
	field := func(name string) string {
		if value := p.get(name); value != nil {
			return fmt.Sprint(value)
		}
		return ""
	}
	return NewCron(CronFields{
		Year: field("year"), Month: field("month"), Day: field("day"), Week: field("week"), DayOfWeek: field("day_of_week"),
		Hour: field("hour"), Minute: field("minute"), Second: field("second"),
	}, p.cronOptions())
}

// The reference reads a crontab expression by its own rules for fields, so
// that is a Cron to us.
func buildOracleCrontab(p *oracleParams) (Trigger, error) {
	fields := strings.Fields(p.text("expr"))
	if len(fields) != 5 {
		return nil, fmt.Errorf("%d fields", len(fields))
	}
	return NewCron(CronFields{
		Minute: fields[0], Hour: fields[1], Day: fields[2], Month: fields[3], DayOfWeek: fields[4],
	}, p.cronOptions())
}
