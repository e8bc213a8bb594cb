package dashboard

import (
	"slices"
	"strconv"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/job"
)

// historyPage lists what a store has recorded, the newest first.
type historyPage struct {
	frame
	Stores  []string `json:"stores"`
	Store   string   `json:"store"`
	Job     string   `json:"job,omitempty"`
	Outcome string   `json:"outcome,omitempty"` // of kinds; empty: everything
	Records []record `json:"records"`

	// Next is what "before" has to be for the next page. 0: this is the last.
	Next int64 `json:"next,omitempty"`

	Kinds   []string `json:"-"`
	First   bool     `json:"-"` // it is the first page
	Without string   `json:"-"` // why there is no history
}

// kinds are what records can be asked for.
var kinds = map[string][]carillon.Outcome{
	"":         nil,
	"trouble":  trouble,
	"executed": {carillon.Executed},
	"failed":   {carillon.Failed},
	"missed":   {carillon.Missed},
	"skipped":  {carillon.Skipped},
	"lost":     {carillon.Lost},
	"parked":   {job.Parked},
	"changes":  changes,
}

var kindsInOrder = []string{"", "trouble", "failed", "missed", "skipped", "lost", "executed", "parked", "changes"}

func (v *visit) history() any {
	stores := v.stores()
	p := historyPage{
		Stores:  stores,
		Store:   v.store(stores),
		Job:     v.query.Get("id"),
		Outcome: v.query.Get("outcome"),
		Kinds:   kindsInOrder,
	}
	if !slices.Contains(kindsInOrder, p.Outcome) {
		p.Outcome = ""
	}
	before, _ := strconv.ParseInt(v.query.Get("before"), 10, 64) // or else it is the first page
	p.First = before <= 0
	query := carillon.HistoryQuery{JobID: p.Job, Outcomes: kinds[p.Outcome], Before: max(0, before), Limit: pageSize + 1}
	p.Records, p.Without = v.records(p.Store, query)
	if len(p.Records) > pageSize {
		p.Records = p.Records[:pageSize]
		p.Next = p.Records[pageSize-1].Seq
	}
	p.frame = v.frame
	return p
}
