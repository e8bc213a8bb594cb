package claim

import "github.com/carillon-go/carillon/stores/internal/rows"

// Missing are jobs whose settings have to be read.
type Missing []*Job

// Fill fills in the settings of jobs, as far as they are in the cache, and
// returns the others.
func Fill(cache *rows.Cache, lists ...[]Job) (missing Missing) {
	for _, jobs := range lists {
		for i := range jobs {
			j := &jobs[i]
			if j.Spec = cache.Find(j.ID, j.Put); j.Spec == nil {
				missing = append(missing, j)
			}
		}
	}
	return missing
}

// Settle fills in settings that were read, by the IDs of their jobs.
func (m Missing) Settle(cache *rows.Cache, read map[string]*rows.Settings) {
	for _, j := range m {
		if s := read[j.ID]; s != nil {
			j.Spec = cache.Add(j.ID, j.Put, s)
		} else { // somebody has deleted them by hand
			j.Spec = cache.Decode(j.ID, &rows.Settings{})
		}
	}
}
