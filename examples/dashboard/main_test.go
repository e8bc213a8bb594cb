package main

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestRoutes checks who may look and who may change something.
func TestRoutes(t *testing.T) {
	clock := clocktest.NewClock(time.Date(2025, 5, 1, 9, 0, 0, 0, time.UTC))
	s, err := carillon.New(carillon.Config{Clock: clock, Location: time.UTC, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	if err := addJobs(s); err != nil {
		t.Fatal(err)
	}
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := clocktest.Advance(t.Context(), s, clock, time.Minute); err != nil {
		t.Fatal(err)
	}
	const pause = "action=pause-job&store=default&id=nightly"
	handler := routes(s, "secret")
	for _, step := range []struct {
		user, password     string
		method, path, body string
		status             int
		answers            string // is part of the answer
	}{
		{"", "", "GET", "/carillon/", "", 401, "sign in"},
		{"viewer", "guess", "GET", "/carillon/jobs.json", "", 401, "sign in"},
		{"viewer", "secret", "GET", "/carillon/", "", 200, "nightly"},
		{"viewer", "secret", "GET", "/carillon/jobs?state=parked", "", 200, "there is no executor &#34;gpu&#34;"},
		{"viewer", "secret", "GET", "/carillon/job.json?id=nightly", "", 200, `"next_run_time": "2025-05-02T02:30:00Z"`},
		{"viewer", "secret", "POST", "/carillon/do.json", pause, 403, "You may look, and change nothing."},
		{"admin", "guess", "POST", "/carillon/do.json", pause, 401, "sign in"},
		{"admin", "secret", "POST", "/carillon/do.json", pause, 200, `"done": "paused"`},
		{"viewer", "secret", "GET", "/carillon/job.json?id=nightly", "", 200, `"state": "paused"`},
	} {
		request := httptest.NewRequest(step.method, step.path, strings.NewReader(step.body))
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if step.user != "" {
			request.SetBasicAuth(step.user, step.password)
		}
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, request)
		if answer.Code != step.status || !strings.Contains(answer.Body.String(), step.answers) {
			t.Errorf("%s by %q: %d, want %d and %q\n%s", step.path, step.user, answer.Code, step.status, step.answers, answer.Body)
		}
	}
	if err := clocktest.Shutdown(t.Context(), s, clock); err != nil {
		t.Error(err)
	}
}

// TestRun asks the real server, on the machine's clock, and then ends it.
func TestRun(t *testing.T) {
	read, write := io.Pipe()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		err := run(ctx, write, "localhost:0", "secret")
		write.Close()
		done <- err
	}()
	buffer := make([]byte, 100)
	n, _ := read.Read(buffer)
	url, ok := strings.CutPrefix(strings.TrimSpace(string(buffer[:n])), "look at ")
	if !ok {
		t.Fatalf("it prints %q first", buffer[:n])
	}
	request, err := http.NewRequestWithContext(t.Context(), "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.SetBasicAuth("viewer", "secret")
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("it answers %d", answer.StatusCode)
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
