package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/carillon-go/carillon/job"
)

var listRules = []rule{
	{
		name:        "list/order",
		explanation: "List returns jobs in order of ID, byte by byte, whatever their run times are: paused, waiting and parked ones too.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("b", 1), due("a", 3), due("B", 2), idle("ab"), due("ä", 4), due("a-", 0), due("z", 5))
			s.do(0, wait(once))
			s.do(1, park("no"))
			return want("List", "B a a- ab b z ä", s.list("", 10))
		},
	},
	{
		name:        "list/empty",
		explanation: "List of an empty store returns nothing.",
		check:       func(e *env) error { return want("List", "", e.owner("n").list("", 10)) },
	},
	{
		name:        "list/pages",
		explanation: "A page begins behind the given ID, whether or not there is such a job, and has the given length; fewer jobs mean that there are no more.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("c", 1), due("a", 1), due("e", 1), due("b", 1), due("d", 1))
			return errors.Join(
				want("first page", "a b", s.list("", 2)),
				want("second page", "c d", s.list("b", 2)),
				want("third page", "e", s.list("d", 2)),
				want("behind the last", "", s.list("e", 2)),
				want("behind no job", "c d", s.list("bb", 2)))
		},
	},
	{
		name:        "list/pages-while-jobs-change",
		explanation: "A job that exists from the first to the last page is listed exactly once, whatever is added and deleted in between.",
		check: func(e *env) error {
			s := e.owner("n")
			steady := func(i int) job.Job { return due(fmt.Sprintf("%03d steady", i), 1) }
			fickle := func(i int) job.Job { return due(fmt.Sprintf("%03d fickle", i), 1) }
			for i := range 100 {
				s.insert(steady(i))
			}
			var listed []string
			for page, after := 0, ""; page < 100; page++ {
				jobs := s.list(after, 7)
				for _, j := range jobs {
					if strings.HasSuffix(j.ID, "steady") {
						listed = append(listed, j.ID)
					}
				}
				if len(jobs) < 7 {
					break
				}
				after = jobs[len(jobs)-1].ID
				s.delete(fickle(3*page - 5).ID)
				s.replace(fickle(3*page), fickle(6*page), fickle(99-page))
			}
			if !slices.IsSorted(listed) || len(listed) != 100 {
				return fmt.Errorf("listed %d of 100 steady jobs: %v", len(listed), listed)
			}
			return nil
		},
	},
	{
		name:        "list/after-changes",
		explanation: "List shows what has been put, deleted and claimed until now; a release brings no job back.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("b", 1), due("d", 9))
			first := want("List", "b d", s.list("", 10))
			c := s.do(1, once)
			s.insert(due("a", 2), due("c", 2))
			s.delete("d")
			second := want("List after changes", "a c", s.list("", 10))
			s.release(c.Runs...)
			return errors.Join(first, second, want("List after a release", "a c", s.list("", 10)))
		},
	},
}
