package recipes

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/dashboard"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/triggers"
)

// Example_glance has what README.md shows at a glance and no other example has.
func Example_glance() {
	f := func(context.Context) error { return nil }
	remind := func(context.Context, string) error { return nil }
	Remind := carillon.NewTask("mail.remind", remind)
	Poll := carillon.NewTask("poll", remind)
	s, pass := begin(carillon.Config{Tasks: carillon.NewTasks(Remind, Poll)})
	t, args, query, mux := s.Now(), "ada", carillon.HistoryQuery{Limit: 1}, http.NewServeMux()

	s.Crontab("TZ=Europe/Berlin 30 2 * * mon-fri", f)
	s.Cron(triggers.CronFields{Month: "3-12/3", Day: "last fri", Hour: "17"}, f)
	_, err := s.AddJob(ctx, Poll.With(args), triggers.Must(triggers.Every(10*time.Second)), carillon.Job{ID: "poll", Replace: true})
	check(err)
	_, err = s.AddJob(ctx, Remind.With(args), crontab("0 9 1 5 *"), carillon.Job{ID: "nightly"})
	check(err)
	_, err = carillon.On(s, func(e *messages.JobError) { fmt.Println(e.Err) })
	check(err)
	mux.Handle("/carillon/", dashboard.New(s, dashboard.Config{}))

	pass(time.Second)
	fmt.Println(s.Explain(ctx, "nightly", t))
	for record, err := range s.History(ctx, query) {
		check(err)
		fmt.Println(record.JobID, record.Outcome)
	}
	trigger := crontab("@daily")
	fmt.Println(len(triggers.Preview(trigger, time.Now(), 3)))
	check(s.Shutdown(ctx))
	// Output:
	// nightly at 2025-05-01T09:00:00Z: ran at 2025-05-01T09:00:00Z for 0s <nil>
	// nightly executed
	// 3
}
