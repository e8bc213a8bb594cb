package redis

import (
	"strconv"

	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/internal/claim"
)

// notebook is what an opening of the store remembers of its claims: which jobs
// it has parked. Others do not know of it.
type notebook struct {
	known  *stores.Known // of the last claim
	opened bool          // there has been one

	mark    string // of the classes that there are
	classes []string
	fit     []string
	strange []*stranger

	shelf map[string]string // jobs of fit classes that cannot be planned, and in which version
	told  claim.Told        // of those
}

// stranger is a class of jobs that this process cannot run. Its due jobs are
// looked through page by page, again and again, for those to be told of.
type stranger struct {
	class  string
	reason string
	after  string // the last one that was looked at; "" to begin anew
	told   claim.Told
}

// open prepares for a claim by a process that knows these names. If they are
// others than before, everything is looked at again.
func (n *notebook) open(known *stores.Known) {
	n.told.Passed()
	if n.opened && n.known == known {
		return
	}
	n.known, n.opened = known, true
	n.shelf, n.told = map[string]string{}, claim.Told{}
	n.strange = nil
	n.sort()
}

// learn takes note of the classes that there are.
func (n *notebook) learn(mark string, classes []string) {
	n.mark, n.classes = mark, classes
	n.sort()
}

// sort tells the classes apart. What is known of strange ones is kept.
func (n *notebook) sort() {
	old := map[string]*stranger{}
	for _, s := range n.strange {
		old[s.class] = s
	}
	n.fit, n.strange = nil, nil
	for _, c := range n.classes {
		reason := classFrom(c).unfit(n.known)
		switch {
		case reason == "":
			n.fit = append(n.fit, c)
		case old[c] != nil:
			n.strange = append(n.strange, old[c])
		default:
			n.strange = append(n.strange, &stranger{class: c, reason: reason})
		}
	}
}

// strangers is how many due jobs of a strange class are looked at in one claim.
const strangers = 100

// meet looks at a page of due jobs, "time id" and the number of their Put by
// turns, and calls tell for those that have not been told of.
func (s *stranger) meet(page reply, tell func(id, next string)) {
	for i := 0; i+1 < len(page); i += 2 {
		member := page.text(i)
		s.after = member
		if len(member) <= len(stampLayout) {
			continue // not ours
		}
		next, id := member[:len(stampLayout)], member[len(stampLayout)+1:]
		put, _ := strconv.ParseInt(page.text(i+1), 10, 64)
		if s.told.Meet(id, claim.Verdict{Put: put, Reason: s.reason}) {
			tell(id, next)
		}
	}
	if len(page) < 2*strangers { // that was the last page
		s.after = ""
		s.told.Passed()
	}
}

// untell has jobs told of again, since their claim has failed.
func (n *notebook) untell(jobs []parked) {
	for _, p := range jobs {
		n.told.Forget(p.id)
		for _, s := range n.strange {
			s.told.Forget(p.id)
		}
	}
}
