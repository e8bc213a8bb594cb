package planner

import (
	"context"
	"fmt"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
	"github.com/carillon-go/carillon/executors/pool"
	"github.com/carillon-go/carillon/stores/memory"
)

// Plan runs the jobs on virtual time and reports what becomes of them. It
// takes some ten microseconds for each run.
//
// Errors: a joined [carillon.FieldError] for each setting that cannot be
// accepted; [carillon.ErrJobExists] if an ID is there twice; what
// [Config.Duration] panics with; the cause of ctx's end.
func Plan(ctx context.Context, config Config) (*Report, error) {
	if err := config.validate(); err != nil {
		return nil, err
	}
	config = config.withDefaults()
	p := &planning{Config: config, witness: newWitness()}
	if err := p.simulate(ctx); err != nil {
		return nil, err
	}
	return p.report(), nil
}

// planning is one call of Plan.
type planning struct {
	Config
	*witness
	begin []carillon.Job       // the table, as it is stored at From
	end   map[key]carillon.Job // as it is when Until has come
}

// simulate has a scheduler run the jobs until Until, and then end what it has
// begun.
func (p *planning) simulate(ctx context.Context) error {
	sim := clocktest.New(clocktest.Config{Seed: p.Seed, Start: p.From})
	defer sim.Close()
	s, err := carillon.New(p.schedulerConfig(sim))
	if err != nil {
		return err
	}
	if _, err := s.AddListener(p.listen, witnessed); err != nil {
		return err
	}
	if err := s.StartPaused(ctx); err != nil {
		return err
	}
	defer shutdownAtOnce(s)
	if p.begin, err = s.AddJobs(ctx, p.virtualJobs()); err != nil {
		return err
	}
	if err := s.Resume(ctx); err != nil {
		return err
	}
	if err := advance(ctx, sim, p.Until.Add(-1)); err != nil {
		return err
	}
	if err := p.takeStock(ctx, s); err != nil {
		return err
	}
	if err := s.Shutdown(ctx); err != nil {
		return err
	}
	return p.witness.err
}

// takeStock notes the table as it is now.
func (p *planning) takeStock(ctx context.Context, s *carillon.Scheduler) error {
	jobs, err := s.Jobs(ctx)
	p.end = make(map[key]carillon.Job, len(jobs))
	for i := range jobs {
		p.end[keyOf(&jobs[i])] = jobs[i]
	}
	return err
}

func (p *planning) schedulerConfig(sim *clocktest.Sim) carillon.Config {
	config := sim.Config()
	config.Location, config.JobDefaults, config.Triggers = p.Location, p.JobDefaults, p.Triggers
	config.Stores = carillon.Stores{}
	for i := range p.Jobs {
		config.Stores[aliasOr(p.Jobs[i].Store)] = memory.Open()
	}
	config.Executors = carillon.Executors{}
	for alias, size := range p.Executors {
		config.Executors[alias] = pool.Open(pool.Config{Size: size})
	}
	return config
}

// virtualJobs returns the table with calls that do nothing but take their time.
func (p *planning) virtualJobs() []carillon.Job {
	jobs := make([]carillon.Job, len(p.Jobs))
	for i, j := range p.Jobs {
		if j.Name == "" && j.Call != nil {
			j.Name = j.Call.TaskName()
		}
		if j.Parked != "" {
			j.NextRunTime, j.Paused = time.Time{}, true
		}
		j.Call = virtual(p.Jobs[i], p.Duration)
		j.Replace = false
		jobs[i] = j
	}
	return jobs
}

func virtual(j carillon.Job, duration func(carillon.Job, time.Time) time.Duration) carillon.Func {
	return func(ctx context.Context) error {
		run, _ := carillon.FromContext(ctx)
		named := j
		named.ID = run.JobID // which the scheduler has made, if the table has none
		if d := duration(named, run.Scheduled); d > 0 {
			return carillon.Sleep(ctx, d)
		}
		return nil
	}
}

// advance lets time pass until end, and looks at ctx now and then.
func advance(ctx context.Context, sim *clocktest.Sim, end time.Time) error {
	const slice = time.Minute
	for sim.Now().Before(end) {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		to := sim.Now().Add(slice)
		if to.After(end) {
			to = end
		}
		if err := sim.AdvanceTo(to); err != nil {
			return fmt.Errorf("plan: %w", err)
		}
	}
	return nil
}

// shutdownAtOnce ends a scheduler that a fault has left running.
func shutdownAtOnce(s *carillon.Scheduler) {
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	_ = s.Shutdown(ended)
}
