package recipes

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
)

func TestYear(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	check(err)
	synctest.Test(t, func(t *testing.T) { // it begins on 1 January 2000, a leap year, in UTC
		nights := make(map[string]int)
		s, err := carillon.New(carillon.Config{Location: berlin})
		check(err)
		_, err = s.Crontab("30 2 * * *", func(ctx context.Context) error {
			run, _ := carillon.FromContext(ctx)
			nights[run.Scheduled.Format(time.DateOnly)]++
			time.Sleep(20 * time.Minute)
			return nil
		}, carillon.Job{ID: "bill"})
		check(err)
		check(s.Start(ctx))

		time.Sleep(366 * 24 * time.Hour)
		synctest.Wait()

		if len(nights) != 366 || nights["2000-03-26"] != 1 || nights["2000-10-29"] != 1 {
			t.Errorf("billed in %d nights, and in those in which the clocks change %d and %d times",
				len(nights), nights["2000-03-26"], nights["2000-10-29"])
		}
		check(s.Shutdown(ctx))
	})
}

func TestReplicas(t *testing.T) {
	clocktest.Run(t, clocktest.Config{Seeds: 20}, func(sim *clocktest.Sim) {
		store, billed := sim.Store(), make(map[string]int)
		Bill := carillon.NewTask("bill", func(ctx context.Context, customer string) error {
			run, _ := carillon.FromContext(ctx)
			billed[run.Key()]++
			return nil
		})
		for _, name := range []string{"one", "two"} {
			config := sim.Node(name).Config()
			config.Stores["default"], config.Tasks = store, carillon.NewTasks(Bill)
			config.Lease = 24 * time.Hour // fewer heartbeats
			s, err := carillon.New(config)
			check(err)
			_, err = s.AddJob(ctx, Bill.With("Ada"), crontab("30 2 * * *"), carillon.Job{ID: "bill", Replace: true})
			check(err)
			check(s.Start(ctx))
		}

		check(sim.Advance(30 * 24 * time.Hour))
		sim.Always(len(billed) == 30, "billed for %d days", len(billed))
		for key, times := range billed {
			sim.Always(times == 1, "%s: %d times", key, times)
		}
	})
}
