package claim

import "time"

// Server is a database that several processes share, in the transaction of one
// claim: [Memory.CarryOut] asks it. What it reads goes into the Entry and the
// Page of the Decision, and what it is to write it finds in the Decision.
//
// After an error the transaction is to be without effect, unless it was the
// commit that has failed.
type Server interface {
	// Look reads the jobs of the Page, and locks them. The first time it reads the
	// Entry before that, and has the node's claims, and who would bury it, wait
	// for each other. A schema that is too new is an error.
	Look(first bool) error

	// Load fills in what Look has left out of the Page: the settings of its jobs,
	// their live instances, strangers.
	Load() error

	// Relieve deals with the runs of nodes that have died, by Bury, and with
	// those that nobody holds, by HandOut. What Bury decides it writes at once.
	Relieve() error

	// Held returns those of the runs that the claim has handed out which are
	// unfinished, in order of ID, when it was carried out before. Nothing else
	// follows: if Look has written something, it commits that.
	Held() ([]Run, error)

	// Block returns a number that is greater than all that it has returned to
	// anybody.
	Block() (int64, error)

	// Write writes what was decided, and commits. If there is room for more it
	// reports whether more than StillDue jobs are due that this process knows.
	Write() (missed bool, err error)
}

// Entry is what a claim has to know of the node that makes it, and of the others.
type Entry struct {
	Alive    bool
	Answered uint64 // the Seq of the last claim that was carried out
	Dead     bool   // there are nodes that have died
	Free     bool   // there are runs that nobody holds
}

// Page are due jobs that are read at once.
type Page struct {
	Behind    Job       // they come behind this one, by next run time and ID; or are the first
	Size      int       // so many are read
	Jobs      []Job     // that this process knows, in order
	Strangers []Job     // that it does not know; only if the Page is not full
	Ahead     time.Time // when the first of those it knows is due that is not due yet
}

// Full reports whether there may be more due jobs.
func (p *Page) Full() bool { return len(p.Jobs) >= p.Size }
