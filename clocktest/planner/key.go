package planner

import "github.com/carillon-go/carillon/job"

const defaultAlias = job.DefaultAlias

// key identifies a job: its ID is its own only within its store.
type key struct{ store, id string }

func keyOf(j *job.Job) key { return key{aliasOr(j.Store), j.ID} }

func aliasOr(alias string) string {
	if alias == "" {
		return defaultAlias
	}
	return alias
}
