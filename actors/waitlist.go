package actors

import (
	"slices"
	"strings"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
)

// waitlist is the jobs that wait for the start, in the order in which they were
// added.
type waitlist struct {
	jobs []job.Job
	at   map[place]int // where each is in jobs; nil: not known
}

// place is where a job belongs.
type place struct{ store, id string }

func placeOf(j *job.Job) place { return place{storeOf(j), j.ID} }

// conflict returns the first of the jobs that is neither new nor to replace
// another one, or nil.
func (w *waitlist) conflict(jobs []job.Job) *job.Job {
	w.locate()
	own := make(map[place]bool, len(jobs))
	for i := range jobs {
		j := &jobs[i]
		if _, exists := w.at[placeOf(j)]; (exists || own[placeOf(j)]) && !j.Replace {
			return j
		}
		own[placeOf(j)] = true
	}
	return nil
}

// put adds a job, or replaces the one of its ID and store.
func (w *waitlist) put(j job.Job) {
	w.locate()
	if i, exists := w.at[placeOf(&j)]; exists {
		w.jobs[i] = j
		return
	}
	w.at[placeOf(&j)] = len(w.jobs)
	w.jobs = append(w.jobs, j)
}

func (w *waitlist) locate() {
	if w.at != nil {
		return
	}
	w.at = make(map[place]int)
	for i := range w.jobs {
		w.at[placeOf(&w.jobs[i])] = i
	}
}

// find returns where a job is in jobs: the one of the target's store or, if it
// names none, the first of its ID; -1 if there is none.
func (w *waitlist) find(target messages.Target) int {
	if target.Store == "" {
		return slices.IndexFunc(w.jobs, func(j job.Job) bool { return j.ID == target.ID })
	}
	w.locate()
	if i, exists := w.at[place{target.Store, target.ID}]; exists {
		return i
	}
	return -1
}

// list returns the jobs of a store, or ("") of all.
func (w *waitlist) list(store string) []job.Job {
	return slices.DeleteFunc(slices.Clone(w.jobs), func(j job.Job) bool { return !of(store, &j) })
}

// page returns the jobs of a store in order of ID.
func (w *waitlist) page(r *messages.PageJobs) []job.Job {
	jobs := slices.DeleteFunc(w.list(r.Store), func(j job.Job) bool { return j.ID <= r.After })
	slices.SortFunc(jobs, func(a, b job.Job) int { return strings.Compare(a.ID, b.ID) })
	return jobs[:min(len(jobs), r.Limit)]
}

// stores returns the aliases of the stores that jobs wait for.
func (w *waitlist) stores() []string {
	var aliases []string
	for i := range w.jobs {
		if alias := storeOf(&w.jobs[i]); !slices.Contains(aliases, alias) {
			aliases = append(aliases, alias)
		}
	}
	return aliases
}

func (w *waitlist) remove(i int) {
	w.jobs, w.at = slices.Delete(w.jobs, i, i+1), nil
}

// removeEach removes the jobs of these IDs, each from the given store or else
// from the first in the list, and returns where they were, by ID.
func (w *waitlist) removeEach(ids []string, store string) (stores map[string]string) {
	stores = make(map[string]string, len(ids))
	for _, id := range ids {
		stores[id] = ""
	}
	w.jobs = slices.DeleteFunc(w.jobs, func(j job.Job) bool {
		at, asked := stores[j.ID]
		if !asked || at != "" || !of(store, &j) {
			return false
		}
		stores[j.ID] = storeOf(&j)
		return true
	})
	w.at = nil
	return stores
}

// removeAll removes the jobs of a store, or ("") all.
func (w *waitlist) removeAll(store string) {
	w.jobs = slices.DeleteFunc(w.jobs, func(j job.Job) bool { return of(store, &j) })
	w.at = nil
}

// of reports whether a job belongs to the store of this alias, or ("") to any.
func of(store string, j *job.Job) bool { return store == "" || store == storeOf(j) }
