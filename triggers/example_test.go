package triggers_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/carillon-go/carillon/triggers"
)

var (
	berlin = triggers.Must(time.LoadLocation("Europe/Berlin"))
	start  = time.Date(2024, 5, 1, 8, 0, 0, 0, berlin)
)

// show prints the first n times.
func show(t triggers.Trigger, n int) {
	for next := range triggers.Upcoming(t, start) {
		fmt.Println(next.In(berlin).Format("Mon 2006-01-02 15:04:05 MST"))
		if n--; n == 0 {
			return
		}
	}
	fmt.Println("end")
}

func ExampleEvery() {
	t, err := triggers.Every(90 * time.Minute)
	if err != nil {
		panic(err)
	}
	show(t, 3)
	// Output:
	// Wed 2024-05-01 09:30:00 CEST
	// Wed 2024-05-01 11:00:00 CEST
	// Wed 2024-05-01 12:30:00 CEST
}

func ExampleNewInterval() {
	t := triggers.Must(triggers.NewInterval(6*time.Hour, triggers.Options{
		Start: time.Date(2024, 1, 1, 0, 30, 0, 0, time.UTC),
		End:   time.Date(2024, 5, 1, 18, 30, 0, 0, time.UTC),
	}))
	show(t, 5)
	// Output:
	// Wed 2024-05-01 08:30:00 CEST
	// Wed 2024-05-01 14:30:00 CEST
	// Wed 2024-05-01 20:30:00 CEST
	// end
}

func ExampleAt() {
	show(triggers.At(start.Add(time.Hour)), 2)
	// Output:
	// Wed 2024-05-01 09:00:00 CEST
	// end
}

func ExampleNewCalendarInterval() {
	// Months that have no 31st are left out.
	t := triggers.Must(triggers.NewCalendarInterval(
		triggers.CalendarFields{Months: 1, Hour: 18},
		triggers.Options{Start: time.Date(2024, 5, 31, 0, 0, 0, 0, berlin)},
	))
	show(t, 3)
	// Output:
	// Fri 2024-05-31 18:00:00 CEST
	// Wed 2024-07-31 18:00:00 CEST
	// Sat 2024-08-31 18:00:00 CEST
}

func ExampleNewOr() {
	t := triggers.Must(triggers.NewOr(
		triggers.Must(triggers.NewCrontab("0 9 * * mon-fri", triggers.Options{})),
		triggers.Must(triggers.NewCrontab("0 11 * * sat,sun", triggers.Options{})),
	))
	show(t, 5)
	// Output:
	// Wed 2024-05-01 09:00:00 CEST
	// Thu 2024-05-02 09:00:00 CEST
	// Fri 2024-05-03 09:00:00 CEST
	// Sat 2024-05-04 11:00:00 CEST
	// Sun 2024-05-05 11:00:00 CEST
}

func ExampleNewAnd() {
	// Every second week's Monday, if it is among the first seven days.
	t := triggers.Must(triggers.NewAnd(
		triggers.Must(triggers.NewCalendarInterval(
			triggers.CalendarFields{Weeks: 2, Hour: 9},
			triggers.Options{Start: time.Date(2024, 5, 6, 0, 0, 0, 0, berlin)},
		)),
		triggers.Must(triggers.NewCron(triggers.CronFields{Day: "1-7", Hour: "9"}, triggers.Options{})),
	))
	show(t, 3)
	// Output:
	// Mon 2024-05-06 09:00:00 CEST
	// Mon 2024-06-03 09:00:00 CEST
	// Mon 2024-07-01 09:00:00 CEST
}

// Nothing is opened on Labour Day.
func ExampleNewExcept() {
	weekdays := triggers.Must(triggers.NewCrontab("0 9 * * mon-fri", triggers.Options{}))
	t := triggers.Must(triggers.NewExcept(weekdays, triggers.Day(2024, time.May, 1, time.UTC)))
	for next := range triggers.Between(t, time.Date(2024, 4, 30, 0, 0, 0, 0, time.UTC), time.Date(2024, 5, 3, 0, 0, 0, 0, time.UTC)) {
		fmt.Println(next.Format("Mon 2 Jan 15:04"))
	}
	// Output:
	// Tue 30 Apr 09:00
	// Thu 2 May 09:00
}

func ExampleNewJitter() {
	hourly := triggers.Must(triggers.Every(time.Hour))
	t := triggers.Must(triggers.NewJitter(hourly, time.Minute))
	fmt.Println(t)
	next, _ := triggers.Bind(t, triggers.Binding{Now: start, Seed: 1}).Next(time.Time{}, start)
	fmt.Println(next.Sub(start.Add(time.Hour)) < time.Minute)
	// Output:
	// jitter(interval(1h0m0s), 1m0s)
	// true
}

func ExampleBetween() {
	t := triggers.Must(triggers.NewCron(triggers.CronFields{Day: "last fri", Hour: "17"}, triggers.Options{}))
	days := slices.Collect(triggers.Between(t, start, start.AddDate(0, 2, 0)))
	fmt.Println(len(days), "last Fridays, the first on", days[0].Format(time.DateOnly))
	// Output: 2 last Fridays, the first on 2024-05-31
}

func ExampleLatest() {
	t := triggers.Must(triggers.NewInterval(time.Second, triggers.Options{Start: start, Location: berlin}))
	// The scheduler was down for 12 hours; the run of eight o'clock is due.
	last, _ := triggers.Latest(t, start, start.Add(12*time.Hour+time.Millisecond))
	fmt.Println(last.Format(time.TimeOnly))
	// Output: 20:00:00
}

// Doubling runs after 1, 2, 4, 8 ... minutes.
type Doubling struct {
	From time.Time `json:"from"`
}

func (d Doubling) Next(prev, now time.Time) (time.Time, bool) {
	for after := time.Minute; after < 1000*time.Hour; after *= 2 {
		if t := d.From.Add(after); t.After(prev) && !t.Before(now) {
			return t, true
		}
	}
	return time.Time{}, false
}

// With the following two, jobs with this trigger can be kept in any store.

func (Doubling) Kind() string { return "doubling" }

func (d Doubling) MarshalJSON() ([]byte, error) {
	type fields Doubling
	return json.Marshal(struct {
		Kind string `json:"kind"`
		fields
	}{d.Kind(), fields(d)})
}

func Example_ownTrigger() {
	data, err := triggers.Encode(Doubling{start})
	fmt.Println(string(data), err)

	read, err := triggers.Decode(data, nil)
	fmt.Println(read, err)

	read, err = triggers.Resolve(read, triggers.Kinds{
		"doubling": func(data json.RawMessage) (triggers.Trigger, error) {
			var d Doubling
			err := json.Unmarshal(data, &d)
			return d, err
		},
	})
	fmt.Println(triggers.KindOf(read), err)
	show(read, 3)
	// Output:
	// {"kind":"doubling","from":"2024-05-01T08:00:00+02:00"} <nil>
	// unknown(doubling) <nil>
	// doubling <nil>
	// Wed 2024-05-01 08:01:00 CEST
	// Wed 2024-05-01 08:02:00 CEST
	// Wed 2024-05-01 08:04:00 CEST
}
