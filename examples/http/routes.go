package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/metrics"
)

// routes is what the server answers. Handlers may call the scheduler as they
// like: its methods may be called by everybody at any time. The metrics are of
// what happens from now on.
func routes(s *carillon.Scheduler, w io.Writer) http.Handler {
	a := &api{s, w}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", a.health)
	mux.Handle("GET /metrics", metricsOf(s))
	mux.HandleFunc("GET /jobs", a.jobs)
	mux.HandleFunc("POST /jobs/{id}/pause", a.change((*carillon.Scheduler).PauseJob))
	mux.HandleFunc("POST /jobs/{id}/resume", a.change((*carillon.Scheduler).ResumeJob))
	mux.HandleFunc("POST /reports/{name}", a.report)
	return mux
}

// metricsOf serves the metrics of a scheduler, and of its jobs.
func metricsOf(s *carillon.Scheduler) http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(metrics.New(s, metrics.Config{}), metrics.NewJobs(s))
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{})
}

type api struct {
	s *carillon.Scheduler
	w io.Writer // where reports are printed
}

// row is a job as clients see it.
type row struct {
	ID      string    `json:"id"`
	Trigger string    `json:"trigger"`
	Next    time.Time `json:"next,omitzero"`
	Paused  bool      `json:"paused"`
}

func rowOf(j carillon.Job) row {
	return row{j.ID, fmt.Sprint(j.Trigger), j.NextRunTime, j.Paused}
}

func (a *api) health(w http.ResponseWriter, r *http.Request) {
	if !a.s.Running() {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
}

func (a *api) jobs(w http.ResponseWriter, r *http.Request) {
	jobs, err := a.s.Jobs(r.Context())
	rows := make([]row, len(jobs))
	for i, j := range jobs {
		rows[i] = rowOf(j)
	}
	answer(w, http.StatusOK, rows, err)
}

// change is a handler for what is done to one job.
func (a *api) change(do func(*carillon.Scheduler, context.Context, string, ...string) (carillon.Job, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		j, err := do(a.s, r.Context(), r.PathValue("id"))
		answer(w, http.StatusOK, rowOf(j), err)
	}
}

// report starts to write a report and does not wait for it. The job has a
// context of its own, which does not end with the request.
func (a *api) report(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	write := func(ctx context.Context) error {
		if err := carillon.Sleep(ctx, time.Second); err != nil { // hard work
			return err
		}
		_, err := fmt.Fprintln(a.w, "report", name, "is ready")
		return err
	}
	j, err := a.s.AddJob(r.Context(), carillon.Func(write), nil, carillon.Job{Name: "report " + name})
	answer(w, http.StatusAccepted, rowOf(j), err)
}

func answer(w http.ResponseWriter, status int, body any, err error) {
	switch {
	case err == nil:
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(body) // the client may be gone
	case errors.Is(err, carillon.ErrJobNotFound):
		http.Error(w, err.Error(), http.StatusNotFound)
	default:
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}
