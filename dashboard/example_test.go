package dashboard_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
	"github.com/carillon-go/carillon/dashboard"
)

// A dashboard that shows everything to everybody who has come this far, and in
// which administrators may change something. A script asks it for a job.
func Example() {
	clock := clocktest.NewClock(time.Date(2025, 5, 1, 9, 0, 0, 0, time.UTC))
	s, err := carillon.New(carillon.Config{Clock: clock, Location: time.UTC})
	if err != nil {
		fmt.Println(err)
		return
	}
	report := func(context.Context) error { return nil }
	if _, err := s.Crontab("30 2 * * mon-fri", report, carillon.Job{ID: "reports/daily"}); err != nil {
		fmt.Println(err)
		return
	}
	if err := s.Start(context.Background()); err != nil {
		fmt.Println(err)
		return
	}
	defer s.Shutdown(context.Background())

	isAdmin := func(r *http.Request) bool { return r.Header.Get("X-Role") == "admin" } // set by a proxy, say
	mux := http.NewServeMux()
	mux.Handle("/carillon/", dashboard.New(s, dashboard.Config{MayChange: isAdmin}))

	answer := httptest.NewRecorder()
	mux.ServeHTTP(answer, httptest.NewRequest("GET", "/carillon/job.json?store=default&id=reports/daily", nil))
	var page struct {
		Job struct {
			State string    `json:"state"`
			Next  time.Time `json:"next_run_time"`
		} `json:"job"`
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &page); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(page.Job.State, page.Job.Next)
	// Output: scheduled 2025-05-02 02:30:00 +0000 UTC
}
