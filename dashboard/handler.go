package dashboard

import (
	"cmp"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/carillon-go/carillon"
)

// Config is how a dashboard is set up. The zero value shows everything and
// changes nothing.
type Config struct {
	// Title heads every page, for those who have several dashboards open.
	// Empty: "Carillon".
	Title string

	// Location is the time zone in which times are shown, except for the run
	// times of a job, which are shown in the job's own. Nil: that of the times
	// that the scheduler's clock returns, for the machine's the local one.
	Location *time.Location

	// MayChange says whether whoever has sent a request may pause, resume, run
	// and remove jobs, and pause and resume the scheduler. It is asked for every
	// page, which shows the buttons only then, and again for every change. Nil:
	// nobody may.
	MayChange func(r *http.Request) bool

	// Timeout is how long a page waits for a store, by the machine's clock,
	// before it is shown without what the store has. 0 or less: 3 s.
	Timeout time.Duration
}

// New returns a handler that shows s. It is to be mounted at a path that ends
// with a slash, with or without [http.StripPrefix]:
//
//	mux.Handle("/carillon/", dashboard.New(s, dashboard.Config{}))
//
// Whoever can reach the handler sees everything that there is to see of s; the
// package documentation says how to bound that.
func New(s *carillon.Scheduler, config Config) http.Handler {
	config.Title = cmp.Or(config.Title, "Carillon")
	config.Timeout = cmp.Or(max(0, config.Timeout), 3*time.Second)
	return &handler{s: s, config: config, guard: http.NewCrossOriginProtection()}
}

type handler struct {
	s      *carillon.Scheduler
	config Config
	guard  *http.CrossOriginProtection
}

// pages are what there is to see, by the last element of the path. Each has a
// template of its name, and fills in what that shows.
var pages = map[string]func(*visit) any{
	"overview": (*visit).overview,
	"jobs":     (*visit).jobs,
	"job":      (*visit).job,
	"runs":     (*visit).runs,
	"history":  (*visit).history,
}

// ServeHTTP looks at the last element of the path only. So the links from page to
// page are right wherever the dashboard is mounted.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	secure(w.Header())
	_, last := path.Split(r.URL.Path)
	name, asJSON := strings.CutSuffix(cmp.Or(last, "overview"), ".json")
	if name == "do" {
		h.do(w, r, asJSON)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		h.refuse(w, r, asJSON, http.StatusMethodNotAllowed, "This can only be looked at, with GET.")
		return
	}
	if file, ok := files[last]; ok {
		file.serve(w, r)
		return
	}
	show, ok := pages[name]
	if !ok {
		h.refuse(w, r, asJSON, http.StatusNotFound, "There is no such page.")
		return
	}
	v := h.visit(r, name)
	v.answer(w, show(v), asJSON)
}

// secure sets what keeps a browser from running or loading anything that is not
// the dashboard's own, and from showing it inside of another page.
func secure(header http.Header) {
	header.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; "+
		"form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "same-origin")
	header.Set("Cache-Control", "no-store")
}
