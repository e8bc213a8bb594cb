package recipes

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/job"
)

func Example_renamedTask() {
	send := func(ctx context.Context, customer string) error {
		run, _ := carillon.FromContext(ctx)
		fmt.Println(run.Name, customer)
		return nil
	}

	Invoice := carillon.NewTask("billing.invoice", send)
	formerly := carillon.NewTask("invoice", send) // stored jobs have this name
	config := carillon.Config{Tasks: carillon.NewTasks(Invoice, formerly)}

	s, pass := begin(config)
	_, err := s.AddJob(ctx, formerly.With("Ada"), crontab("1 * * * *"), carillon.Job{ID: "ada"})
	check(err)
	pass(time.Hour)

	for j, err := range s.AllJobs(ctx) {
		check(err)
		if call, stored := j.Call.(*job.TaskCall); stored && call.Task == formerly.Name() {
			renamed := job.TaskCall{Task: Invoice.Name(), Args: call.Args}
			_, err = s.ModifyJob(ctx, j.ID, carillon.Changes{Call: &renamed, Name: new(Invoice.Name())})
			check(err)
		}
	}

	pass(time.Hour)
	check(s.Shutdown(ctx))
	// Output:
	// invoice Ada
	// billing.invoice Ada
}

func Example_rowThatIsGone() {
	customers := map[string]string{"ada": "Ada"}
	errNoRow := errors.New("no such row")
	find := func(_ context.Context, id string) (string, error) {
		if name, ok := customers[id]; ok {
			return name, nil
		}
		return "", errNoRow
	}

	var s *carillon.Scheduler
	Remind := carillon.NewTask("customer.remind", func(ctx context.Context, id string) error {
		customer, err := find(ctx, id)
		if errors.Is(err, errNoRow) {
			run, _ := carillon.FromContext(ctx)
			return s.RemoveJob(ctx, run.JobID)
		}
		if err == nil {
			fmt.Println("dear", customer)
		}
		return err
	})

	s, pass := begin(carillon.Config{Tasks: carillon.NewTasks(Remind)})
	_, err := s.AddJob(ctx, Remind.With("ada"), crontab("1 * * * *"), carillon.Job{ID: "remind-ada"})
	check(err)
	pass(time.Hour)
	delete(customers, "ada")
	pass(time.Hour)
	_, err = s.Job(ctx, "remind-ada")
	fmt.Println(err)
	check(s.Shutdown(ctx))
	// Output:
	// dear Ada
	// get job "remind-ada": no such job
}
