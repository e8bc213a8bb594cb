package dashboard

import (
	"context"
	"errors"
	"net/http"

	"github.com/carillon-go/carillon"
)

// action is something that the dashboard does, for those who may. done says what
// has been done, and id of which job, if it is another one now; "" of none.
type action func(ctx context.Context, s *carillon.Scheduler, id, store string) (done, of string, err error)

var actions = map[string]action{
	"pause": func(ctx context.Context, s *carillon.Scheduler, _, _ string) (string, string, error) {
		return "scheduler-paused", "", s.Pause(ctx)
	},
	"resume": func(ctx context.Context, s *carillon.Scheduler, _, _ string) (string, string, error) {
		return "scheduler-resumed", "", s.Resume(ctx)
	},
	"pause-job": func(ctx context.Context, s *carillon.Scheduler, id, store string) (string, string, error) {
		_, err := s.PauseJob(ctx, id, store)
		return "paused", id, err
	},
	"resume-job": func(ctx context.Context, s *carillon.Scheduler, id, store string) (string, string, error) {
		_, err := s.ResumeJob(ctx, id, store)
		return "resumed", id, err
	},
	"run-job": runNow,
	"remove-job": func(ctx context.Context, s *carillon.Scheduler, id, store string) (string, string, error) {
		return "removed", id, s.RemoveJob(ctx, id, store)
	},
}

// notices are what a page says when something has been done.
var notices = map[string]string{
	"scheduler-paused":  "The scheduler was paused: runs that are under way go on, and jobs that come due wait.",
	"scheduler-resumed": "The scheduler was resumed.",
	"paused":            "The job was paused.",
	"resumed":           "The job was resumed.",
	"run":               "The job was told to run now.",
	"copied":            "This job runs once, now, in place of the one that is paused, which stays so.",
	"removed":           "The job was removed. A run that is under way goes on.",
}

// runNow has a job run at once, besides its schedule. That would end the pause of a
// job that is paused, of which a copy is run instead.
func runNow(ctx context.Context, s *carillon.Scheduler, id, store string) (done, of string, err error) {
	j, err := s.Job(ctx, id, store)
	if err != nil {
		return "", "", err
	}
	if !j.Paused {
		_, err = s.ModifyJob(ctx, id, carillon.Changes{NextRunTime: new(s.Now())}, store)
		return "run", id, err
	}
	once, err := s.AddJob(ctx, j.Call, nil, carillon.Job{
		Name: j.Name, Store: j.Store, Executor: j.Executor,
		MisfireGrace: j.MisfireGrace, MaxInstances: j.MaxInstances, Delivery: j.Delivery,
	})
	return "copied", once.ID, err
}

// maxForm bounds what is read of a request, in bytes.
const maxForm = 64 << 10

// do carries an action out, if it is allowed, and then leads back to the page.
func (h *handler) do(w http.ResponseWriter, r *http.Request, asJSON bool) {
	refuse := func(status int, text string) { h.refuse(w, r, asJSON, status, text) }
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", "POST")
		refuse(http.StatusMethodNotAllowed, "What is done here changes something, and takes POST.")
		return
	}
	if err := h.guard.Check(r); err != nil {
		refuse(http.StatusForbidden, "This came from another site: "+err.Error()+".")
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm) // MayChange may read the form, too
	if !h.mayChange(r) {
		refuse(http.StatusForbidden, "You may look, and change nothing.")
		return
	}
	if err := r.ParseForm(); err != nil {
		refuse(http.StatusBadRequest, "The form cannot be read: "+err.Error()+".")
		return
	}
	act, ok := actions[r.PostForm.Get("action")]
	if !ok {
		refuse(http.StatusBadRequest, "There is no such action.")
		return
	}
	v, store := h.visit(r, "do"), r.PostForm.Get("store")
	var done, of string
	err := v.read(store, func(ctx context.Context) (err error) {
		done, of, err = act(ctx, h.s, r.PostForm.Get("id"), store)
		return err
	})
	if err != nil {
		refuse(statusOf(err), failed(err))
		return
	}
	if asJSON {
		writeJSON(w, http.StatusOK, map[string]string{"done": done, "store": store, "id": of})
		return
	}
	to := link("./", "done", done)
	if of != "" {
		to = link("job", "store", store, "id", of, "done", done)
	}
	w.Header().Set("Location", to) // http.Redirect would make it absolute, without the prefix
	w.WriteHeader(http.StatusSeeOther)
}

func statusOf(err error) int {
	switch {
	case errors.Is(err, carillon.ErrJobNotFound), errors.Is(err, carillon.ErrUnknownStore):
		return http.StatusNotFound
	case errors.Is(err, carillon.ErrNotRunning), errors.Is(err, carillon.ErrConflict):
		return http.StatusConflict
	case errors.Is(err, context.DeadlineExceeded):
		return http.StatusGatewayTimeout
	}
	return http.StatusInternalServerError
}

// failed says what has become of an action that has failed.
func failed(err error) string {
	if errors.Is(err, context.DeadlineExceeded) {
		return "It is not known whether this was done: there was no answer in time (" + err.Error() + ")."
	}
	return "This was not done: " + err.Error() + "."
}
