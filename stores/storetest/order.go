package storetest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/carillon-go/carillon/job"
)

var orderRules = []rule{
	{
		name:        "order/by-time",
		explanation: "Runs come in order of the next run times of their jobs.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 3), due("b", 1), due("c", 2))
			return want("claim", "runs b@1 c@2 a@3; ended b c a; next never", s.do(9, once))
		},
	},
	{
		name:        "order/by-id",
		explanation: "Runs of jobs with the same next run time come in order of the IDs, byte by byte.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("b", 1), due("aa", 1), due("B", 1), due("a", 1), due("a\x00", 1), due("ä", 1), due("common-prefix-2", 1), due("common-prefix-10", 1))
			return want("claim", "runs B@1 a@1 a\x00@1 aa@1 b@1 common-prefix-10@1 common-prefix-2@1 ä@1;"+
				" ended B a a\x00 aa b common-prefix-10 common-prefix-2 ä; next never", s.do(1, once))
		},
	},
	{
		name:        "order/many",
		explanation: "The order holds for many jobs, and through changes of their run times.",
		check: func(e *env) error {
			s := e.owner("n")
			random := rand.New(rand.NewPCG(1, 2))
			var jobs []job.Job
			for i := range 700 {
				jobs = append(jobs, due(fmt.Sprintf("job-%d", i), float64(random.IntN(30))))
			}
			s.insert(jobs...)
			for i := range jobs {
				switch random.IntN(3) {
				case 0:
					jobs[i].NextRunTime = at(float64(random.IntN(30)))
				case 1:
					s.delete(jobs[i].ID)
					jobs[i].ID = ""
				}
			}
			jobs = slices.DeleteFunc(jobs, func(j job.Job) bool { return j.ID == "" })
			s.replace(jobs...)
			slices.SortFunc(jobs, func(a, b job.Job) int {
				if c := a.NextRunTime.Compare(b.NextRunTime); c != 0 {
					return c
				}
				return strings.Compare(a.ID, b.ID)
			})
			var got []string
			for len(got) < len(jobs) {
				c := s.do(30, once)
				if len(c.Runs) == 0 {
					break
				}
				got = append(got, c.Ended...)
			}
			return want("order", strings.Join(ids(jobs), " "), strings.Join(got, " "))
		},
	},
	{
		name:        "order/report",
		explanation: "Skipped times, ended and parked jobs come in the same order as the runs.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("b", 1), due("c", 0), due("a", 1))
			return errors.Join(
				want("skipped", "skipped c@0 a@1 b@1; next 3", s.do(1, skip(3))),
				want("parked", "parked a b c; next never", s.do(3, park("no"))))
		},
	},
}

func ids(jobs []job.Job) (ids []string) {
	for _, j := range jobs {
		ids = append(ids, j.ID)
	}
	return ids
}
