package main

import (
	"bytes"
	"context"
	"io"
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

func TestRoutes(t *testing.T) {
	var out bytes.Buffer
	clock := clocktest.NewClock(time.Date(2025, 5, 1, 9, 0, 0, 0, time.UTC))
	s, err := carillon.New(carillon.Config{Clock: clock, Location: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Every(time.Minute, cleanup(&out), carillon.Job{ID: "cleanup"}); err != nil {
		t.Fatal(err)
	}
	handler := routes(s, &out)
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}

	for _, step := range []struct {
		method, path string
		status       int
		answers      string // is part of the answer
		then         time.Duration
		prints       string
	}{
		{"GET", "/healthz", 200, "", 0, ""},
		{"GET", "/jobs", 200, `"next":"2025-05-01T09:01:00Z","paused":false`, time.Minute, "cleaned up\n"},
		{"POST", "/jobs/cleanup/pause", 200, `"paused":true`, 59*time.Minute + 30*time.Second, ""},
		{"POST", "/jobs/cleanup/resume", 200, `"next":"2025-05-01T10:01:00Z"`, 0, ""},
		{"POST", "/jobs/tidy/pause", 404, "no such job", 0, ""},
		{"GET", "/metrics", 200, `carillon_runs_total{outcome="executed",task="cleanup"} 1`, 0, ""},
		{"POST", "/reports/march", 202, `"id":`, time.Second, "report march is ready\n"},
	} {
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, httptest.NewRequest(step.method, step.path, nil))
		if answer.Code != step.status || !strings.Contains(answer.Body.String(), step.answers) {
			t.Errorf("%s %s: %d %s, want %d %s", step.method, step.path, answer.Code, answer.Body, step.status, step.answers)
		}
		if err := clocktest.Advance(t.Context(), s, clock, step.then); err != nil {
			t.Fatal(err)
		}
		if out.String() != step.prints {
			t.Errorf("%s %s: prints %q, want %q", step.method, step.path, &out, step.prints)
		}
		out.Reset()
	}

	if err := s.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, httptest.NewRequest("GET", "/healthz", nil))
	if answer.Code != http.StatusServiceUnavailable {
		t.Errorf("after the shutdown /healthz answers %d", answer.Code)
	}
}

// TestRun asks the real server, on the machine's clock, and then ends it.
func TestRun(t *testing.T) {
	read, write := io.Pipe()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		err := run(ctx, write, "localhost:0")
		write.Close()
		done <- err
	}()
	buffer := make([]byte, 100)
	n, _ := read.Read(buffer)
	url, ok := strings.CutPrefix(strings.TrimSpace(string(buffer[:n])), "listening on ")
	if !ok {
		t.Fatalf("it prints %q first", buffer[:n])
	}
	go io.Copy(io.Discard, read)

	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Get(url + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("/healthz answers %d", answer.StatusCode)
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
