package dashboard

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
)

// rig is a scheduler on a fake clock, with a dashboard.
type rig struct {
	*carillon.Scheduler
	t     *testing.T
	clock *clocktest.Clock
	http.Handler
}

// newRig returns a rig that is not started, at noon in Berlin, half a day before
// the clocks are put back; or on the clock of the config, if it has one.
func newRig(t *testing.T, config carillon.Config, dashboard Config) *rig {
	t.Helper()
	r := &rig{t: t, clock: clocktest.NewClock(time.Date(2026, 10, 24, 12, 0, 0, 0, berlin(t)))}
	if config.Clock == nil {
		config.Clock = r.clock
	}
	config.Location, config.Logger = berlin(t), slog.New(slog.DiscardHandler)
	s, err := carillon.New(config)
	r.must(err)
	r.Scheduler = s
	mux := http.NewServeMux()
	mux.Handle("/carillon/", New(s, dashboard))
	r.Handler = mux
	return r
}

func (r *rig) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) start() {
	r.t.Helper()
	r.must(r.Start(r.t.Context()))
	r.t.Cleanup(r.stop)
}

func (r *rig) stop() {
	if err := clocktest.Shutdown(context.Background(), r.Scheduler, r.clock); err != nil && !errors.Is(err, carillon.ErrNotRunning) {
		r.t.Error(err)
	}
}

func (r *rig) pass(d time.Duration) {
	r.t.Helper()
	r.must(clocktest.Advance(r.t.Context(), r.Scheduler, r.clock, d))
}

func (r *rig) add(job carillon.Job, err error) carillon.Job {
	r.t.Helper()
	r.must(err)
	return job
}

// get returns what is at a link of the dashboard.
func (r *rig) get(link string) *httptest.ResponseRecorder {
	r.t.Helper()
	return r.send(httptest.NewRequest("GET", "/carillon/"+link, nil))
}

func (r *rig) send(request *http.Request) *httptest.ResponseRecorder {
	r.t.Helper()
	answer := httptest.NewRecorder()
	r.ServeHTTP(answer, request)
	return answer
}

// shows checks that a page has these texts, each behind the one before.
func (r *rig) shows(link string, texts ...string) {
	r.t.Helper()
	answer := r.get(link)
	text := visible(r.t, answer.Body.String())
	rest := text
	for _, want := range texts {
		i := strings.Index(rest, want)
		if i < 0 {
			r.t.Errorf("%s (%d) does not show %q, or not there:\n%s", link, answer.Code, want, text)
			return
		}
		rest = rest[i+len(want):]
	}
}

// read reads a page as JSON.
func read[P any](r *rig, link string) (page P) {
	r.t.Helper()
	answer := r.get(link)
	if got := answer.Header().Get("Content-Type"); got != "application/json" {
		r.t.Fatalf("%s is %s:\n%s", link, got, answer.Body)
	}
	r.must(json.Unmarshal(answer.Body.Bytes(), &page))
	return page
}

// element is one of a page, with its attributes.
type element struct {
	name       string
	attributes map[string]string
}

// elements reads a page as strictly as a browser does not.
func elements(t *testing.T, page string) (list []element) {
	t.Helper()
	walk(t, page, func(token xml.Token) {
		if start, ok := token.(xml.StartElement); ok {
			e := element{start.Name.Local, make(map[string]string)}
			for _, a := range start.Attr {
				e.attributes[a.Name.Local] = a.Value
			}
			list = append(list, e)
		}
	})
	return list
}

// visible returns the text of a page, with single spaces.
func visible(t *testing.T, page string) string {
	t.Helper()
	var text strings.Builder
	walk(t, page, func(token xml.Token) {
		if data, ok := token.(xml.CharData); ok {
			text.Write(data)
			text.WriteByte(' ')
		}
	})
	return strings.Join(strings.Fields(text.String()), " ")
}

func walk(t *testing.T, page string, visit func(xml.Token)) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(page))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("%v in\n%s", err, page)
		}
		visit(token)
	}
}

// links returns the links of a page that lead to a page of this name.
func links(t *testing.T, page, name string) (list []string) {
	for _, e := range elements(t, page) {
		if u, err := url.Parse(e.attributes["href"]); e.name == "a" && err == nil && u.Path == name {
			list = append(list, e.attributes["href"])
		}
	}
	return list
}

func berlin(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func nothing(context.Context) error { return nil }
