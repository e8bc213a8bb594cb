package clocktest_test

import (
	"context"
	"fmt"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/triggers"
)

// A process that is killed in the middle of a run, and the one that takes its
// place twelve minutes later, on the same store: the run that was under way is
// lost, the one that came due meanwhile is made up for.
func ExampleNode_Crash() {
	sim := clocktest.New(clocktest.Config{})
	defer sim.Close()
	ctx := context.Background()
	store := sim.Store() // it outlives the schedulers that use it
	report := carillon.NewTask("report", func(ctx context.Context, _ struct{}) error {
		return carillon.Sleep(ctx, 2*time.Minute)
	})

	start := func(name string) (*clocktest.Node, *carillon.Scheduler) {
		node := sim.Node(name)
		config := node.Config()
		config.Stores["default"] = store
		config.Tasks = carillon.NewTasks(report)
		config.JobDefaults.MisfireGrace = 5 * time.Minute
		s, err := carillon.New(config)
		if err != nil {
			panic(err)
		}
		s.AddListener(func(e carillon.Event) {
			switch e := e.(type) {
			case *messages.JobExecuted:
				fmt.Println(sim.Now().Format(time.TimeOnly), name, "has executed", e.Run.Key())
			case *messages.JobLost:
				fmt.Println(sim.Now().Format(time.TimeOnly), name, "reports lost", e.Run.Key())
			}
		}, messages.MaskOutcomes)
		if err := s.Start(ctx); err != nil {
			panic(err)
		}
		return node, s
	}

	node, s := start("first")
	s.AddJob(ctx, report.With(struct{}{}), triggers.Must(triggers.Every(10*time.Minute)), carillon.Job{ID: "report"})
	sim.Advance(21 * time.Minute) // in the middle of the second run
	node.Crash()

	sim.Advance(12 * time.Minute)
	start("second")
	sim.Advance(10 * time.Minute)
	// Output:
	// 00:12:00 first has executed report@2024-01-01T00:10:00Z
	// 00:33:00 second reports lost report@2024-01-01T00:20:00Z
	// 00:35:00 second has executed report@2024-01-01T00:30:00Z
	// 00:42:00 second has executed report@2024-01-01T00:40:00Z
}
