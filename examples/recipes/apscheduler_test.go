package recipes

import (
	"context"
	"fmt"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/executors/pool"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/triggers"
)

func Example_apschedulerWords() {
	args, value := "Ada", 7
	stored := func(context.Context, string) error { return nil }
	Task := carillon.NewTask("name", stored)
	s, pass := begin(carillon.Config{
		Tasks:     carillon.NewTasks(Task),
		Executors: carillon.Executors{"default": pool.Open(pool.Config{Size: 20})},
	})
	f := func(ctx context.Context) error { carillon.SetResult(ctx, value); return nil }
	trigger, job, mask := crontab("1 9 * * *"), carillon.Job{ID: "stored"}, messages.MaskAll
	carillon.On(s, func(e *messages.JobExecuted) { fmt.Println(e.Value) })

	s.Every(10*time.Second, f)
	s.At(start, f)
	s.Cron(triggers.CronFields{Day: "last fri", Hour: "17"}, f)
	s.Crontab("30 2 * * mon-fri", f)
	_, err := triggers.NewJitter(trigger, 30*time.Second)
	check(err)
	_, err = s.AddJob(ctx, Task.With(args), trigger, job)
	check(err)
	s.AddJob(ctx, carillon.Func(f), nil, carillon.Job{})
	listen := func(carillon.Event) {}
	_, err = s.AddListener(listen, mask)
	check(err)

	pass(10 * time.Second)
	check(s.Shutdown(ctx))
	// Output:
	// 7
	// 7
	// 7
}
