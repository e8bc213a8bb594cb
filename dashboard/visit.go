package dashboard

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clock"
)

// visit is one request for a page: what is asked, and what is read for it.
type visit struct {
	*handler
	r      *http.Request
	query  url.Values
	now    time.Time
	frame  frame
	status int
	silent map[string]bool // the stores that did not answer in time
}

// frame is what all pages have.
type frame struct {
	Now   moment `json:"now"`
	State string `json:"state"`

	// Faults say what is missing on the page, because it could not be read.
	Faults []fault `json:"faults,omitempty"`

	Title     string     `json:"-"` // of the dashboard
	Page      string     `json:"-"` // the name of the page
	Query     url.Values `json:"-"`
	MayChange bool       `json:"-"`
}

// fault is something that could not be read.
type fault struct {
	Store string `json:"store,omitempty"` // empty: it is the scheduler itself
	What  string `json:"what"`
	Error string `json:"error"`
}

func (h *handler) visit(r *http.Request, page string) *visit {
	v := &visit{handler: h, r: r, query: r.URL.Query(), now: h.s.Now(), status: http.StatusOK, silent: make(map[string]bool)}
	v.frame = frame{
		Now:       v.moment(v.now),
		State:     h.s.State().String(),
		Title:     h.config.Title,
		Page:      page,
		Query:     v.query,
		MayChange: h.mayChange(r),
	}
	return v
}

func (h *handler) mayChange(r *http.Request) bool {
	return h.config.MayChange != nil && h.config.MayChange(r)
}

// errSilent is why a store is not asked.
var errSilent = errors.New("the store has not answered before")

// read calls f with a context that ends with the request, or when it has taken
// too long. A store that did not answer once is not asked again: the page would
// take as long as it has parts.
func (v *visit) read(store string, f func(ctx context.Context) error) error {
	if v.silent[store] {
		return errSilent
	}
	ctx, cancel := clock.WithTimeout(v.r.Context(), clock.Real(), v.config.Timeout)
	defer cancel()
	err := f(ctx)
	if err != nil && ctx.Err() != nil {
		v.silent[store] = true
	}
	return err
}

// note has the page say what could not be read; that the page is not there, if it
// is about a store that is not.
func (v *visit) note(store, what string, err error) {
	if err == nil || err == errSilent {
		return
	}
	if errors.Is(err, carillon.ErrUnknownStore) && store == v.query.Get("store") {
		v.status = http.StatusNotFound
	}
	text := err.Error()
	if v.silent[store] {
		text = "no answer within " + words(v.config.Timeout) + " (" + text + ")"
	}
	v.frame.Faults = append(v.frame.Faults, fault{store, what, text})
}

// stores returns the stores' aliases. Before a scheduler is started for the first
// time jobs may wait for one that is not there yet.
func (v *visit) stores() []string { return v.members("stores", v.s.Stores) }

func (v *visit) executors() []string { return v.members("executors", v.s.Executors) }

func (v *visit) members(what string, ask func(context.Context) ([]string, error)) (aliases []string) {
	err := v.read("", func(ctx context.Context) (err error) {
		aliases, err = ask(ctx)
		return err
	})
	v.note("", what, err)
	if v.frame.State == carillon.Stopped.String() && !slices.Contains(aliases, "default") {
		aliases = append(aliases, "default")
	}
	slices.Sort(aliases)
	return aliases
}

// store returns which of the stores the page is about: the one that is asked for,
// or "default", or the first.
func (v *visit) store(stores []string) string {
	asked := v.query.Get("store")
	switch {
	case asked != "":
		return asked
	case slices.Contains(stores, "default") || len(stores) == 0:
		return "default"
	}
	return stores[0]
}
