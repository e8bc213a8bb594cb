package storetest

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// runOnce puts jobs of these IDs, which run for the seconds 1, 2 and so on, one
// claim each, and end.
func (s *session) runOnce(ids ...string) {
	for i, id := range ids {
		s.insert(due(id, float64(i+1)))
		s.finish(job.Executed, s.do(float64(i+1), once).Runs...)
	}
}

// asked returns what a query selects, as the IDs of jobs.
func (s *session) asked(q stores.HistoryQuery) string {
	var ids []string
	for _, r := range s.history(q) {
		ids = append(ids, r.JobID)
	}
	return strings.Join(ids, " ")
}

var historyQueryRules = []rule{
	{
		name:        "history/newest-first",
		needs:       recording,
		explanation: "Records come with the newest first, as many as Limit says, and their Seq grows with each operation.",
		check: func(e *env) error {
			s := e.owner("n")
			s.runOnce("c", "a", "d", "b")
			all := s.history(stores.HistoryQuery{})
			if err := want("history", "b d a c", s.asked(stores.HistoryQuery{})); err != nil {
				return err
			}
			return errors.Join(want("growing", "true", all[0].Seq > all[1].Seq && all[1].Seq > all[2].Seq && all[2].Seq > all[3].Seq && all[3].Seq > 0),
				want("Limit 1", "b", s.asked(stores.HistoryQuery{Limit: 1})),
				want("Limit 3", "b d a", s.asked(stores.HistoryQuery{Limit: 3})),
				want("Limit 4", "b d a c", s.asked(stores.HistoryQuery{Limit: 4})))
		},
	},
	{
		name:        "history/pages",
		needs:       recording,
		explanation: "Before begins a page behind the record with that Seq, whatever was recorded since.",
		check: func(e *env) error {
			s := e.owner("n")
			s.runOnce("a", "b", "c", "d", "e")
			page := s.history(stores.HistoryQuery{Limit: 2})
			s.runOnce("f")
			before := stores.HistoryQuery{Limit: 2, Before: page[1].Seq}
			second := s.asked(before)
			page = s.history(before)
			before.Before = page[len(page)-1].Seq
			third := s.asked(before)
			before.Before = s.history(before)[0].Seq
			return errors.Join(want("second page", "c b", second), want("third page", "a", third), want("last page", "", s.asked(before)),
				want("of one job", "", s.asked(stores.HistoryQuery{JobID: "e", Before: page[0].Seq})))
		},
	},
	{
		name:        "history/by-job",
		needs:       recording,
		explanation: "JobID selects the records of one job, all of them and of no other, whether it is there still or not.",
		check: func(e *env) error {
			s := e.owner("n")
			s.runOnce("a", "A", "ä", "ab", "a%", "_")
			s.insert(due("a", 50))
			s.delete("a")
			ask := func(id string) error {
				n := 1
				if id == "a" {
					n = 2
				}
				return want("of "+id, strings.Trim(strings.Repeat(" "+id, n), " "), s.asked(stores.HistoryQuery{JobID: id}))
			}
			return errors.Join(ask("a"), ask("A"), ask("ä"), ask("ab"), ask("a%"), ask("_"), want("of none", "", s.asked(stores.HistoryQuery{JobID: "b"})))
		},
	},
	{
		name:        "history/by-outcome",
		needs:       recording,
		explanation: "Outcomes selects records with one of these.",
		check: func(e *env) error {
			s := e.owner("n")
			for i, outcome := range []job.Outcome{job.Executed, job.Failed, job.Missed} {
				s.insert(due(outcome.String(), float64(i)))
				s.finish(outcome, s.do(float64(i), once).Runs...)
			}
			s.insert(due("skipped", 5))
			s.do(5, skip(50))
			s.replace(due("skipped", 50))
			ask := func(text string, outcomes ...job.Outcome) error {
				return want(fmt.Sprint(outcomes), text, s.asked(stores.HistoryQuery{Outcomes: outcomes}))
			}
			return errors.Join(ask("failed", job.Failed), ask("missed executed", job.Executed, job.Missed),
				ask("skipped", job.Skipped), ask("skipped", job.Modified), ask("", job.Lost, job.Parked, job.Removed),
				ask("skipped missed failed executed", job.Skipped, job.Executed, job.Missed, job.Failed))
		},
	},
	{
		name:        "history/by-time",
		needs:       recording,
		explanation: "From and To select the records that cover an instant in [From, To): a run with coalesced times covers all from First to Scheduled.",
		check: func(e *env) error {
			s := e.owner("n")
			s.runOnce("one", "two", "three")
			s.insert(due("long", 1))
			s.finish(job.Executed, s.do(9, func(_ *job.Job, _ int, step *stores.Step) {
				step.Runs, step.First, step.Ended = append(step.Runs, at(5)), at(1.5), true
			}).Runs...)
			ask := func(from, to float64, text string) error {
				var q stores.HistoryQuery
				if from >= 0 {
					q.From = at(from)
				}
				if to >= 0 {
					q.To = at(to).In(time.FixedZone("", 5400))
				}
				return want(fmt.Sprintf("[%v, %v)", from, to), text, s.asked(q))
			}
			return errors.Join(
				ask(0, 1, ""), ask(0, 1.000001, "one"), ask(1.000001, 1.5, ""), ask(1, 1.500001, "long one"),
				ask(2, 2.000001, "long two"), ask(2.5, 2.6, "long"), ask(2, 3, "long two"), ask(3, -1, "long three"),
				ask(5, -1, "long"), ask(5.000001, -1, ""), ask(-1, 2, "long one"), ask(-1, 1, ""), ask(-1, 50, "long three two one"))
		},
	},
	{
		name:        "history/by-time-of-change",
		needs:       recording,
		explanation: "What was done to a job covers the instant at which it was recorded.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			s.delete("a")
			at := s.history(stores.HistoryQuery{})[0].At
			later := at.Add(time.Microsecond)
			return errors.Join(
				want("[At, At+1us)", "a", s.asked(stores.HistoryQuery{From: at, To: later})),
				want("up to At", "", s.asked(stores.HistoryQuery{To: at})),
				want("from later", "", s.asked(stores.HistoryQuery{From: later})))
		},
	},
	{
		name:        "history/all-at-once",
		needs:       recording,
		explanation: "All parts of a query hold for the records that it selects, and Limit counts these only.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 1))
			for i := range 8 {
				runs := s.do(float64(i+1), then(float64(i+2))).Runs
				s.finish(job.Executed+job.Outcome(i%2), runs...)
			}
			third := s.history(stores.HistoryQuery{JobID: "a", Limit: 3})[2]
			got := s.history(stores.HistoryQuery{
				JobID: "a", From: at(2), To: at(6), Before: third.Seq, Outcomes: []job.Outcome{job.Failed}, Limit: 2,
			})
			var text []any
			for _, r := range got {
				text = append(text, r.JobID, second(r.Scheduled))
			}
			return want("records", "[a 4 a 2]", text)
		},
	},
	{
		name:        "history/age",
		needs:       recording | aging,
		explanation: "A record that is older than Retention.Age is told no more, whether it has been removed already or not, and whatever it is looked for by.",
		check: func(e *env) error {
			s := e.owner("n")
			ask := func(when, left string) error {
				ran := []job.Outcome{job.Executed}
				of := func(ids string, q stores.HistoryQuery) error {
					return want(fmt.Sprintf("%s, %+v", when, q), ids, s.asked(q))
				}
				only := ""
				if strings.Contains(left, "old") {
					only = "old"
				}
				return errors.Join(of(left, stores.HistoryQuery{}), of(left, stores.HistoryQuery{Outcomes: ran}),
					of(only, stores.HistoryQuery{JobID: "old"}), of(only, stores.HistoryQuery{JobID: "old", Outcomes: ran}),
					of(only, stores.HistoryQuery{JobID: "old", From: at(1), To: at(1.000001)}))
			}
			s.runOnce("old")
			e.clock.pass(e.HistoryAge - time.Minute)
			s.runOnce("new")
			first := ask("a minute before", "new old")
			e.clock.pass(2 * time.Minute)
			second := ask("a minute after", "new")
			e.clock.pass(e.HistoryAge)
			return errors.Join(first, second, ask("when all are", ""))
		},
	},
}
