package main

import (
	"time"

	"github.com/go-co-op/gocron/v2"
	"github.com/gorhill/cronexpr"
	netresearch "github.com/netresearch/go-cron"
	"github.com/reugn/go-quartz/quartz"
	robfig "github.com/robfig/cron/v3"

	"github.com/carillon-go/carillon/triggers"
)

// next returns the first time of an expression after the given one; zero: none.
type next func(after time.Time) time.Time

// cronLibrary is what computes the times of cron expressions.
type cronLibrary struct {
	name  string
	parse func(e expression, loc *time.Location) next
}

var cronLibraries = []cronLibrary{
	{"carillon", func(e expression, loc *time.Location) next {
		c := must(triggers.NewCrontab(e.unix, triggers.Options{Location: loc}))
		return func(after time.Time) time.Time {
			t, _ := c.Next(after, after)
			return t
		}
	}},
	{"netresearch", func(e expression, loc *time.Location) next {
		s := must(netresearch.ParseStandard(e.unix))
		s.(*netresearch.SpecSchedule).Location = loc
		return s.Next
	}},
	{"robfig", func(e expression, loc *time.Location) next {
		s := must(robfig.ParseStandard(e.unix))
		s.(*robfig.SpecSchedule).Location = loc
		return s.Next
	}},
	{"gocron", func(e expression, loc *time.Location) next {
		c := gocron.NewDefaultCron(false)
		check(c.IsValid(e.unix, loc, walkFrom))
		return c.Next
	}},
	{"gorhill", func(e expression, loc *time.Location) next {
		x := must(cronexpr.Parse(e.unix))
		return func(after time.Time) time.Time { return x.Next(after.In(loc)) }
	}},
	{"go-quartz", func(e expression, loc *time.Location) next {
		t := must(quartz.NewCronTriggerWithLoc(e.quartz, loc))
		return func(after time.Time) time.Time {
			at, err := t.NextFireTime(after.UnixNano())
			if err != nil {
				return time.Time{}
			}
			return time.Unix(0, at)
		}
	}},
}

// expression is written in two dialects.
type expression struct{ unix, quartz string }

var expressions = []expression{
	{"* * * * *", "0 * * * * ?"},
	{"*/15 * * * *", "0 0/15 * * * ?"},
	{"30 2 * * *", "0 30 2 * * ?"},
	{"0 9-17 * * 1-5", "0 0 9-17 ? * MON-FRI"},
	{"0 0 1 * *", "0 0 0 1 * ?"},
	{"15 10 1,15 6 *", "0 15 10 1,15 6 ?"},
	{"0 0 29 2 *", "0 0 0 29 2 ?"},
}
