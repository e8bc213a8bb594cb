package carillon_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
)

// A job whose task this program does not know is kept: the program that knows
// it can have it back.
func ExampleScheduler_ImportJobs() {
	file := `{"version":1,"jobs":[
		{"job":{"id":"nightly","task":"reports.send","trigger":{"kind":"crontab","expr":"30 2 * * *"}}}
	]}`
	ctx := context.Background()
	s, err := carillon.New(carillon.Config{
		Clock:    clocktest.NewClock(time.Date(2024, 5, 1, 10, 0, 0, 0, time.UTC)),
		Location: time.UTC,
		Logger:   slog.New(slog.DiscardHandler),
	})
	if err == nil {
		err = s.Start(ctx)
	}
	if err != nil {
		panic(err)
	}
	fmt.Println(s.ImportJobs(ctx, strings.NewReader(file), carillon.RefuseExisting))
	fmt.Println(s.ImportJobs(ctx, strings.NewReader(file), carillon.SkipExisting))
	fmt.Println(s.PrintJobs(ctx, os.Stdout))
	fmt.Println(s.Shutdown(ctx))
	// Output:
	// 1 <nil>
	// 0 <nil>
	// store default
	//   ID       NAME          TRIGGER                     NEXT RUN
	//   nightly  reports.send  crontab(30 2 * * *) in UTC  2024-05-02 02:30:00 UTC, parked: task "reports.send" is not registered with this scheduler
	// <nil>
	// <nil>
}
